import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { ApprovalView, Method, Methods } from '../../../src/channel/messages.ts';
import { marker, type Marker } from '../../lab/claude/marker.ts';
import { makeCopilotScratch, type CopilotEnd, type CopilotRun, type CopilotScratch } from '../../lab/copilot/client.ts';
import { startCopilotModel, type CopilotCall, type CopilotModel, type CopilotTurn } from '../../lab/copilot/model.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { endProcessesOf } from '../claude/processes.ts';
import { callGovernor } from '../../lab/governor-call.ts';

export const copilot = installed('copilot');

/** What people get: `npm run build` makes it. */
const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.mjs');

/** Tells the calls of a test apart by the first word that they echo. */
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  defaultAction: allow
  rules:
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: asked, commands: ["echo asked*"], action: require_approval, approval: {timeout: 10m}}
    - {name: file, tools: [write, edit], paths: {any: ["**/forbidden*"]}, action: deny, message: Not that file.}
`;

/** A home in which Countersign governs the real Copilot CLI: installed by our installer, with a governor of its own. */
export class Governed implements AsyncDisposable {
  readonly model: CopilotModel;
  readonly scratch: CopilotScratch;
  readonly hooks: string;
  readonly #state: string;

  constructor(model: CopilotModel, scratch: CopilotScratch) {
    this.model = model;
    this.scratch = scratch;
    this.hooks = join(scratch.home, '.copilot', 'hooks', 'countersign.json');
    this.#state = join(scratch.home, '.countersign');
  }

  mark(name: string): Marker {
    return marker(this.scratch.project, name);
  }

  writePolicy(text: string, name = 'lab.yaml'): void {
    mkdirSync(join(this.#state, 'policies'), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.#state, 'policies', name), text);
  }

  /** The command line as a person would use it; anything but success ends the test. */
  countersign(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [cli, ...args], { env: this.scratch.env, cwd: this.scratch.project }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`countersign ${args.join(' ')} failed: ${stdout}${stderr}`));
      });
    });
  }

  start(...args: string[]): CopilotRun {
    return this.scratch.start('go', args.length === 0 ? undefined : args);
  }

  run(...args: string[]): Promise<CopilotEnd> {
    return this.start(...args).done;
  }

  /** One call over the socket, to the governor that runs. */
  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    return callGovernor(this.#state, method, params);
  }

  /** The open question about a call of this mark, once there is one. */
  question(mark: Marker): Promise<ApprovalView> {
    return until(
      `a question about ${mark.command}`,
      async () => {
        // The first hook starts the governor.
        const open = await this.call('approvals', {}).catch(() => []);
        return open.find((approval) => approval.arguments['command'] === mark.command);
      },
      60_000,
    );
  }

  answer(id: string, outcome: 'approved' | 'denied', reason = ''): Promise<ApprovalView> {
    return this.call('answer', { id, outcome, scope: 'once', reason, surface: 'terminal' });
  }

  /** Its process, as it says itself on disk. */
  governorPid(): number {
    return z.parse(z.object({ pid: z.number() }), JSON.parse(readFileSync(join(this.#state, 'governor.json'), 'utf8'))).pid;
  }

  /** What the model heard of its calls, in their order, at the end. */
  heard(): readonly string[] {
    return this.model.asks.findLast(({ results }) => results.length > 0)?.results ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesOf(this.scratch.home);
    await this.model[Symbol.asyncDispose]();
    this.scratch[Symbol.dispose]();
  }
}

/** What the model does, turn by turn; after the last one it is done. `subagent`: when a prompt has this word in it. */
export interface CopilotScript {
  readonly turns: readonly CopilotTurn[];
  readonly subagent?: readonly CopilotTurn[];
}

export const subagentWord = 'ERRAND';

/** `script` is asked at each turn, with the number of results that there are so far. */
export async function govern(script: (lab: Governed, results: number) => CopilotScript): Promise<Governed> {
  let lab: Governed | undefined;
  const model = await startCopilotModel(({ prompt, results }) => {
    const { turns, subagent = [] } = lab === undefined ? { turns: [] } : script(lab, results.length);
    const own = prompt.includes(subagentWord) ? subagent : turns;
    return own[turnOf(own, results.length)] ?? {};
  });
  lab = new Governed(model, makeCopilotScratch(copilot ?? '', model.url));
  lab.writePolicy(policy);
  await lab.countersign('install', 'copilot-cli', '--yes');
  return lab;
}

/** A turn makes as many results as it has calls. */
function turnOf(turns: readonly CopilotTurn[], results: number): number {
  let left = results;
  const at = turns.findIndex(({ calls = [] }) => left === 0 || (left -= calls.length) < 0);
  return at === -1 ? turns.length : at;
}

export function bash(...commands: readonly string[]): CopilotTurn {
  return { calls: commands.map((command) => call('bash', { command, description: 'A test' })) };
}

export function call(name: string, input: CopilotCall['input']): CopilotCall {
  return { name, input };
}
