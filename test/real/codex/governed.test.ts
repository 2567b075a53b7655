import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shapes } from '../../../src/engine/guardrail/secrets/find.ts';
import { sampleOf } from '../../engine/guardrail/secrets/sample.ts';
import { governCodex, shell } from '../../lab/codex/governed.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { processesOf } from '../claude/processes.ts';

const binary = installed('codex') ?? '';
const isMissing = binary === '';
const root = join(import.meta.dirname, '..', '..', '..');
const patchOf = (path: string) => ({ names: ['apply_patch'], input: `*** Begin Patch\n*** Add File: ${path}\n+hello\n*** End Patch` });

test.skipIf(isMissing)(
  'what is allowed runs, what is denied does not, what is asked waits for its answer; what was used is counted',
  async () => {
    const secret = sampleOf(shapes.find(({ kind }) => kind.includes('github'))?.form.source() ?? '');
    const names = ['allowed', 'denied', 'asked-yes', 'asked-no'] as const;
    await using lab = await governCodex(binary, (governed) => [
      ...names.map((name) => ({ calls: [governed.mark(name).call] })),
      { calls: [patchOf('free/a.txt')] },
      { calls: [patchOf('locked/b.txt')] },
      { calls: [shell('cat token')] },
      { calls: [shell(`printf '%s' 'my ${secret}' > copy`)] },
      { calls: [shell('true')] },
    ]);
    const inProject = (name: string) => join(lab.scratch.project, name);
    writeFileSync(inProject('token'), `first\n${secret}\nlast\n`);
    const finished = lab.go('-m', 'gpt-5.5');
    const yes = await lab.question(lab.mark('asked-yes'));
    expect(lab.mark('asked-yes').runs()).toBe(0);
    await lab.answer(yes.id, 'approved');
    await lab.answer((await lab.question(lab.mark('asked-no'))).id, 'denied', 'Not today.');
    await finished;

    expect(Object.fromEntries(names.map((name) => [name, lab.mark(name).runs()]))).toEqual({
      allowed: 1,
      denied: 0,
      'asked-yes': 1,
      'asked-no': 0,
    });
    expect(lab.heard).toContain('The policy of the lab says no.');
    expect(lab.heard).toContain('Not today.');
    // Each file of a patch counts.
    expect([existsSync(inProject('free/a.txt')), existsSync(inProject('locked/b.txt'))]).toEqual([true, false]);
    expect(lab.heard).toContain('That folder is locked.');
    // The model sees results, and gives arguments, without secrets.
    expect(lab.heard).toMatch(/first\\n\[redacted:[^\]]+\]\\nlast/);
    expect(lab.heard).not.toContain(secret);
    expect(readFileSync(inProject('copy'), 'utf8')).toMatch(/^my \[redacted:/);
    // The session was seen with its own process, and its end; each request is counted once.
    const [session] = await lab.call('sessions', {});
    expect(session).toMatchObject({ agent: 'codex', state: 'ended', governed: { by: 'hooks' } });
    const used = lab.model.ledger.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
    await until('what was used to be counted', async () => (await lab.call('sessions', {}))[0]?.spend?.tokens === used);
    expect(await lab.call('incidents', {})).toEqual([]);
  },
);

test.skipIf(isMissing)('doctor proves it with a call of the real client, and notices hooks that Codex leaves out', async () => {
  await using lab = await governCodex(binary, () => []);
  const doctor = () => lab.countersign('doctor', 'codex');
  expect(await doctor()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('had its call refused by Countersign') });
  mkdirSync(join(lab.scratch.project, '.codex'));
  writeFileSync(join(lab.scratch.project, '.codex', 'config.toml'), '[features]\nhooks = false\n');
  const config = join(lab.scratch.codexHome, 'config.toml');
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('trusted_hash = "sha256:', 'trusted_hash = "sha256:0'));
  const { exitCode, stdout } = await doctor();
  expect(exitCode).toBe(2);
  expect(stdout).toContain('config.toml is not as it was installed');
  expect(stdout).toContain('it switches the hooks off for this folder');
  expect(stdout).toContain('ran a call that Countersign forbids');
});

