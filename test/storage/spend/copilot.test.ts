import { appendFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { copilotUsage } from '../../../src/agents/copilot-cli/usage.ts';
import { pricesOf } from '../../../src/engine/spend/price.ts';
import { totalOf } from '../../../src/engine/spend/usage.ts';
import { allRecords } from '../../../src/storage/spend/record-places.ts';
import { SpendIndex } from '../../../src/storage/spend/spend-index.ts';
import { temporaryFolder } from '../folder.ts';

const session = '8e62b304-79f1-4561-b9bc-d49ef4f178bd';
const recorded = join(import.meta.dirname, '..', '..', 'fixtures', 'copilot-cli', 'records-1.0.102', '.copilot', 'session-state', session);
const asking = { agent: 'copilot-cli', session, cwd: '/w' };

function place() {
  const home = temporaryFolder();
  vi.stubEnv('COPILOT_HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sessions = join(home, 'session-state');
  const prices = pricesOf({ 'gpt-5-mock': [{ input: 1, output: 10 }] }, 0.01);
  const index = new SpendIndex({
    path: join(home, 'spend.db'),
    readers: [copilotUsage],
    records: () => allRecords([], { HOME: home, COPILOT_HOME: home }),
    workspaceOf: (cwd) => cwd,
    prices: () => prices,
    now: Date.now,
  });
  onTestFinished(() => index.close());
  return { sessions, index, tokens: () => totalOf(index.sum({ agent: 'copilot-cli', session }).tokens) };
}

/** What the recording's ledger sums up to. */
const all = 47_458;

test('a session is read before a call of it is judged, though no hook told where its record lies', () => {
  const { sessions, index, tokens } = place();
  cpSync(recorded, join(sessions, session), { recursive: true });
  index.readSession(asking);
  expect(tokens()).toBe(all);
});

test('what is added counts at the next call', () => {
  const { sessions, index, tokens } = place();
  cpSync(recorded, join(sessions, session), { recursive: true });
  index.readSession(asking);
  const usage = { model: 'gpt-5-mock', inputTokens: 10, outputTokens: 1, accounting: { sourceSessionId: session, sequence: 99 } };
  const line = { type: 'session.usage_record', data: { usage }, id: 'x', timestamp: '2026-11-29T03:00:00.000Z' };
  appendFileSync(join(sessions, session, 'events.jsonl'), `${JSON.stringify(line)}\n`);
  index.readSession(asking);
  expect(tokens()).toBe(all + 11);
});

test('copies of a project’s files among the sessions are nobody’s record', () => {
  const { sessions, index, tokens } = place();
  mkdirSync(join(sessions, 'other'), { recursive: true });
  cpSync(recorded, join(sessions, 'other', 'files', session), { recursive: true });
  index.scan();
  while (!index.step(1_000));
  expect(tokens()).toBe(0);
});

test.each([session, '../session-state', ''])('a session without a record is not known (%s)', (unknown) => {
  const { index } = place();
  expect(() => index.readSession({ ...asking, session: unknown })).toThrow(/was not found|ENOENT/);
});
