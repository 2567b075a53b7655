import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ToolCall } from '../../src/engine/tool-call.ts';
import { isRecorded } from '../../src/storage/recorded-call.ts';
import { temporaryFolder } from './folder.ts';

const line = (id: string) => `${JSON.stringify({ type: 'assistant', message: { content: [{ type: 'tool_use', id }] } })}\n`;

function place() {
  const transcript = join(temporaryFolder(), 's1.jsonl');
  const call: ToolCall = {
    id: 'toolu_1',
    agent: { vendor: 'anthropic', name: 'claude-code' },
    session: { id: 's1', transcript },
    tool: 'shell',
    nativeTool: 'Bash',
    arguments: {},
    cwd: '/w',
    paths: { read: [], write: [] },
    domains: [],
  };
  const subagents = join(transcript.replace('.jsonl', ''), 'subagents');
  mkdirSync(subagents, { recursive: true });
  return { transcript, call, subagents };
}

test('a call that the transcript holds is recorded, however long its line', async () => {
  const { transcript, call } = place();
  writeFileSync(transcript, line('toolu_0') + line('toolu_1').replace('{', `{"text":"${'x'.repeat(500_000)}",`) + line('toolu_2'));
  expect(await isRecorded(call)).toBe(true);
});

test('a call whose line comes later is waited for, to its end', async () => {
  const { transcript, call } = place();
  const answer = isRecorded(call, 60_000);
  let told = false;
  void answer.then(() => (told = true));
  appendFileSync(transcript, line('toolu_0') + line('toolu_1').slice(0, -1));
  const asked = isRecorded(call, 100);
  expect(await asked).toBe(false);
  expect(told).toBe(false);
  appendFileSync(transcript, '\n');
  expect(await answer).toBe(true);
});

test('the call of a subagent is in its own transcript, or in that of the session', async () => {
  const { transcript, call, subagents } = place();
  writeFileSync(transcript, line('toolu_0'));
  writeFileSync(join(subagents, 'agent-a1.jsonl'), line('toolu_1'));
  expect(await isRecorded({ ...call, subagent: { id: 'a1' } })).toBe(true);
  expect(await isRecorded({ ...call, id: 'toolu_0', subagent: { id: 'a1' } })).toBe(true);
  expect(await isRecorded({ ...call, subagent: { id: 'a2' } }, 50)).toBe(false);
});

test.each<[string, Partial<ToolCall>, boolean]>([
  ['no transcript', { session: { id: 's1' } }, false],
  ['a transcript that is never written', { session: { id: 's1', transcript: '/nowhere/s1.jsonl' } }, false],
  ['a transcript that is a folder', { session: { id: 's1', transcript: '/tmp' } }, false],
  ['no id', { id: '' }, false],
  ['part of an id', { id: 'toolu_' }, false],
  ['an agent whose records we do not know', { agent: { vendor: 'x', name: 'other' }, session: { id: 's1' } }, true],
])('%s', async (_, over, expected) => {
  const { transcript, call } = place();
  writeFileSync(transcript, line('toolu_1'));
  expect(await isRecorded({ ...call, ...over }, 50)).toBe(expected);
});
