import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
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
  ['no id, as for what the agent asks its own person about', { id: '' }, true],
  ['part of an id', { id: 'toolu_' }, false],
  ['an agent whose records we do not know', { agent: { vendor: 'x', name: 'other' }, session: { id: 's1' } }, true],
])('%s', async (_, over, expected) => {
  const { transcript, call } = place();
  writeFileSync(transcript, line('toolu_1'));
  expect(await isRecorded({ ...call, ...over }, 50)).toBe(expected);
});

/** Copilot's hooks know no id, and no transcript: its record tells which of them it waits for. */
const hook = (data: object, type = 'hook.start') =>
  `${JSON.stringify({ type, data: { hookInvocationId: 'h1', hookType: 'preToolUse', ...data } })}\n`;
const asking = (command: string, asker = 's1') =>
  hook({ input: { sessionId: asker, cwd: '/w', toolCalls: [{ id: 'c', name: 'bash', args: { command } }] } });
const ended = hook({ success: true }, 'hook.end');

function copilotPlace() {
  const home = temporaryFolder();
  vi.stubEnv('COPILOT_HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { call } = place();
  mkdirSync(join(home, 'session-state', 's1'), { recursive: true });
  const path = join(home, 'session-state', 's1', 'events.jsonl');
  return {
    path,
    call: { ...call, id: '', agent: { vendor: 'github', name: 'copilot-cli' }, session: { id: 's1' }, arguments: { command: 'ls' } },
  };
}

test.each<[string, string, Partial<ToolCall>, boolean]>([
  ['the hook is open', asking('ls'), {}, true],
  ['a subagent’s hook is open', asking('ls', 'a1'), { subagent: { id: 'a1' } }, true],
  ['only another’s hook is open', asking('ls', 'a1'), {}, false],
  ['only a hook about another call is open', asking('pwd'), {}, false],
  ['the hook was answered before', asking('ls') + ended, {}, false],
  ['its line is not whole', asking('ls').slice(0, -1), {}, false],
  ['nothing is written', '', {}, false],
  ['what is written cannot be read', '{"type":"hook.start"}\n{"type":"hook.start\n', {}, false],
  ['the session’s name leads elsewhere', asking('ls'), { session: { id: '../session-state/s1' } }, false],
])('Copilot: %s', async (_, text, over, expected) => {
  const { path, call } = copilotPlace();
  writeFileSync(path, text);
  expect(await isRecorded({ ...call, ...over }, 100)).toBe(expected);
});

test('Copilot: the record may begin later than the question, and arguments may have been changed on their way to us', async () => {
  const { path, call } = copilotPlace();
  const answer = isRecorded(call, 60_000);
  writeFileSync(path, asking('ls -l'));
  expect(await answer).toBe(true);
});
