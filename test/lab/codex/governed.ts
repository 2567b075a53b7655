import { execFile, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import type { ApprovalView, Method, Methods } from '../../../src/channel/messages.ts';
import { endProcessesOf } from '../../real/claude/processes.ts';
import { until } from '../editor/until.ts';
import { makeCodexScratch, type CodexRun, type CodexScratch } from './client.ts';
import { startCodexModel, type CodexAsk, type CodexCall, type CodexModel, type CodexTurn } from './model.ts';
import { callGovernor } from '../governor-call.ts';

/** What people get: `npm run build` makes it. */
const root = join(import.meta.dirname, '..', '..', '..');

const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  defaultAction: allow
  rules:
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: asked, commands: ["echo asked*"], action: require_approval, approval: {timeout: 10m}}
    - {name: no-secrets-file, paths: {write: ["**/locked/**"]}, action: deny, message: That folder is locked.}
---
kind: GuardrailPolicy
metadata: {name: lab-guard}
spec:
  detect: [{type: secret, action: redact}]
`;

/** A call that leaves a line in a file, or does not. */
export interface CodexMark {
  readonly path: string;
  readonly call: CodexCall;
  readonly command: string;
  readonly runs: () => number;
}

/** A home in which Countersign governs the real Codex: installed by our installer, with a governor of its own. */
export class GovernedCodex {
  readonly model: CodexModel;
  readonly scratch: CodexScratch;

  readonly #cli: string;

  constructor(model: CodexModel, scratch: CodexScratch, app = root) {
    this.model = model;
    this.scratch = scratch;
    this.#cli = join(app, 'dist', 'cli.mjs');
  }

  get home(): string {
    return dirname(this.scratch.codexHome);
  }

  get state(): string {
    return join(this.home, '.countersign');
  }

  mark(name: string): CodexMark {
    const path = join(this.scratch.project, `ran-${name}`);
    const command = `echo ${name} >> ${path}`;
    return { path, call: shell(command), command, runs: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0) };
  }

  writePolicy(text: string = policy): void {
    mkdirSync(join(this.state, 'policies'), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.state, 'policies', 'lab.yaml'), text);
  }

  countersign(...args: string[]): Promise<CodexRun> {
    return new Promise((resolve) => {
      execFile(process.execPath, [this.#cli, ...args], { env: this.scratch.env, cwd: this.scratch.project }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, stdout, stderr });
      });
    });
  }

  async succeeds(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.countersign(...args);
    if (exitCode !== 0) throw new Error(`countersign ${args.join(' ')} exited with ${exitCode}: ${stdout}${stderr}`);
    return stdout;
  }

  /** A session of `codex exec` that is told to go, from beginning to end. */
  go(...args: string[]): Promise<CodexRun> {
    return this.scratch.run(['exec', '--skip-git-repo-check', '--json', ...args, 'go']);
  }

  begin(...args: string[]): ChildProcess {
    return this.scratch.start(['exec', '--skip-git-repo-check', '--json', ...args, 'go']);
  }

  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    return callGovernor(this.state, method, params);
  }

  /** The open question about a call, once there is one. */
  question({ command }: CodexMark): Promise<ApprovalView> {
    const asked = async () => {
      if (!existsSync(join(this.state, 'governor.json'))) return undefined;
      return (await this.call('approvals', {}).catch(() => [])).find((approval) => approval.arguments['command'] === command);
    };
    return until(`a question about ${command}`, asked, 60_000);
  }

  answer(id: string, outcome: 'approved' | 'denied', reason = ''): Promise<ApprovalView> {
    return this.call('answer', { id, outcome, scope: 'once', reason, surface: 'terminal' });
  }

  governor(): number {
    return z.parse(z.object({ pid: z.number() }), JSON.parse(readFileSync(join(this.state, 'governor.json'), 'utf8'))).pid;
  }

  /** All that the model was told of its calls, as one text. */
  get heard(): string {
    return this.model.asks.at(-1)?.results.join('\n') ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesOf(this.home);
    await this.model[Symbol.asyncDispose]();
    this.scratch[Symbol.dispose]();
  }
}

export function shell(command: string): CodexCall {
  return { names: ['exec_command', 'shell_command', 'shell'], input: { cmd: command, command } };
}

export interface GovernCodexOptions {
  /** What is typed into commands that run is not switched off. */
  readonly tty?: boolean;
  /** A copy of the program, which may be broken; left out: what was built. */
  readonly app?: string;
}

/** Installs our hooks for the Codex of a new scratch home. */
export async function governCodex(
  binary: string,
  script: (lab: GovernedCodex) => readonly CodexTurn[] | ((ask: CodexAsk) => CodexTurn),
  options: GovernCodexOptions = {},
): Promise<GovernedCodex> {
  let lab: GovernedCodex | undefined;
  const turnFor = (ask: CodexAsk): CodexTurn => {
    if (lab === undefined) return {};
    const turns = script(lab);
    return typeof turns === 'function' ? turns(ask) : (turns[ask.results.length] ?? {});
  };
  const model = await startCodexModel(turnFor, () => ({ input: 100, cached: 0, cacheWrite: 0, output: 10, reasoning: 0 }));
  lab = new GovernedCodex(model, makeCodexScratch(binary, model.url), options.app);
  lab.writePolicy();
  await lab.succeeds('install', 'codex', '--yes', ...(options.tty === true ? [] : ['--with', 'no-tty']));
  return lab;
}
