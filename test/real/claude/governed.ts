import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { makeScratch, startPrint, type PermissionMode, type PrintRun, type Scratch } from '../../lab/claude/client.ts';
import { marker, type Marker } from '../../lab/claude/marker.ts';
import { startModel, type Model, type ModelOptions, type Script } from '../../lab/claude/model.ts';
import { openTerminal, type Terminal } from '../../lab/claude/terminal.ts';
import { until } from '../../lab/editor/until.ts';
import type { ApprovalView, Method, Methods } from '../../../src/channel/messages.ts';
import { endProcessesOf } from './processes.ts';
import { callGovernor } from '../../lab/governor-call.ts';

/** What people get: `npm run build` makes it. */
const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.mjs');

/** Tells the calls of a test apart by the first word that they echo. */
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  defaultAction: allow
  rules:
    - {name: automatic, tools: [shell], conditions: [{cel: 'request.arguments.command.startsWith("echo automatic")'}], action: allow, autoApprove: true}
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: asked, commands: ["echo asked*"], action: require_approval, approval: {timeout: 10m}}
`;

const discoverySchema = z.object({ pid: z.number(), port: z.number() });

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home in which Countersign governs the real client: installed by our installer, with a governor of its own. */
export class Governed {
  readonly model: Model;
  readonly scratch: Scratch;
  /** All that Countersign keeps. */
  readonly state: string;
  /** What a person's shell would have; the client itself is never told where our state is. */
  readonly #env: NodeJS.ProcessEnv;

  constructor(model: Model, scratch: Scratch, state?: string) {
    this.model = model;
    this.scratch = scratch;
    this.state = state ?? join(scratch.home, '.countersign');
    this.#env = state === undefined ? scratch.env : { ...scratch.env, COUNTERSIGN_HOME: state };
  }

  mark(name: string): Marker {
    return marker(this.scratch.project, name);
  }

  writePolicy(text: string, name = 'lab.yaml'): void {
    mkdirSync(join(this.state, 'policies'), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.state, 'policies', name), text);
  }

  /** The command line as a person would use it, whatever it exits with. */
  countersign(...args: string[]): Promise<Said> {
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, ...args], { env: this.#env, cwd: this.scratch.project }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, stdout, stderr });
      });
    });
  }

  /** The same, where anything but success ends the test. */
  async succeeds(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.countersign(...args);
    if (exitCode !== 0) throw new Error(`countersign ${args.join(' ')} exited with ${exitCode}: ${stdout}${stderr}`);
    return stdout;
  }

  /** One call over the socket, to the governor that runs. */
  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    return callGovernor(this.state, method, params);
  }

  /** The open question about a call of this mark, once there is one. */
  question(mark: Marker): Promise<ApprovalView> {
    return until(`a question about ${mark.command}`, async () =>
      (await this.call('approvals', {})).find((approval) => approval.arguments['command'] === mark.command),
    );
  }

  answer(id: string, outcome: 'approved' | 'denied', reason = ''): Promise<ApprovalView> {
    return this.call('answer', { id, outcome, scope: 'once', reason, surface: 'terminal' });
  }

  /** An approval that was open, once it no longer is. */
  closed(id: string): Promise<ApprovalView> {
    return until(`approval ${id} to be over`, async () =>
      (await this.call('approvals', { all: true })).find((approval) => approval.id === id && approval.answer !== undefined),
    );
  }

  /** What the governor says about itself on disk. */
  governor() {
    return z.parse(discoverySchema, JSON.parse(readFileSync(join(this.state, 'governor.json'), 'utf8')));
  }

  /** Resolves once the signal has done its work. */
  async signalGovernor(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const { pid } = this.governor();
    process.kill(pid, signal);
    if (signal !== 'SIGCONT')
      await until(`${signal} to reach the governor`, async () => (signal === 'SIGSTOP' ? 'T' : 'gone') === stateOf(pid));
  }

  /** The result that the model got for the call of this mark; it must have got one. */
  heard(mark: Marker): { readonly isError: boolean; readonly text: string } {
    const call = this.model.calls().findLast(({ input }) => input['command'] === mark.command);
    if (call?.isError === undefined) throw new Error(`The model never heard of ${mark.command}.`);
    return { isError: call.isError, text: call.text ?? '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesOf(this.scratch.home);
    await this.model.close();
    this.scratch[Symbol.dispose]();
  }
}

export interface GovernOptions {
  /** A second policy file, there before the governor is. */
  readonly secondPolicy?: { readonly name: string; readonly text: string };
  /** COUNTERSIGN_HOME, where it is not to be the default. */
  readonly state?: string;
  readonly aside?: ModelOptions['aside'] | undefined;
}

/** Installs our hooks for the client of a new scratch home. */
export async function govern(script: (lab: Governed) => Script, options: GovernOptions = {}): Promise<Governed> {
  let lab: Governed | undefined;
  // The script needs the scratch project for its marks, and the scratch home needs the model's address.
  const model = await startModel((ask) => {
    if (lab === undefined) return {};
    const turns = script(lab);
    return typeof turns === 'function' ? turns(ask) : (turns[ask.step] ?? {});
  }, options);
  lab = new Governed(model, makeScratch(model.url), options.state);
  lab.writePolicy(policy);
  if (options.secondPolicy) lab.writePolicy(options.secondPolicy.text, options.secondPolicy.name);
  await lab.succeeds('install', 'claude-code', '--yes');
  return lab;
}

export type Surface = '-p' | 'terminal';

/** What the model says when it is done. A script must end with it. */
export const lastWord = 'That was it.';

/** A session of the real client that was told to go. */
export interface Running extends AsyncDisposable {
  readonly terminal?: Terminal;
  /** Resolves when the model has had its last word. */
  readonly finished: () => Promise<void>;
  /** As a person does it: Escape in a terminal, Ctrl-C to `-p`. Resolves when the client has let go. */
  readonly interrupt: () => Promise<void>;
}

export async function go(lab: Governed, surface: Surface, mode: PermissionMode, ...args: string[]): Promise<Running> {
  return surface === '-p' ? goInPrint(lab, mode, args) : goInTerminal(lab, mode, args);
}

function goInPrint(lab: Governed, mode: PermissionMode, args: readonly string[]): Running {
  const { done, child } = startPrint(lab.scratch, { prompt: 'go', mode, args });
  const end = async (signal: 'SIGINT' | 'SIGKILL') => {
    child.kill(signal);
    await done;
  };
  return { finished: async () => assertSpoke(await done), interrupt: () => end('SIGINT'), [Symbol.asyncDispose]: () => end('SIGKILL') };
}

async function goInTerminal(lab: Governed, mode: PermissionMode, args: readonly string[]): Promise<Running> {
  const terminal = await openTerminal(lab.scratch, { mode, args });
  const interrupt = async () => {
    terminal.press('Escape');
    await terminal.shows('Interrupted');
  };
  await terminal.submit('go');
  return {
    terminal,
    interrupt,
    finished: async () => void (await terminal.shows(lastWord)),
    [Symbol.asyncDispose]: terminal.close,
  };
}

function assertSpoke(run: PrintRun): void {
  if (run.exitCode !== 0 || !run.stdout.includes(lastWord))
    throw new Error(`The session ended early, with ${run.exitCode}: ${run.stderr}${run.stdout}`);
}

/** The letter that Linux gives for what a process does (`T`: stopped), or that it is gone. */
function stateOf(pid: number): string {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .charAt(0);
    return state === 'Z' ? 'gone' : state;
  } catch {
    return 'gone';
  }
}
