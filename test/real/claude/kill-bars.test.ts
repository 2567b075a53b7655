import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { runClaude, runPrint, startPrint } from '../../lab/claude/client.ts';
import type { Turn } from '../../lab/claude/model-messages.ts';
import { until } from '../../lab/editor/until.ts';
import { processTable } from '../../../src/storage/process-table.ts';
import { govern, lastWord, type Governed } from './governed.ts';
import { processesOf } from './processes.ts';

const kindsSchema = z.array(z.object({ entry: z.object({ kind: z.string() }) }));
const session = '00000000-0000-4000-8000-000000000006';
const table = processTable();

/** The shell says who it is and becomes something that never ends. */
function endless(lab: Governed, name: string): string {
  return `printf %s $$ > ${join(lab.scratch.project, name)}; exec tail -f /dev/null`;
}

/** What runs under that name, once it does. */
function pidOf(lab: Governed, name: string): Promise<number> {
  return until(`${name} to run`, async () => {
    const file = join(lab.scratch.project, name);
    return existsSync(file) && (Number(readFileSync(file, 'utf8')) || undefined);
  });
}

async function kindsOf(lab: Governed): Promise<readonly string[]> {
  const listed = await lab.succeeds('audit', 'list', '--json', '--session', session, '--limit', '200');
  return z.parse(kindsSchema, JSON.parse(listed)).map(({ entry }) => entry.kind);
}

test('a kill ends two background commands, a deaf daemon, a subagent at work and the command in front', async () => {
  await using lab = await govern((governed) => (ask) => (ask.subagent === '' ? ofSession(governed) : ofSubagent(governed))[ask.step] ?? {});
  const { done } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  const names = ['background-1', 'background-2', 'daemon', 'subagent', 'foreground'];
  const pids = await Promise.all(names.map((name) => pidOf(lab, name)));
  expect(pids.map((pid) => table.one(pid) !== undefined)).toEqual(names.map(() => true));
  const client = (await lab.call('sessions', {}))[0]?.pid ?? 0;
  expect(table.one(client)).toBeDefined();

  const { left, ended } = await lab.call('kill', { session, reason: 'Enough.', surface: 'terminal' });
  expect(left).toEqual([]);
  expect([...pids, client].filter((pid) => table.one(pid) !== undefined)).toEqual([]);
  expect(ended).toEqual(expect.arrayContaining([...pids, client]));
  expect((await done).exitCode).toBe(143);
  expect(processesOf(lab.scratch.home)).toEqual([lab.governor().pid]);
  const kinds = await kindsOf(lab);
  expect(kinds).toContain('session-end');
  expect(kinds).toContain('session-killed');
});

function ofSession(lab: Governed): readonly Turn[] {
  const background = (name: string) => ({ name: 'Bash', input: { command: endless(lab, name), run_in_background: true } });
  const deaf = `trap "" TERM; printf %s $$ > ${join(lab.scratch.project, 'daemon')}; while :; do sleep 1; done`;
  return [
    { calls: [background('background-1'), background('background-2')] },
    { calls: [{ name: 'Bash', input: { command: `setsid sh -c '${deaf}' > /dev/null 2>&1 < /dev/null &` } }] },
    { calls: [{ name: 'Agent', input: { description: 'sub', prompt: 'sub', subagent_type: 'general-purpose' } }] },
    { calls: [{ name: 'Bash', input: { command: endless(lab, 'foreground') } }] },
  ];
}

function ofSubagent(lab: Governed): readonly Turn[] {
  return [{ calls: [{ name: 'Bash', input: { command: endless(lab, 'subagent') } }] }];
}

/** One endless command, or a short one where the prompt asks for it. */
function endlessUnless(word: string) {
  return (lab: Governed) => (ask: { readonly prompt: string; readonly stepOfPrompt: number }) => {
    if (ask.prompt.includes(word)) return ask.stepOfPrompt === 0 ? lab.mark('allowed-later').turn : { text: lastWord };
    return { calls: [{ name: 'Bash', input: { command: endless(lab, 'foreground') } }] };
  };
}

