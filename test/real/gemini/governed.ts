import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { ApprovalView, Method, Methods } from '../../../src/channel/messages.ts';
import { homeOf } from '../../../src/storage/home.ts';
import { plainLauncher } from '../../lab/plain-launcher.ts';
import { until } from '../../lab/editor/until.ts';
import { type LabClient, type LabRun, type LabScratch, makeLabScratch, startLabSession } from '../../lab/gemini/client.ts';
import { type LabModel, type LabScript, type LabTurn, startLabModel } from '../../lab/gemini/model.ts';
import { endProcessesOf } from '../claude/processes.ts';
import { callGovernor } from '../../lab/governor-call.ts';

const dist = join(import.meta.dirname, '..', '..', '..', 'dist');

/** Tells the calls of a test apart by the first word that they echo. */
const policies = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  defaultAction: allow
  rules:
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: asked, commands: ["echo asked*"], action: require_approval, approval: {timeout: 10m}}
---
kind: GuardrailPolicy
metadata: {name: no-secrets}
spec:
  detect: [{type: secret, action: redact}]
`;

/** A call that says whether it really ran, whatever anybody claims. */
export interface LabMark {
  readonly command: string;
  readonly turn: LabTurn;
  readonly ran: () => boolean;
}

/** A home in which Countersign governs a real client, by our own installer. */
export class LabGoverned {
  readonly model: LabModel;
  readonly scratch: LabScratch;
  readonly #client: LabClient;
  readonly #binary: string;

  constructor(client: LabClient, binary: string, model: LabModel, scratch: LabScratch) {
    this.#client = client;
    this.#binary = binary;
    this.model = model;
    this.scratch = scratch;
  }

  mark(name: string, more = ''): LabMark {
    const path = join(this.scratch.project, `ran-${name}`);
    const command = `echo ${name} >> ${path}${more}`;
    return { command, turn: shell(command), ran: () => existsSync(path) };
  }

  start(prompt: string): ReturnType<typeof startLabSession> {
    return startLabSession(this.#client, this.#binary, this.scratch, prompt);
  }

  run(prompt: string): Promise<LabRun> {
    return this.start(prompt).done;
  }

  /** What the model was told last. */
  heard(): string {
    return this.model.asks.at(-1)?.results.at(-1) ?? '';
  }

  /** Ends the test unless it succeeds. */
  countersign(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { env: this.scratch.env, cwd: this.scratch.project };
      execFile(process.execPath, [join(dist, 'cli.mjs'), ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`countersign ${args.join(' ')}: ${stdout}${stderr}`));
      });
    });
  }

  call<M extends Method>(method: M, params: Methods[M]['params']): Promise<Methods[M]['result']> {
    return callGovernor(this.#state().root, method, params);
  }

  async answer(mark: LabMark, outcome: 'approved' | 'denied'): Promise<void> {
    const { id } = await until<ApprovalView>(`a question about ${mark.command}`, async () =>
      (await this.call('approvals', {})).find((approval) => approval.arguments['command'] === mark.command),
    );
    await this.call('answer', { id, outcome, scope: 'once', reason: 'As the lab says.', surface: 'terminal' });
  }

  governorPid(): number {
    const { discovery: governor } = this.#state();
    return z.parse(z.object({ pid: z.number() }), JSON.parse(readFileSync(governor, 'utf8'))).pid;
  }

  #state() {
    return homeOf({ COUNTERSIGN_HOME: join(this.scratch.home, '.countersign') });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesOf(this.scratch.home);
    await this.model[Symbol.asyncDispose]();
    this.scratch[Symbol.dispose]();
  }
}

export function shell(command: string): LabTurn {
  return { calls: [{ name: 'run_shell_command', input: { command, is_background: false, description: 'x' } }] };
}

/** A program between the client and our hook, which a test can break. */
export class HookDouble {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.mend();
  }

  mend(): void {
    this.become(`await import(${JSON.stringify(join(dist, 'hook.mjs'))});`);
  }

  become(text: string): void {
    writeFileSync(this.#file, `${text}\n`);
  }

  remove(): void {
    rmSync(this.#file);
  }
}

/** Only before calls: a hook that is broken everywhere stops the whole run before the next request to the model. */
function withDouble(settings: string, gate: string, launcher: string, double: string): string {
  const parsed = z.parse(z.looseObject({ hooks: z.record(z.string(), z.unknown()) }), JSON.parse(settings));
  const entries: unknown = JSON.parse(JSON.stringify(parsed.hooks[gate]).replaceAll(launcher, double));
  return JSON.stringify({ ...parsed, hooks: { ...parsed.hooks, [gate]: entries } });
}

export interface LabSetup {
  readonly lab: LabGoverned;
  readonly hook: HookDouble;
}

/** Installs our hooks for the client of a new home, and puts the double in front of them. */
export async function governLab(client: LabClient, binary: string, script: (setup: LabSetup) => LabScript): Promise<LabSetup> {
  let answer: LabScript = () => ({});
  const model = await startLabModel(client.wire, (ask) => answer(ask));
  const lab = new LabGoverned(client, binary, model, makeLabScratch(client, binary, model.url));
  const state = join(lab.scratch.home, '.countersign');
  mkdirSync(join(state, 'policies'), { recursive: true, mode: 0o700 });
  policies.split('---\n').forEach((text, index) => writeFileSync(join(state, 'policies', `lab-${index}.yaml`), text));
  await lab.countersign('install', client.agent, '--yes');
  const double = join(lab.scratch.home, 'hook.mjs');
  const settings = join(lab.scratch.home, `.${client.name}`, 'settings.json');
  const launcher = join(state, 'agents', 'hook');
  const other = join(lab.scratch.home, 'launcher');
  writeFileSync(other, plainLauncher(launcher).replaceAll(` ${join(dist, 'hook.mjs')} `, ` ${double} `), { mode: 0o700 });
  writeFileSync(settings, withDouble(readFileSync(settings, 'utf8'), client.gate, launcher, other));
  const setup = { lab, hook: new HookDouble(double) };
  answer = script(setup);
  return setup;
}
