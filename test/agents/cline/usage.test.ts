import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clineUsage } from '../../../src/agents/cline/usage.ts';
import { pricesOf } from '../../../src/engine/spend/price.ts';
import { allRecords } from '../../../src/storage/spend/record-places.ts';
import { SpendIndex } from '../../../src/storage/spend/spend-index.ts';

const session = '1795936013880_3ocil';
let home: string;
let index: SpendIndex;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cs-'));
  mkdirSync(join(home, '.cline', 'data', 'sessions', session), { recursive: true });
  const none = join(home, 'none');
  index = new SpendIndex({
    path: join(home, 'spend.db'),
    readers: [clineUsage],
    records: () => allRecords([], { HOME: home, CLAUDE_CONFIG_DIR: none, CODEX_HOME: none, COUNTERSIGN_HOME: none, XDG_CONFIG_HOME: none }),
    workspaceOf: (cwd) => cwd,
    prices: () => pricesOf({}, 0.01),
    now: Date.now,
  });
});
afterEach(() => {
  index.close();
  rmSync(home, { recursive: true, force: true });
});

const asked = (text: string) => ({ id: 'q', role: 'user', content: [{ type: 'text', text }], ts: 1 });
const said = (id: string, metrics: Readonly<Record<string, number>>, provider = 'openai-compatible') => ({
  id,
  role: 'assistant',
  content: [{ type: 'tool_use', id: 'call_1', name: 'run_commands', input: { commands: ['ls'], inputTokens: 7 } }],
  ts: 1_795_936_014_328,
  modelInfo: { id: 'lab-model', provider },
  metrics,
});

function textOf(messages: readonly object[]): string {
  const document = { version: 1, agent: 'lead', sessionId: session, messages, system_prompt: 'You are Cline.\n'.repeat(40) };
  return JSON.stringify(document, undefined, 2);
}

/** As Cline writes it: the whole document, each time. */
function write(...messages: readonly object[]): void {
  writeFileSync(join(home, '.cline', 'data', 'sessions', session, `${session}.messages.json`), textOf(messages));
}

function counted() {
  index.scan();
  while (!index.step(1_000));
  const report = index.report({ since: 0, until: Date.now() * 2, step: 'day', timeZone: 'UTC', by: 'model' });
  return report.rows.map(({ key, sum }) => [key, sum.responses, Object.values(sum.tokens)]);
}

const first = said('msg_1', { inputTokens: 1017, outputTokens: 53, cacheReadTokens: 211, cacheWriteTokens: 0 });

test('each response counts once, also when the document is written anew with more', () => {
  const second = said('msg_2', { inputTokens: 1000, outputTokens: 50, cacheReadTokens: 0, cacheWriteTokens: 0 });
  const before = [asked('go on'), first];
  // A line ends where one ended before, as if the file had only grown.
  const end = textOf(before).lastIndexOf('\n');
  const more = Array.from({ length: 5_000 }, (_, n) => asked('x'.repeat(n))).find((one) => textOf([...before, one, second])[end] === '\n');
  write(...before);
  expect(counted()).toEqual([['lab-model', 1, [806, 53, 211, 0, 0]]]);
  write(...before, ...(more === undefined ? [] : [more]), second);
  expect(counted()).toEqual([['lab-model', 2, [1806, 103, 211, 0, 0]]]);
  expect(counted()).toEqual([['lab-model', 2, [1806, 103, 211, 0, 0]]]);
});

test('what a vendor counts beside the cache is not taken from it', () => {
  write(said('msg_1', { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4000, cacheWriteTokens: 300 }, 'anthropic'));
  expect(counted()).toEqual([['lab-model', 1, [10, 5, 4000, 300, 0]]]);
});

test('what an agent or a person writes is no figure', () => {
  const forged = '"\n        "inputTokens": 999999,\n    },\n    {\n      "id": "x"';
  write(asked(forged), first, { ...asked(forged), role: 'assistant' });
  expect(counted()).toEqual([['lab-model', 1, [806, 53, 211, 0, 0]]]);
});