test('a kill works for a session that an earlier governor saw, and for what an agent left behind that is gone', async () => {
  await using lab = await govern(endlessUnless('later'));
  const { done, child } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  const command = await pidOf(lab, 'foreground');
  await lab.signalGovernor('SIGKILL');
  child.kill('SIGKILL');
  await done;
  expect(table.one(command)).toBeDefined();
  await lab.succeeds('kill', session);
  expect(table.one(command)).toBeUndefined();
  expect(processesOf(lab.scratch.home)).toEqual([lab.governor().pid]);
});

test('a killed session cannot be continued either; a fork is another session, which is judged like any', async () => {
  await using lab = await govern(endlessUnless('later'));
  const { done } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  await pidOf(lab, 'foreground');
  await lab.succeeds('kill', session);
  await done;
  const asked = lab.model.asks.length;
  await runPrint(lab.scratch, { prompt: 'later', args: ['--continue'] });
  expect([lab.model.asks.length - asked, lab.mark('allowed-later').runs()]).toEqual([0, 0]);
  await runPrint(lab.scratch, { prompt: 'later', args: ['--resume', session, '--fork-session'] });
  expect(lab.mark('allowed-later').runs()).toBe(1);
});

test('killing all ends background sessions with their service, and sessions without our hooks; other people’s agents stay', async () => {
  await using lab = await govern((governed) => (ask) => {
    const name = ask.prompt.includes('bare') ? 'bare' : 'background';
    return { calls: [{ name: 'Bash', input: { command: endless(governed, name) } }] };
  });
  const env = { ...process.env, HOME: '/nowhere' };
  const stranger = spawn('sleep', ['600'], { argv0: 'claude', env, stdio: 'ignore' });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await runClaude(lab.scratch, ['--bg', '--permission-mode', 'bypassPermissions', 'go']);
  const bare = startPrint(lab.scratch, { prompt: 'bare', args: ['--bare'] });
  await Promise.all(['background', 'bare'].map((name) => pidOf(lab, name)));

  const { sessions, unreachable } = await lab.call('killAll', { reason: 'Enough.', surface: 'terminal' });
  expect(sessions.flatMap(({ left }) => left)).toEqual([]);
  expect(sessions.filter((killed) => killed.session !== '')).toHaveLength(2);
  expect((await bare.done).exitCode).toBe(143);
  expect(processesOf(lab.scratch.home)).toEqual([lab.governor().pid]);
  expect(unreachable).toContainEqual({ pid: stranger.pid, agent: 'claude-code', why: 'it runs with another HOME (/nowhere)' });
  expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
});

test('a session that is paused in the middle of a turn stops before its next call, and goes on when it is resumed', async () => {
  await using lab = await govern((governed) => async (ask) => {
    if (ask.stepOfPrompt > 0) return { text: lastWord };
    if (ask.prompt.includes('pause')) await governed.succeeds('pause', session, '--reason', 'Lunch.');
    return governed.mark('allowed').turn;
  });
  await runPrint(lab.scratch, { prompt: 'pause', args: ['--session-id', session] });
  expect([lab.model.asks.length, lab.mark('allowed').runs()]).toEqual([1, 0]);
  expect(await lab.call('sessions', {})).toMatchObject([{ id: session, paused: { reason: 'Lunch.' } }]);
  await runPrint(lab.scratch, { prompt: 'go on', args: ['--resume', session] });
  expect([lab.model.asks.length, lab.mark('allowed').runs()]).toEqual([1, 0]);

  await lab.succeeds('resume', session);
  await runPrint(lab.scratch, { prompt: 'go on', args: ['--resume', session] });
  expect(lab.mark('allowed').runs()).toBe(1);
  expect(await kindsOf(lab)).toEqual(expect.arrayContaining(['session-paused', 'session-resumed']));
});
