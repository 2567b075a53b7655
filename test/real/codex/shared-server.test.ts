import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { governCodex, shell, type GovernedCodex } from '../../lab/codex/governed.ts';
import type { CodexAsk, CodexTurn } from '../../lab/codex/model.ts';
import { openCodexTerminal, type CodexTerminal } from '../../lab/codex/terminal.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { processesOf } from '../claude/processes.ts';

const binary = installed('codex') ?? '';
const waitMs = 90_000;

/**
 * "begin N": starts a subagent, then a command that waits for the file `go-N`, with a daemon beside it that has left the process tree;
 * once that file is there, one call more.
 */
function script(lab: GovernedCodex): (ask: CodexAsk) => CodexTurn {
  return ({ prompt, results }) => {
    const [, what, name = ''] = /^(begin|below) (\d)$/.exec(prompt) ?? [];
    const wait = `until [ -e ${file(lab, `go-${name}`)} ]; do sleep 0.2; done`;
    if (what === 'below' && results.length === 0) return { calls: [shell(`sleep 700${name}`)] };
    const isOver = lab.mark(`after-${name}`).runs() > 0 || results.some((result) => result.includes('This session was ended'));
    if (what !== 'begin' || isOver) return {};
    if (results.length === 0) return { calls: [{ names: ['spawn_agent'], input: { message: `below ${name}` } }] };
    if (existsSync(file(lab, `go-${name}`))) return { calls: [lab.mark(`after-${name}`).call] };
    return { calls: [shell(results.length === 1 ? `setsid sleep 600${name} & ${wait}` : wait)] };
  };
}

const isMissing = binary === '' || !canRun('tmux', '-V');

test.skipIf(isMissing)(
  'of two sessions in the server that terminals share, the one that is killed ends with all that it runs; the other goes on',
  async () => {
    await using lab = await governCodex(binary, script);
    using one = await openCodexTerminal(lab, binary);
    using two = await openCodexTerminal(lab, binary);
    const first = await begin(lab, one, '1');
    const second = await begin(lab, two, '2');
    const server = serverOf(lab);
    expect(await pidsOf(lab, [first, second])).toEqual([server, server]);

    const killed = await lab.call('kill', { session: first, reason: 'Enough.', surface: 'terminal' });
    expect(killed).toMatchObject({ left: [], message: expect.stringContaining(`Its work was ended in process ${server}`) });
    expect([sleepers(lab, '1').length, sleepers(lab, '2').length]).toEqual([0, 2]);
    await one.shows('Conversation interrupted');
    expect(serverOf(lab)).toBe(server);

    // The killed session gets nothing more, not even a prompt; the other one ends its work.
    writeFileSync(file(lab, 'go-1'), '');
    writeFileSync(file(lab, 'go-2'), '');
    const before = asksOf(lab, first);
    await one.submit('begin 3', () => one.screen().includes('This session was ended by'));
    await until('the other session to go on', async () => lab.mark('after-2').runs() === 1, waitMs);
    await two.shows('Done.');
    expect([asksOf(lab, first), lab.mark('after-1').runs(), lab.mark('after-2').runs()]).toEqual([before, 0, 1]);
    expect(await lab.call('incidents', {})).toEqual([]);
  },
);

test.skipIf(isMissing)('a server that hangs is named as left; what it ran is ended, and its session gets nothing more', async () => {
  await using lab = await governCodex(binary, script);
  using terminal = await openCodexTerminal(lab, binary);
  const session = await begin(lab, terminal, '1');
  const server = serverOf(lab) ?? 0;
  process.kill(server, 'SIGSTOP');
  const killed = await lab.call('kill', { session, reason: 'Enough.', surface: 'terminal' });
  expect(killed.left).toEqual([{ pid: server, why: expect.stringContaining('it did not answer within 2 s') }]);
  expect(sleepers(lab, '1')).toEqual([]);
  writeFileSync(file(lab, 'go-1'), '');
  process.kill(server, 'SIGCONT');
  const denials = async () => (await lab.call('sessions', {})).find(({ id }) => id === session)?.denials ?? 0;
  await until('its next call to be refused', async () => (await denials()) > 0, waitMs);
  expect(lab.mark('after-1').runs()).toBe(0);
  // Once it answers again, the same kill succeeds.
  const again = await lab.call('kill', { session, reason: 'Enough.', surface: 'terminal' });
  expect(again).toMatchObject({ left: [], message: expect.stringContaining(`in process ${server}, which goes on`) });
});

/** Resolves with the session's id once its command and its subagent's run. */
async function begin(lab: GovernedCodex, terminal: CodexTerminal, name: string): Promise<string> {
  const ask = () => lab.model.asks.find(({ prompt }) => prompt === `begin ${name}`);
  await terminal.submit(`begin ${name}`, () => ask() !== undefined);
  await until(`session ${name} to run its commands`, async () => sleepers(lab, name).length === 2, waitMs);
  return ask()?.thread ?? '';
}

function sleepers(lab: GovernedCodex, name: string): readonly number[] {
  const lengths = [`600${name}`, `700${name}`];
  return processesOf(lab.home).filter((pid) => argumentsOf(pid)[0] === 'sleep' && lengths.includes(argumentsOf(pid)[1] ?? ''));
}

function asksOf(lab: GovernedCodex, session: string): number {
  return lab.model.asks.filter(({ thread }) => thread === session).length;
}

function serverOf(lab: GovernedCodex): number | undefined {
  return processesOf(lab.home).find((pid) => argumentsOf(pid).includes('--listen'));
}

async function pidsOf(lab: GovernedCodex, ids: readonly string[]): Promise<readonly (number | undefined)[]> {
  const sessions = await lab.call('sessions', {});
  return ids.map((id) => sessions.find((session) => session.id === id)?.pid);
}

function file(lab: GovernedCodex, name: string): string {
  return join(lab.scratch.project, name);
}

/** Empty for a process that has just ended. */
function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function canRun(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
