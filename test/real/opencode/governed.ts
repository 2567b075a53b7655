import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { marker, type Marker } from '../../lab/claude/marker.ts';
import { until } from '../../lab/editor/until.ts';
import { makeOpencodeScratch, type OpencodeScratch } from '../../lab/opencode/client.ts';
import { startChatModel, type ChatAsk, type ChatCall, type ChatModel, type ChatTurn } from '../../lab/opencode/model.ts';
import { opencodeUsage } from '../../../src/agents/opencode/usage.ts';
import { countedOnce, factsIn } from '../../agents/counted.ts';
import type { ApprovalView, Method, Methods } from '../../../src/channel/messages.ts';
import { endProcessesOf } from '../claude/processes.ts';
import { callGovernor } from '../../lab/governor-call.ts';

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
    - {name: tracker, tools: ["tracker/forbidden"], action: deny, message: Not on the tracker.}
`;

/** A home in which Countersign governs the real opencode: installed by our installer, with a governor of its own. */
export class GovernedOpencode {
  readonly model: ChatModel;
  readonly scratch: OpencodeScratch;
  readonly #env: NodeJS.ProcessEnv;

  constructor(model: ChatModel, scratch: OpencodeScratch, binary: string) {
    this.model = model;
    this.scratch = scratch;
    const bin = join(scratch.home, 'bin');
    mkdirSync(bin);
    symlinkSync(binary, join(bin, 'opencode'));
    this.#env = { ...scratch.environment, PATH: `${bin}:${process.env['PATH']}` };
  }

  get plugin(): string {
    return join(this.scratch.home, '.config', 'opencode', 'plugin', 'countersign.js');
  }

  mark(name: string): Marker {
    return marker(this.scratch.project, name);
  }

  async countersign(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [cli, ...args], { env: this.#env, cwd: this.scratch.project }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`countersign ${args.join(' ')}: ${stdout}${stderr}`));
      });
    });
  }

  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    return callGovernor(join(this.scratch.home, '.countersign'), method, params);
  }

  /** Answers the question about this mark, once there is one. */
  async answer(mark: Marker, outcome: 'approved' | 'denied'): Promise<void> {
    const { id } = await until<ApprovalView>(
      `a question about ${mark.command}`,
      async () => (await this.call('approvals', {})).find(({ arguments: { command } }) => command === mark.command),
      200_000,
    );
    await this.call('answer', { id, outcome, scope: 'once', reason: 'Not today.', surface: 'terminal' });
  }

  /** What the model was told of the calls since that prompt, in their order. */
  heard(prompt: string): readonly string[] {
    return this.model.asks.findLast((ask) => ask.prompt.includes(prompt))?.results ?? [];
  }

  /** What our reader makes of what the plugin wrote down. */
  counted() {
    const file = join(this.scratch.home, '.countersign', 'agents', 'opencode', 'usage.jsonl');
    const facts = existsSync(file) ? countedOnce(factsIn(opencodeUsage, readFileSync(file, 'utf8'))) : [];
    return { responses: facts.length, ...totalOf(facts.map(({ tokens }) => [tokens.input, tokens.cacheRead, tokens.output])) };
  }

  /** The same, as the stand-in for the model knows it. */
  served() {
    const { ledger } = this.model;
    return { responses: ledger.length, ...totalOf(ledger.map(({ input, cached, output }) => [input - cached, cached, output])) };
  }

  governor(): number {
    return z.parse(
      z.object({ pid: z.number() }),
      JSON.parse(readFileSync(join(this.scratch.home, '.countersign', 'governor.json'), 'utf8')),
    ).pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesOf(this.scratch.home);
    await this.model[Symbol.asyncDispose]();
    this.scratch[Symbol.dispose]();
  }
}

function totalOf(rows: readonly (readonly number[])[]) {
  const [input, cached, output] = [0, 1, 2].map((at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0));
  return { input, cached, output };
}

export function bash(command: string): ChatCall {
  return { tool: 'bash', input: { command, description: 'A call of the lab' } };
}

/** Installs our plugin for the opencode of a new scratch home. What the model does follows from the prompt: one call after another. */
export async function governOpencode(
  binary: string,
  script: (lab: GovernedOpencode, ask: ChatAsk) => readonly ChatCall[],
): Promise<GovernedOpencode> {
  let lab: GovernedOpencode | undefined;
  const model = await startChatModel((ask): ChatTurn => {
    const next = lab === undefined ? undefined : script(lab, ask)[ask.results.length];
    return next === undefined ? {} : { calls: [next] };
  });
  const server = {
    type: 'local',
    command: [process.execPath, join(import.meta.dirname, '..', '..', 'lab', 'claude', 'noop-server.mjs'), 'look', 'forbidden'],
  };
  lab = new GovernedOpencode(model, makeOpencodeScratch(binary, model.url, { mcp: { tracker: { ...server, enabled: true } } }), binary);
  const policies = join(lab.scratch.home, '.countersign', 'policies');
  mkdirSync(policies, { recursive: true, mode: 0o700 });
  chmodSync(join(lab.scratch.home, '.countersign'), 0o700);
  writeFileSync(join(policies, 'lab.yaml'), policy);
  await lab.countersign('install', 'opencode', '--yes');
  // Starts the governor, which the test asks before any hook does.
  await lab.countersign('sessions');
  return lab;
}
