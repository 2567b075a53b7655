import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { type LabLedgerEntry, type LabModel, startLabModel } from '../../lab/gemini/model.ts';
import { callGovernor } from '../../lab/governor-call.ts';
import { installed } from '../../lab/install.ts';
import { count } from '../../lab/spend/counted.ts';
import { qwenWire } from '../../lab/qwen/model.ts';
import { endProcessesOf } from '../claude/processes.ts';

const binary = installed('cline') ?? '';
const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.mjs');
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  defaultAction: allow
  rules:
    - {name: denied, commands: ["echo denied*"], action: deny, message: The policy of the lab says no.}
    - {name: asked, commands: ["echo asked*"], action: require_approval, approval: {timeout: 10m}}
`;

/** A home in which Countersign governs the real Cline, installed by our installer. */
class Lab implements AsyncDisposable {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  readonly project = join(this.home, 'project');
  readonly state = join(this.home, '.countersign');
  readonly hooks = join(this.home, '.cline', 'hooks');
  /** Where doctor finds the client. */
  readonly bin = join(this.home, 'bin');
  readonly model: LabModel;

  constructor(model: LabModel) {
    this.model = model;
    mkdirSync(this.project);
    mkdirSync(this.bin);
    symlinkSync(binary, join(this.bin, 'cline'));
    mkdirSync(join(this.state, 'policies'), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.state, 'policies', 'lab.yaml'), policy);
  }

  /** What it printed; whatever its exit code, which says little. */
  run(program: string, ...args: readonly string[]): Promise<string> {
    const env = { PATH: `${this.bin}:${process.env['PATH']}`, HOME: this.home, TERM: 'dumb', LANG: 'C.UTF-8' };
    return new Promise((resolve) => {
      const child = execFile(program, args, { cwd: this.project, env }, (_, stdout, stderr) => resolve(stdout + stderr));
      child.stdin?.end();
    });
  }

  /** One session, which makes a call for each of these names until it is stopped. */
  async session(...names: readonly string[]): Promise<string> {
    this.names = names;
    return this.run(binary, '--json', '-P', 'openai-compatible', '-m', 'lab-model', 'please go on');
  }

  names: readonly string[] = [];

  command(name: string): string {
    return `echo ${name} >> ${join(this.project, `ran-${name}`)}`;
  }

  ran(...names: readonly string[]): readonly boolean[] {
    return names.map((name) => existsSync(join(this.project, `ran-${name}`)));
  }

  async answer(name: string, outcome: 'approved' | 'denied'): Promise<void> {
    const { id } = await until(
      `a question about ${name}`,
      async () => {
        // The first hook starts the governor.
        const open = await callGovernor(this.state, 'approvals', {}).catch(() => []);
        return open.find(({ arguments: input }) => JSON.stringify(input).includes(this.command(name)));
      },
      60_000,
    );
    await callGovernor(this.state, 'answer', { id, outcome, scope: 'once', reason: 'As the lab says.', surface: 'terminal' });
  }

  governor(): number {
    return z.parse(z.object({ pid: z.number() }), JSON.parse(readFileSync(join(this.state, 'governor.json'), 'utf8'))).pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessesOf(this.home);
    await this.model[Symbol.asyncDispose]();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function govern(): Promise<Lab> {
  let lab: Lab | undefined;
  const model = await startLabModel(qwenWire, ({ results }) => {
    const name = lab?.names[results.length];
    return name === undefined || lab === undefined ? {} : { calls: [{ name: 'run_commands', input: { commands: [lab.command(name)] } }] };
  });
  lab = new Lab(model);
  expect(await lab.run(process.execPath, cli, 'install', 'cline', '--yes')).toContain('Cline is governed');
  await lab.run(binary, 'auth', '-p', 'openai', '-k', 'lab', '-b', `${model.url}/v1`, '-m', 'lab-model');
  return lab;
}

describe.skipIf(binary === '')('Cline', () => {
  test('what is allowed runs, what is asked waits for its answer, and a refusal ends the run', async () => {
    await using lab = await govern();
    const first = lab.session('allowed', 'asked-yes', 'denied', 'after');
    await lab.answer('asked-yes', 'approved');
    expect(await first).toContain('"finishReason":"aborted"');
    expect(lab.ran('allowed', 'asked-yes', 'denied', 'after')).toEqual([true, true, false, false]);
    const second = lab.session('asked-no', 'after');
    await lab.answer('asked-no', 'denied');
    await second;
    expect(lab.ran('asked-no', 'after')).toEqual([false, false]);
    const sessions = await callGovernor(lab.state, 'sessions', {});
    expect(sessions.map(({ agent }) => agent)).toEqual(['cline', 'cline']);
    // What its record has was decided on.
    expect(await callGovernor(lab.state, 'incidents', {})).toEqual([]);
    using counted = count({ HOME: lab.home });
    const sum = (of: (usage: LabLedgerEntry['usage']) => number) => lab.model.ledger.reduce((all, { usage }) => all + of(usage), 0);
    const [row, ...others] = counted.report('model').rows;
    expect([row?.key, others]).toEqual(['lab-model', []]);
    expect(Object.values(row?.sum.tokens ?? {})).toEqual([
      sum(({ input, cached }) => input - cached),
      sum(({ output }) => output),
      sum(({ cached }) => cached),
      0,
      0,
    ]);
    expect(
      counted
        .report('session')
        .rows.map(({ key }) => key)
        .toSorted(),
    ).toEqual(sessions.map(({ id }) => id).toSorted());

    // Nobody to ask: the hook judges by itself, or starts another governor.
    process.kill(lab.governor(), 'SIGKILL');
    await lab.session('allowed-alone', 'denied-alone');
    expect(lab.ran('allowed-alone', 'denied-alone')).toEqual([true, false]);
    // Nothing that answers.
    rmSync(join(lab.state, 'agents', 'hook'));
    await lab.session('allowed-missing');
    expect(lab.ran('allowed-missing')).toEqual([false]);
  });

  test('NOT GOVERNED, and found by doctor and by its own record: hooks that somebody took away', async () => {
    await using lab = await govern();
    const doctor = () => lab.run(process.execPath, cli, 'doctor', 'cline');
    expect(await doctor()).toContain('Cline, started here, had its call refused by Countersign.');
    rmSync(lab.hooks, { recursive: true });
    await lab.session('denied');
    expect(lab.ran('denied')).toEqual([true]);
    const found = await until('what ran to be told', async () => {
      const open = await callGovernor(lab.state, 'incidents', {});
      return open.length >= 2 ? open : undefined;
    });
    expect(found.map(({ cause, what }) => `${cause}: ${what.replace(/\(.*\)/, '(id)')}`).toSorted()).toEqual([
      'no-hello: A session of cline runs without Countersign',
      'undecided: run_commands (id) ran without a decision',
    ]);
    const said = await doctor();
    expect(said).toContain('PreToolUse is not as it was installed');
    expect(said).toContain('Cline, started here, had a call that Countersign forbids not refused by it');
    expect(said).toContain('No such file');
  });
});
