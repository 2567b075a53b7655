import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { marker, type Marker } from '../../lab/claude/marker.ts';
import { startEditor, type Editor, type EditorOptions } from '../../lab/editor/editor.ts';
import { until } from '../../lab/editor/until.ts';
import type { EditorWindow } from '../../lab/editor/window.ts';
import { endProcessesOf } from '../claude/processes.ts';
import { Agent } from './agent.ts';
import { output } from './evidence.ts';
import { packagedVsix } from '../../lab/editor/vsix.ts';

/** Tells the calls of a test apart by the first word that they echo. */
export const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  rules:
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: asked, commands: ["echo asked*"], action: require_approval, message: A person of the lab decides., approval: {timeout: 10m}}
    - {name: changes, tools: [edit, write], action: require_approval}
`;

const discoverySchema = z.object({ pid: z.number() });

export interface WorkplaceOptions extends Pick<EditorOptions, 'trust' | 'theme' | 'settings'> {
  /** The person's own policy. */
  readonly policy?: string;
  /** Called with the folder before the editor opens it. */
  readonly furnish?: (folder: string) => void;
  /** Called with the folder of our own state before the editor starts. */
  readonly prepare?: (state: string) => Promise<void>;
}

/** A person's machine: their policy, a folder, an editor with the packaged extension, and the governor that it starts. */
export class Workplace implements AsyncDisposable {
  readonly home: string;
  readonly folder: string;
  readonly state: string;
  readonly editor: Editor;

  constructor(home: string, editor: Editor) {
    this.home = home;
    this.folder = join(home, 'project');
    this.state = join(home, '.countersign');
    this.editor = editor;
  }

  /** An agent with a session of its own, at work in the folder or below another one. */
  agent(cwd: string = this.folder): Agent {
    return new Agent(this.state, cwd);
  }

  mark(name: string): Marker {
    return marker(this.home, name);
  }

  governorPid(): number {
    return z.parse(discoverySchema, JSON.parse(readFileSync(join(this.state, 'governor.json'), 'utf8'))).pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.editor.stop();
    // The governor waits for nobody when its editor goes.
    await endProcessesOf(this.home);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Resolves when the window is connected to the governor. */
export async function openWorkplace(options: WorkplaceOptions = {}): Promise<Workplace> {
  const home = mkdtempSync('/tmp/cse-');
  const folder = join(home, 'project');
  mkdirSync(folder);
  mkdirSync(join(home, '.countersign', 'policies'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, '.countersign', 'policies', 'lab.yaml'), options.policy ?? policy);
  options.furnish?.(folder);
  await options.prepare?.(join(home, '.countersign'));
  const { policy: _policy, furnish: _furnish, prepare: _prepare, ...rest } = options;
  const editor = await startEditor({ ...rest, home, screenshots: join(output, 'screenshots'), vsix: packagedVsix(), folders: [folder] });
  const workplace = new Workplace(home, editor);
  try {
    if (options.trust === false) await editor.answerTrust('restrict');
    await isGoverned(editor);
    return workplace;
  } catch (error) {
    await workplace[Symbol.asyncDispose]();
    throw error;
  }
}

const statusItem = 'countersign.countersign.countersign.status';

/** What the status bar says of us to a screen reader; empty while we are not there. */
export async function statusLabel(window: EditorWindow): Promise<string> {
  return (await window.statusItems()).find(({ id }) => id === statusItem)?.label ?? '';
}

/** Resolves when the status bar says something like this. */
export async function statusSays(window: EditorWindow, text: RegExp): Promise<void> {
  let last = '';
  await until(
    `the status bar to say ${String(text)}`,
    async () => {
      last = await statusLabel(window);
      return text.test(last);
    },
    40_000,
  ).catch((cause: unknown) => {
    throw new Error(`The status bar never said ${String(text)}, but "${last}".`, { cause });
  });
}

/** A window that has reached the governor says what waits, or that hooks are missing. */
export async function isGoverned(window: EditorWindow): Promise<void> {
  await statusSays(window, /waits? for your decision|no approvals waiting|no agent has its hooks/);
}