/** A copy of the program that a test may break, and what it breaks after the installation. */
function copyOfProgram(): Disposable & { readonly app: string } {
  const app = realpathSync(mkdtempSync(join(tmpdir(), 'csa-')));
  for (const part of ['dist', 'policies', 'prebuilds', 'package.json']) cpSync(join(root, part), join(app, part), { recursive: true });
  if (existsSync(join(root, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
  return { app, [Symbol.dispose]: () => rmSync(app, { recursive: true, force: true }) };
}

test.skipIf(isMissing).each<[string, (hook: string) => void]>([
  ['is gone', (hook) => rmSync(hook)],
  ['is killed', (hook) => writeFileSync(hook, 'process.kill(process.pid, "SIGKILL");')],
  ['exits with 0 and talks', (hook) => writeFileSync(hook, 'console.error("nonsense"); process.exit(1);')],
  ['cannot be loaded', (hook) => writeFileSync(hook, 'import "./nothing-there.mjs";')],
])('a hook that %s refuses: nothing runs, not even a prompt', async (_, damage) => {
  using copy = copyOfProgram();
  await using lab = await governCodex(binary, (governed) => [{ calls: [governed.mark('allowed').call] }], { app: copy.app });
  damage(join(copy.app, 'dist', 'hook.mjs'));
  await lab.go();
  expect(lab.mark('allowed').runs()).toBe(0);
  expect(lab.model.asks).toEqual([]);
});

test.skipIf(isMissing)('the governor is killed and hangs in between: what is allowed runs, and what is denied does not', async () => {
  const names = ['allowed-1', 'denied-1', 'allowed-2'];
  const outage = { killed: false, stopped: false };
  await using lab = await governCodex(binary, (governed) => (ask) => {
    const step = ask.results.length;
    if (step === 1 && !outage.killed) {
      outage.killed = true;
      process.kill(governed.governor(), 'SIGKILL');
    }
    if (step === 2 && !outage.stopped) {
      outage.stopped = true;
      process.kill(governed.governor(), 'SIGSTOP');
    }
    const name = names[step];
    return name === undefined ? {} : { calls: [governed.mark(name).call] };
  });
  await lab.go();
  expect(outage).toEqual({ killed: true, stopped: true });
  const runs = names.map((name) => lab.mark(name).runs());
  expect(runs).toEqual([1, 0, 1]);
});

test.skipIf(isMissing)(
  'a hook that is killed while a person is asked refuses, and a killed session ends with all that it runs',
  async () => {
    await using lab = await governCodex(binary, (governed) => [
      { calls: [governed.mark('asked').call] },
      { calls: [shell('echo begun > begun; sleep 600')] },
      { calls: [governed.mark('after').call] },
    ]);
    const child = lab.begin();
    const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    await lab.question(lab.mark('asked'));
    const [waiting] = processesOf(lab.home).filter(
      (pid) => argumentsOf(pid).includes('PreToolUse') && argumentsOf(pid).some((one) => one.endsWith('/agents/hook')),
    );
    if (waiting === undefined) throw new Error('No hook waits');
    process.kill(waiting, 'SIGKILL');
    await until('the next command to run', async () => existsSync(join(lab.scratch.project, 'begun')), 60_000);
    expect(lab.mark('asked').runs()).toBe(0);
    expect(lab.heard).toContain('Refused by Countersign');

    const [session] = await lab.call('sessions', {});
    const sleeping = () => processesOf(lab.home).filter((pid) => argumentsOf(pid).includes('600'));
    expect(session?.pid).toBe(child.pid === undefined ? undefined : codexIn(lab.home));
    expect(sleeping()).not.toEqual([]);
    await lab.call('kill', { session: session?.id ?? '', reason: 'Enough.', surface: 'terminal' });
    await ended;
    await until('what it ran to be gone', async () => sleeping().length === 0);
    expect(lab.mark('after').runs()).toBe(0);
  },
);

/** `bin/codex` is a script that starts the program; that is the one which asks. */
function codexIn(home: string): number | undefined {
  return processesOf(home).find((pid) => argumentsOf(pid)[0]?.endsWith('/codex') === true && argumentsOf(pid).includes('exec'));
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** What Codex does not let anybody stop, by its name. */
test.skipIf(isMissing).each([
  ['write_stdin is hooked by nobody: what is typed into a terminal arrives, whatever the policy says of it', true, 1],
  ['with unified_exec_tty = false there is no terminal to type into', false, 0],
] as const)('%s', async (_, tty, runs) => {
  const typed = (chars: string, id: number) => ({ names: ['write_stdin'], input: { session_id: id, chars, yield_time_ms: 2_000 } });
  await using lab = await governCodex(
    binary,
    (governed) => (ask) => {
      const opened = /session ID (\d+)/i.exec(ask.results[0] ?? '')?.[1];
      if (ask.results.length === 0)
        return {
          calls: [{ names: ['exec_command'], input: { cmd: `cat >> ${governed.mark('typed').path}`, tty: true, yield_time_ms: 300 } }],
        };
      if (ask.results.length > 1) return {};
      return { calls: [typed('echo denied\n', Number(opened ?? 1))] };
    },
    { tty },
  );
  await lab.go('-m', 'gpt-5.5');
  expect(lab.mark('typed').runs()).toBe(runs);
  const decided = (await lab.call('activity', { limit: 100 })).filter(({ entry }) => entry.kind === 'decision');
  expect(
    decided.filter(({ entry }) => entry.nativeTool === 'write_stdin' || JSON.stringify(entry.arguments).includes('echo denied')),
  ).toEqual([]);
});
