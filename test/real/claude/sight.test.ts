import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { connect } from '../../../src/channel/start.ts';
import type { SessionView } from '../../../src/channel/messages.ts';
import { homeOf } from '../../../src/storage/home.ts';
import { govern, lastWord, type Governed } from './governed.ts';

const session = '00000000-0000-4000-8000-000000000007';
const lasting = { calls: [{ name: 'Bash', input: { command: 'tail -f /dev/null' } }] };
const inside = { description: 'x', prompt: 'go', subagent_type: 'general-purpose', run_in_background: false };

/** What a window is told about the session, each time with how old the session was then. */
async function watch(lab: Governed) {
  const home = homeOf({ COUNTERSIGN_HOME: lab.state });
  const token = readFileSync(home.clientToken, 'utf8').trim();
  const { client } = await connect(home, { token, client: 'window', pid: process.pid, version: 'lab', folders: [], focused: false });
  const rows: (SessionView & { readonly afterMs: number })[] = [];
  await client.subscribe((push) => {
    const found = push.push === 'sessions' ? push.sessions.find(({ id }) => id === session) : undefined;
    if (found !== undefined) rows.push({ ...found, afterMs: Date.now() - found.startedAt });
  });
  const row = (fits: (row: SessionView) => boolean) => until('the session to be shown', async () => rows.find(fits));
  return { row, rows, [Symbol.dispose]: () => client.close() };
}

test('a session without our hooks is shown within two seconds, as not governed, and can be killed', async () => {
  await using lab = await govern(() => [lasting, { text: lastWord }]);
  await lab.succeeds('sessions');
  using watcher = await watch(lab);
  const { done, child } = startPrint(lab.scratch, { prompt: 'go', args: ['--bare', '--session-id', session] });
  const row = await watcher.row(({ governed, state }) => governed?.by === 'none' && state === 'busy');
  expect(row).toMatchObject({ agent: 'claude-code', cwd: lab.scratch.project, pid: child.pid, calls: 0 });
  expect(watcher.rows[0]?.afterMs).toBeLessThan(2_000);
  expect(await lab.succeeds('sessions')).toMatch(new RegExp(`${session} +claude-code 2\\.\\S+ +no +busy `));
  await lab.succeeds('kill', session);
  await done;
});

test('a session that has them says plugin, with the model that answers and its subagents', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.subagent !== '') return ask.step === 0 ? governed.mark('asked').turn : { text: 'sub' };
    return ask.step === 0 ? { calls: [{ name: 'Agent', input: inside }] } : { text: lastWord };
  });
  await lab.succeeds('sessions');
  using watcher = await watch(lab);
  const { done } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  const { id } = await lab.question(lab.mark('asked'));
  const row = await watcher.row(({ subagents = [], model }) => subagents.length > 0 && model !== undefined);
  expect(row).toMatchObject({ governed: { by: 'plugin' }, subagents: [{ type: 'general-purpose', calls: 1 }] });
  expect(await lab.succeeds('sessions')).toMatch(/ plugin +waiting .*\n +└ general-purpose/);
  await lab.answer(id, 'approved');
  await done;
});
