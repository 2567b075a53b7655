import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { governCodex, shell, type GovernedCodex } from '../../lab/codex/governed.ts';
import { openCodexTerminal, type CodexTerminal } from '../../lab/codex/terminal.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { processesOf } from '../claude/processes.ts';

const binary = installed('codex') ?? '';
const hasTmux = canRun('tmux', '-V');
const waitMs = 90_000;

test.skipIf(binary === '' || !hasTmux)(
  'of two sessions in the server that terminals share, the one that is killed ends with all that it runs; the other goes on',
  async () => {
    // A command that waits for a file, with a daemon beside it that has left the process tree.
    const work = (lab: GovernedCodex, name: string) =>
      shell(`setsid sleep 600${name} & until [ -e ${file(lab, `go-${name}`)} ]; do sleep 0.2; done; echo ${name} >> ${file(lab, 'ran')}`);
    await using lab = await governCodex(binary, (governed) => ({ prompt, results }) => {
      const name = /^begin (\d)$/.exec(prompt)?.[1];
      if (name === undefined || results.length > 1) return {};
      return { calls: [results.length === 0 ? work(governed, name) : governed.mark(`after-${name}`).call] };
    });
    using one = await openCodexTerminal(lab, binary);
    using two = await openCodexTerminal(lab, binary);
    const first = await begin(lab, one, '1');
    const second = await begin(lab, two, '2');
    const server = serverOf(lab);
    expect(await pidsOf(lab, [first, second])).toEqual([server, server]);

    const killed = await lab.call('kill', { session: first, reason: 'Enough.', surface: 'terminal' });
    expect(killed).toMatchObject({ left: [], message: expect.stringContaining(`Its turn was ended in process ${server}`) });
    expect([sleepers(lab, '1').length, sleepers(lab, '2').length]).toEqual([0, 1]);
    await one.shows('Conversation interrupted');
    expect(serverOf(lab)).toBe(server);

    // The killed session gets nothing more, not even a prompt; the other one ends its work.
    const asks = () => lab.model.asks.filter(({ thread }) => thread === first).length;
    const before = asks();
    await one.submit('begin 3', () => one.screen().includes('This session was ended by'));
    expect(asks()).toBe(before);
    execFileSync('touch', [file(lab, 'go-1'), file(lab, 'go-2')]);
    await until('the other session to go on', async () => lab.mark('after-2').runs() === 1, waitMs);
    await two.shows('Done.');
    expect(readFileSync(file(lab, 'ran'), 'utf8')).toBe('2\n');
    expect(lab.mark('after-1').runs()).toBe(0);
    expect(await lab.call('incidents', {})).toEqual([]);
  },
);

/** Resolves with the session's id once its command runs. */
async function begin(lab: GovernedCodex, terminal: CodexTerminal, name: string): Promise<string> {
  const ask = () => lab.model.asks.find(({ prompt }) => prompt === `begin ${name}`);
  await terminal.submit(`begin ${name}`, () => ask() !== undefined);
  await until(`session ${name} to run its command`, async () => sleepers(lab, name).length === 1, waitMs);
  return ask()?.thread ?? '';
}

function sleepers(lab: GovernedCodex, name: string): readonly number[] {
  return processesOf(lab.home).filter((pid) => argumentsOf(pid).includes(`600${name}`) && argumentsOf(pid)[0] === 'sleep');
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
