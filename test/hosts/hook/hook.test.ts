import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HookCall, HookReply } from '../../../src/channel/messages.ts';
import type { SocketEndpoint } from '../../../src/channel/socket-server.ts';
import { recording } from '../../agents/fixtures.ts';
import { fakeGovernor } from './fake-governor.ts';
import { runHook, type HookOptions, type HookRun } from './hook-process.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

// Every test is a process or two, and some wait for a deadline.
vi.setConfig({ testTimeout: 60_000 });

let home: string;
let project: string;
const governors: SocketEndpoint[] = [];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'csh-')));
  project = join(home, 'project');
  mkdirSync(join(project, '.git'), { recursive: true });
});
afterEach(async () => {
  await Promise.all(governors.splice(0).map((governor) => governor.close()));
  rmSync(home, { recursive: true, force: true });
});

function message(name: string, change: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ ...recording('claude-code', '2.1.328', name), cwd: project, ...change });
}
function bash(command: string, id = 'toolu_1'): string {
  return message('PreToolUse.Bash', { tool_input: { command }, tool_use_id: id });
}
async function govern(hook: (call: HookCall) => Promise<HookReply>, status?: Parameters<typeof fakeGovernor>[2]): Promise<void> {
  governors.push(await fakeGovernor(join(home, 'state'), hook, status));
}
/** Judged in the hook's own process. */
function alone(options: Omit<HookOptions, 'home'>): Promise<HookRun> {
  return runHook({ home, ...options, env: { COUNTERSIGN_NO_GOVERNOR: '1', ...options.env } });
}
function policy(text: string): void {
  mkdirSync(join(home, 'state', 'policies'), { recursive: true, mode: 0o700 });
  chmodSync(join(home, 'state'), 0o700);
  writeFileSync(join(home, 'state', 'policies', 'mine.yaml'), text, { mode: 0o600 });
}
/** A copy of the program that may be broken. */
function copyOfProgram(governorProgram?: string): string {
  const copy = join(home, 'copy');
  for (const part of ['src', 'policies', 'package.json']) cpSync(join(repository, part), join(copy, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  if (governorProgram !== undefined) writeFileSync(join(copy, 'src', 'hosts', 'serve', 'main.ts'), governorProgram);
  return join(copy, 'src', 'hosts', 'hook', 'main.ts');
}
/** The one line that helps, when the run refused in a way that every agent understands; else what it did instead. */
function refusalOf(run: HookRun): string {
  const { exitCode, stderr, stdout } = run;
  const isRefusal = exitCode === 2 && stderr.trimEnd().split('\n').length === 1 && !/":"(allow|approve)"/.test(stdout);
  return isRefusal ? stderr : `NOT REFUSED: ${JSON.stringify(run)}`;
}

const pass: HookReply = { stdout: '', stderr: '', exitCode: 0 };

describe('with a governor', () => {
  test('its answer is passed on to the letter', async () => {
    const calls: HookCall[] = [];
    await govern(async (call) => {
      calls.push(call);
      return { stdout: '{"a":1}\n', stderr: 'note\n', exitCode: 0 };
    });
    expect(await runHook({ home, stdin: bash('ls'), args: ['claude-code', 'PreToolUse'] })).toMatchObject({
      stdout: '{"a":1}\n',
      stderr: 'note\n',
      exitCode: 0,
    });
    const waitedMs: unknown = expect.any(Number);
    expect(calls).toEqual([{ agent: 'claude-code', event: 'PreToolUse', message: JSON.parse(bash('ls')), waitedMs }]);
  });

  test('the installed hook names its parent, and says that its prompts come twice', async () => {
    const calls: HookCall[] = [];
    await govern(async (call) => {
      calls.push(call);
      return pass;
    });
    for (const event of ['UserPromptSubmit', 'SessionStart'])
      await runHook({ home, stdin: message('UserPromptSubmit'), args: ['claude-code', event, '--installed'] });
    expect(calls.map(({ paired, pid }) => ({ paired, pid }))).toEqual([
      { paired: true, pid: process.pid },
      { paired: undefined, pid: process.pid },
    ]);
  });

  test('an answer of megabytes arrives whole', async () => {
    const stdout = 'x'.repeat(5_000_000);
    await govern(async () => ({ stdout, stderr: '', exitCode: 0 }));
    expect((await runHook({ home, stdin: bash('ls') })).stdout).toHaveLength(stdout.length);
  });

  test('a message of megabytes does, too', async () => {
    await govern(async ({ message: got }) => ({ stdout: String(JSON.stringify(got).length), stderr: '', exitCode: 0 }));
    const text = bash('x'.repeat(24_000_000));
    expect((await runHook({ home, stdin: text })).stdout).toBe(String(text.length));
  });

  test('that goes away in the middle of the call: judged alone', async () => {
    policy('kind: ToolPolicy\nmetadata: {name: mine}\nspec: {rules: [{name: no-ls, commands: [ls], action: deny, message: Not today.}]}\n');
    const going = () => {
      for (const one of governors.splice(0)) void one.close();
      return new Promise<never>(() => undefined);
    };
    await govern(going);
    // Another one would be started: this program cannot.
    const program = copyOfProgram('process.exit(1);');
    const run = await runHook({ home, stdin: bash('ls'), program });
    expect(refusalOf(run)).toMatch(/Not today/);
  });

  test('that cannot be started: a prompt of the installed hooks is refused, since its calls would reach nobody', async () => {
    const run = await runHook({
      home,
      stdin: message('UserPromptSubmit'),
      args: ['claude-code', 'UserPromptSubmit', '--installed'],
      program: copyOfProgram('process.exit(1);'),
    });
    expect(refusalOf(run)).toMatch(/governor cannot be reached.*governor\.log/);
  });

  test('that fails on the call: refused', async () => {
    await govern(async () => {
      throw new Error('disk on fire');
    });
    expect(refusalOf(await runHook({ home, stdin: bash('ls') }))).toMatch(/Countersign/);
  });

  test('a governor that hangs while it holds the call does not hold it for ever', async () => {
    await govern(
      () => new Promise<never>(() => undefined),
      () => new Promise<never>(() => undefined),
    );
    const run = await runHook({ home, stdin: message('UserPromptSubmit'), args: ['claude-code', 'UserPromptSubmit', '--installed'] });
    expect(refusalOf(run)).toMatch(/governor hangs/);
  });
});

describe('what it is given is not what an agent sends: refused', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /no hook message/],
    ['blanks', ' \n ', /no hook message/],
    ['garbage', 'garbage', /not JSON/],
    ['a message cut short', '{"session_id":"x","tool_inp', /not JSON/],
    ['two messages', '{}{}', /not JSON/],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /not UTF-8/],
  ])('%s', async (_, stdin, says) => {
    await govern(async () => pass);
    expect(refusalOf(await runHook({ home, stdin }))).toMatch(says);
  });

  test('more than 32 MiB', async () => {
    await govern(async () => pass);
    expect(refusalOf(await runHook({ home, stdin: bash('x'.repeat(33 * 1024 * 1024)) }))).toMatch(/longer than/);
  });

  test('a stdin that never ends', async () => {
    await govern(async () => pass);
    const run = await runHook({ home });
    expect(refusalOf(run)).toMatch(/within 10 s/);
    expect(run.ms).toBeLessThan(15_000);
  });

  test('no agent', async () => {
    expect(refusalOf(await runHook({ home, args: [], stdin: bash('ls') }))).toMatch(/no agent was named/);
  });

  test.each([['null'], ['[]'], ['7'], ['{}'], ['{"hook_event_name":"PreToolUse"}']])('%s, judged alone', async (stdin) => {
    expect(refusalOf(await alone({ stdin }))).toMatch(/./);
  });
});

