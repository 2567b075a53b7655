import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentFound } from '../../src/storage/agent-processes.ts';
import type { RegisteredSession } from '../../src/storage/claude-registry.ts';
import { psAgent } from '../../src/storage/ps-agents.ts';
import { MachineSightings } from '../../src/storage/sightings.ts';
import { temporaryFolder } from './folder.ts';

const longAgo = Date.now() - 60_000;

function found(pid: number, over: Partial<AgentFound> = {}): AgentFound {
  const process = { pid, start: String(pid) };
  return {
    agent: 'claude-code',
    args: [],
    process,
    parent: 1,
    startedAt: longAgo,
    cwd: '/w',
    place: { tty: 'pts/1' },
    environment: {},
    ...over,
  };
}

function registered(pid: number, folder: string, over: Partial<RegisteredSession> = {}): RegisteredSession {
  const process = { pid, start: String(pid) };
  return { agent: 'claude-code', session: `s${pid}`, process, cwd: '/w/p', startedAt: longAgo, isBusy: false, folder, ...over };
}

function sightings(agents: readonly AgentFound[], sessions: readonly RegisteredSession[], asked: string[] = []): MachineSightings {
  return new MachineSightings({
    agents: { all: async () => agents, placeOf: () => ({ parent: 'bash' }) },
    claudeFolders: () => ['/home/ada/.claude'],
    registered: (folders) => {
      asked.push(...folders);
      return sessions;
    },
    port: () => 4711,
  });
}

test('a session that its agent registers is told once, with what both know', async () => {
  const all = await sightings(
    [found(7), found(8, { agent: 'codex', args: ['--yolo'] })],
    [registered(7, '/f', { doing: 'asking', version: '2.1.329' })],
  ).all();
  expect(all).toEqual([
    expect.objectContaining({ session: 's7', doing: 'asking', version: '2.1.329', place: { tty: 'pts/1' } }),
    { agent: 'codex', process: { pid: 8, start: '8' }, cwd: '/w', startedAt: longAgo, place: { tty: 'pts/1' }, mode: 'yolo' },
  ]);
});

test('registers are also looked for where a process keeps its files', async () => {
  const asked: string[] = [];
  await sightings([found(7, { environment: { CLAUDE_CONFIG_DIR: '/elsewhere' } })], [], asked).all();
  expect(asked).toEqual(['/home/ada/.claude', '/elsewhere']);
});

test.each<[string, readonly AgentFound[], readonly number[], readonly number[]]>([
  ['a script and the program it starts are one', [found(7), found(8, { parent: 7 })], [], [7]],
  ['where the agent registers the program, that one counts', [found(7), found(8, { parent: 7 })], [8], [8]],
  ['an agent that another one starts is a second', [found(7), found(8, { parent: 7, agent: 'codex' })], [], [7, 8]],
  ['both register: two', [found(7), found(8, { parent: 7 })], [7, 8], [7, 8]],
  ['one that has just begun may register yet', [found(7, { startedAt: Date.now() })], [], []],
  ['an agent without a register is told at once', [found(7, { startedAt: Date.now(), agent: 'codex' })], [], [7]],
])('%s', async (_, agents, named, expected) => {
  const all = await sightings(
    agents,
    named.map((pid) => registered(pid, '/f')),
  ).all();
  expect(all.map(({ process }) => process.pid).sort((a, b) => a - b)).toEqual(expected);
});

test('the model and the mode are those of the last answer in the transcript', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'projects', '-w-p'), { recursive: true });
  const transcript = join(folder, 'projects', '-w-p', 's7.jsonl');
  const answer = (model: string): string => `${JSON.stringify({ type: 'assistant', message: { model } })}\n`;
  const one = sightings([], [registered(7, folder)]);
  expect((await one.all())[0]).not.toHaveProperty('model');
  writeFileSync(transcript, `${JSON.stringify({ permissionMode: 'plan' })}\n${answer('claude-opus-5')}${answer('<synthetic>')}{"mod`);
  expect(await one.all()).toMatchObject([{ model: 'claude-opus-5', mode: 'plan' }]);
  writeFileSync(transcript, answer('claude-haiku-5'));
  expect(await one.all()).toMatchObject([{ model: 'claude-haiku-5', mode: 'plan' }]);
});

test('what puts our hooks into a session is read when it starts, and holds until it ends', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ enabledPlugins: { 'countersign@countersign': true } }));
  const one = sightings([], [registered(7, folder)]);
  expect(await one.all()).toMatchObject([{ hooks: 'plugin' }]);
  writeFileSync(join(folder, 'settings.json'), '{}');
  expect(await one.all()).toMatchObject([{ hooks: 'plugin' }]);
  expect((await sightings([], [registered(8, folder)]).all())[0]).not.toHaveProperty('hooks');
});

test('ps names the agents of this user and this home', () => {
  const line = (uid: number, command: string): string => `  501     1   ${uid} ttys003  Fri Nov 20 11:04:56 2026 ${command}`;
  expect(psAgent(line(501, 'claude --resume HOME=/Users/ada TERM_PROGRAM=iTerm.app'), 501, '/Users/ada')).toMatchObject({
    agent: 'claude-code',
    process: { pid: 501, start: 'Fri Nov 20 11:04:56 2026' },
    place: { program: 'iTerm.app', tty: 'ttys003' },
  });
  expect(psAgent(line(502, 'claude HOME=/Users/ada'), 501, '/Users/ada')).toBeUndefined();
  expect(psAgent(line(501, 'claude HOME=/Users/bob'), 501, '/Users/ada')).toBeUndefined();
  expect(psAgent(line(501, 'vim claude HOME=/Users/ada'), 501, '/Users/ada')).toBeUndefined();
});

test('programs of the same agent that it started are told with it: its hooks may be started by any of them', async () => {
  const qwen = (pid: number, parent: number) => found(pid, { agent: 'qwen-code', parent });
  const all = await sightings([qwen(9, 1), qwen(10, 9), qwen(11, 10), found(12, { agent: 'codex', parent: 9 })], []).all();
  expect(all.map(({ process, inner = [] }) => [process.pid, inner.map(({ pid }) => pid)])).toEqual([
    [9, [10, 11]],
    [12, []],
  ]);
});
