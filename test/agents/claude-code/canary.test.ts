import { expect, test } from 'vitest';
import { standInAnswer } from '../../../src/agents/claude-code/canary.ts';
import { canaryRun, lastSettings, namesModelServer } from '../../../src/agents/claude-code/canary-run.ts';

const call = { id: 'toolu_canary', file: "/home/a'da/canary" };
const asks = (tools: readonly string[], messages: readonly object[] = [{ role: 'user', content: 'go' }]) =>
  standInAnswer(JSON.stringify({ model: 'm', tools: tools.map((name) => ({ name })), messages }), call);

test.each<[string, readonly string[], string]>([
  ['reads the file', ['Bash', 'Read'], '"name":"Read"'],
  ['has a shell read it where nothing else may', ['Bash'], String.raw`cat '/home/a'\\\\''da/canary'`],
  ['makes no call without a tool that could', ['Grep'], '"end_turn"'],
  ['makes no call in a side request', [], '"end_turn"'],
])('the stand-in %s', (_, tools, part) => {
  expect(asks(tools).body).toContain(part);
});

test('the stand-in makes its call once, wherever the client puts the result', () => {
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'refused' }] };
  const later = { role: 'user', content: [{ type: 'text', text: 'a reminder' }] };
  for (const messages of [[result], [result, later], [later, result, later]]) {
    const answer = asks(['Read'], messages);
    expect(answer).toMatchObject({ heard: 'refused', body: expect.not.stringContaining('tool_use') });
  }
});

const places = { url: 'http://127.0.0.1:1', session: 's', gate: '/gate.json' };
const argumentsFor = (args: readonly string[], settings?: object) =>
  canaryRun(places, { args, environment: {}, ...(settings === undefined ? {} : { settings }) }).arguments.join(' ');

test.each<[string, readonly string[], string]>([
  ['what was asked of it is not', ['-p', 'delete everything', '--output-format', 'json', '--resume', 'x', '-c'], ''],
  ['what switches hooks off', ['--bare', '--safe-mode', '--setting-sources', 'project'], '--bare --safe-mode --setting-sources project'],
  ['another plugin', ['--plugin-dir=/p', 'go'], '--plugin-dir /p'],
  ['its folders and tools', ['--add-dir', 'a', 'b', '--tools', 'Bash', '--verbose'], '--add-dir a b --tools Bash'],
  ['its mode', ['--permission-mode', 'plan', '--model', 'x'], '--permission-mode plan'],
  ['none of its other servers', ['--mcp-config', 'a.json', 'b.json'], ''],
])('of how a session was started a canary keeps: %s', (_, args, kept) => {
  const start = '-p Countersign checks its hooks.';
  expect(argumentsFor(args)).toMatch([start, kept, '--strict-mcp-config --mcp-config /gate.json --settings '].filter(Boolean).join(' '));
});

test('a session that is strict about its servers stays so: whether it has the gate is its own', () => {
  expect(argumentsFor(['--strict-mcp-config', '--mcp-config', 'a.json'])).not.toContain('/gate.json');
});

test('only the stand-in is asked, whatever the session and its settings say', () => {
  const environment = {
    ANTHROPIC_BASE_URL: 'https://x',
    ANTHROPIC_AUTH_TOKEN: 't',
    CLAUDECODE: '1',
    CLAUDE_CODE_OAUTH_TOKEN: 'o',
    LD_PRELOAD: '/l',
  };
  const settings = { disableAllHooks: true, env: { ANTHROPIC_BASE_URL: 'https://y', A: 'a' } };
  const run = canaryRun(places, { args: [], environment, settings });
  expect(run.environment).toMatchObject({ ANTHROPIC_BASE_URL: places.url, LD_PRELOAD: '/l' });
  expect(Object.keys(run.environment)).not.toEqual(expect.arrayContaining(['CLAUDECODE', 'ANTHROPIC_AUTH_TOKEN']));
  expect(JSON.stringify(run)).not.toContain('https:');
  const given: unknown = JSON.parse(run.arguments[run.arguments.indexOf('--settings') + 1] ?? '');
  expect(given).toMatchObject({ disableAllHooks: true, env: { ANTHROPIC_BASE_URL: places.url, A: 'a', CLAUDE_CODE_USE_BEDROCK: '' } });
});

test('the last --settings hold', () => {
  expect(lastSettings(['--settings', 'a.json', '--settings={"b":1}'])).toBe('{"b":1}');
  expect(lastSettings(['-p', 'x'])).toBeUndefined();
});

test.each([
  ['{"env":{"ANTHROPIC_BASE_URL":"https://x"}}', true],
  ['{"env":{"CLAUDE_CODE_USE_VERTEX":"1"}}', true],
  ['{"env":{"A":"b"}}', false],
  ['{}', false],
  ['not JSON', false],
])('%s names a server for the model: %s', (settings, names) => {
  expect(namesModelServer(settings)).toBe(names);
});