describe('judged alone', () => {
  test('what no rule minds may run', async () => {
    expect(await alone({ stdin: bash('ls') })).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
  });

  test('what a rule denies may not', async () => {
    policy('kind: ToolPolicy\nmetadata: {name: mine}\nspec: {rules: [{name: no-ls, commands: [ls], action: deny, message: Not today.}]}\n');
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(/Not today/);
    expect(await alone({ stdin: bash('pwd', 'toolu_2') })).toMatchObject({ exitCode: 0 });
  });

  test('what a person would have to approve may not: nobody could be asked', async () => {
    policy('kind: ToolPolicy\nmetadata: {name: mine}\nspec: {rules: [{name: ask, commands: [ls], action: require_approval}]}\n');
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(/[Nn]obody/);
  });

  test('an agent that nobody knows', async () => {
    expect(refusalOf(await alone({ args: ['nosuch'], stdin: bash('ls') }))).toMatch(/no agent "nosuch"/);
  });

  test('a policy that is broken denies', async () => {
    policy('kind: ToolPolicy\nmetadata: {name: mine}\nspec: {rules: [{name: x, action: alow}]}\n');
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(/mine\.yaml/);
  });
});

describe('broken in any way, it refuses', () => {
  test('a state directory that is a file', async () => {
    writeFileSync(join(home, 'state'), '');
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(/state/);
    expect(refusalOf(await runHook({ home, stdin: bash('ls') }))).toMatch(/state/);
  });

  test('a state directory that others may write to', async () => {
    mkdirSync(join(home, 'state'));
    chmodSync(join(home, 'state'), 0o777);
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(/chmod/);
  });

  test('a state directory that cannot be made', async () => {
    expect(refusalOf(await alone({ stdin: bash('ls'), env: { COUNTERSIGN_HOME: '/dev/null/here' } }))).toMatch(/\/dev\/null/);
  });

  test.runIf(process.platform === 'linux')('a disk that is full', async () => {
    expect(await alone({ stdin: bash('ls') })).toMatchObject({ exitCode: 0 });
    const run = await alone({ stdin: bash(`echo ${'x'.repeat(200_000)}`, 'toolu_2'), fileLimit: 100 });
    expect(run.stdout).not.toMatch(/":"(allow|approve)"/);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).not.toBe('');
  });

  test('a relative state directory', async () => {
    expect(refusalOf(await alone({ stdin: bash('ls'), env: { COUNTERSIGN_HOME: 'here' } }))).toMatch(/absolute/);
  });

  test.each([['audit.db'], ['state.db']])('%s that is no database', async (file) => {
    mkdirSync(join(home, 'state'), { mode: 0o700 });
    writeFileSync(join(home, 'state', file), 'garbage'.repeat(1000), { mode: 0o600 });
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(new RegExp(file));
  });

  test.each([['audit.db'], ['state.db']])('%s that cannot be opened', async (file) => {
    mkdirSync(join(home, 'state', file), { recursive: true, mode: 0o700 });
    chmodSync(join(home, 'state'), 0o700);
    expect(refusalOf(await alone({ stdin: bash('ls') }))).toMatch(new RegExp(file));
  });

  test.each([['run-hook.ts'], ['question.ts'], ['read-message.ts'], ['quick-ask.ts'], ['hook-call.ts'], ['own-judgement.ts']])(
    'without its module %s',
    async (module) => {
      const program = copyOfProgram();
      rmSync(join(program, '..', module));
      const run = await alone({ stdin: bash('ls'), program });
      expect(refusalOf(run)).toMatch(/Cannot find module/);
      expect(run.stderr).not.toMatch(/no such file|can't open/i);
    },
  );

  test('with a module that does not even parse', async () => {
    const program = copyOfProgram();
    writeFileSync(join(program, '..', 'run-hook.ts'), '%%%');
    expect(await alone({ stdin: bash('ls'), program })).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test.each<[NodeJS.Signals]>([['SIGKILL'], ['SIGSEGV'], ['SIGTERM'], ['SIGABRT']])('ended by %s, it has said nothing', async (signal) => {
    await govern(() => new Promise<never>(() => undefined));
    const run = await runHook({ home, stdin: bash('ls'), onStart: (pid) => process.kill(pid, signal) });
    expect(run).toMatchObject({ exitCode: null, stdout: '' });
  });

  test('out of memory, it has said nothing', async () => {
    const run = await alone({ stdin: bash('x'.repeat(20_000_000)), nodeArgs: ['--max-old-space-size=8'] });
    expect(run.exitCode).not.toBe(0);
    expect(run.stdout).toBe('');
  });
});
