import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { transcript } from '../../../src/agents/claude-code/transcript.ts';

const file = join(import.meta.dirname, '..', '..', 'fixtures', 'claude-code', 'transcript-2.1.329.jsonl');
const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
const found = lines.flatMap((line) => transcript.read(line));
const calls = found.filter((part) => part.kind === 'call');
const results = new Map(found.flatMap((part) => (part.kind === 'result' ? [[part.callId, part.ran] as const] : [])));
const session = '00000000-0000-4000-8000-00000000000a';

test('a recorded session: every call with its input, and whether it ran', () => {
  const told = calls.map(({ call }) => [call.nativeTool, Object.values(call.arguments)[0], results.get(call.id)]);
  expect(told).toEqual([
    ['Bash', 'echo allowed-1 >> /home/ada/project/ran-allowed-1', true],
    ['Bash', 'echo denied-1 >> /home/ada/project/ran-denied-1', false],
    ['Bash', 'exit 3', true],
    ['Nonesuch', 1, false],
    ['Read', '/nonexistent/x', true],
    ['Read', undefined, false],
    ['Bash', 'echo hi', false],
    ['Bash', 'echo bg', true],
    ['Agent', 'sub', true],
    ['TodoWrite', [], false],
    ['Write', '/home/ada/project/a.txt', true],
    ['Edit', false, true],
    ['Bash', 'echo allowed-sub >> /home/ada/project/ran-allowed-sub', true],
  ]);
});

test("a subagent's call names it, in the session that started it", () => {
  expect(new Set(calls.map(({ call }) => call.session.id))).toEqual(new Set([session]));
  expect(calls.map(({ call }) => call.subagent?.id).filter((id) => id !== undefined)).toEqual(['aaa5f7cc96f60ff01']);
});

test('a call is described as the one that hooks report, as far as it can be', () => {
  expect(calls[0]).toMatchObject({ at: Date.parse('2026-11-28T15:17:18.462Z'), call: { tool: 'shell', cwd: '/home/ada/project' } });
  expect(calls[5]?.call).toMatchObject({ nativeTool: 'Read', tool: 'other' });
});

test('only lines with a mark say anything', () => {
  const silent = lines.filter((line) => !transcript.marks.some((mark) => line.includes(mark)));
  expect(silent.length).toBeGreaterThan(0);
  expect(silent.flatMap((line) => transcript.read(line))).toEqual([]);
});

const typed = (content: string, over: object = {}) =>
  transcript.read(
    JSON.stringify({
      type: 'user',
      sessionId: 's',
      cwd: '/w',
      uuid: 'u1',
      promptId: 'p1',
      timestamp: '2026-11-28T15:17:18.462Z',
      message: { role: 'user', content },
      ...over,
    }),
  );
const command = '<command-message>sub:go</command-message>\n<command-name>/sub:go</command-name>\n<command-args>one two</command-args>';

test('what a person typed: a command of their own, a slash command that became a prompt, and nothing else', () => {
  expect(typed('<bash-input>ls -l\nwho</bash-input>')).toMatchObject([
    { kind: 'command', id: 'u1', command: 'ls -l\nwho', origin: { session: { id: 's' }, cwd: '/w' } },
  ]);
  expect(typed(command)).toMatchObject([{ kind: 'expansion', expansion: { id: 'p1', name: '/sub:go', arguments: 'one two' } }]);
  // Typed as a text, which its source tells.
  expect(typed('<bash-input>ls</bash-input>', { promptSource: 'typed' })).toEqual([]);
  expect(typed('<bash-stdout>x</bash-stdout>')).toEqual([]);
  expect(typed(command, { type: 'assistant' })).toEqual([]);
});

test('a call of the model that expands a skill says which', () => {
  const content = [{ type: 'tool_use', id: 't1', name: 'Skill', input: { skill: 'ship', args: 'now' } }];
  const line = { type: 'assistant', message: { content } };
  expect(typed('', line)).toMatchObject([{ kind: 'call', expansion: { id: 't1', name: 'ship', arguments: 'now' } }]);
});

const result = { type: 'tool_result', tool_use_id: 't1', content: 'x' };
const line = { type: 'user', sessionId: 's', timestamp: '2026-11-28T15:17:18.462Z', message: { content: [result] } };
const ran = (over: object, block: object = {}) =>
  transcript.read(JSON.stringify({ ...line, ...over, message: { content: [{ ...result, ...block }] } }));

test.each<[string, object, object, boolean]>([
  ['the client says it let it through', { permissionDecision: { decision: 'accept' } }, { is_error: true }, true],
  ['the client says it did not', { permissionDecision: { decision: 'reject' } }, {}, false],
  ['an older client, no error', {}, {}, true],
  ['an older client, a command that failed', {}, { is_error: true, content: 'Exit code 3\nno' }, true],
  ['an older client, the same as a list', {}, { is_error: true, content: [{ type: 'text', text: 'Exit code 1' }] }, true],
  ['an older client, refused by a hook', {}, { is_error: true, content: 'PreToolUse:Bash hook error: no' }, false],
])('whether it ran: %s', (_, over, block, expected) => {
  expect(ran(over, block)).toMatchObject([{ kind: 'result', callId: 't1', ran: expected }]);
});

test.each<[string, string]>([
  ['no JSON', '{"type":"user"'],
  ['JSON of another kind', '[1]'],
  ['no session', JSON.stringify({ ...line, sessionId: undefined })],
  ['no time', JSON.stringify({ ...line, timestamp: 'soon' })],
  ['content that is text', JSON.stringify({ ...line, message: { content: 'a "tool_result"' } })],
  ['a block without an id', JSON.stringify({ ...line, message: { content: [{ type: 'tool_result' }] } })],
])('a line that cannot be read says nothing: %s', (_, text) => {
  expect(transcript.read(text)).toEqual([]);
});
