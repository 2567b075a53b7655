import { expect, test } from 'vitest';
import { patienceOf } from '../../../src/hosts/mcp-gateway/patience.ts';
import { StartingClient } from '../../../src/hosts/mcp-gateway/speaker.ts';
import { wishOf } from '../../../src/hosts/mcp-gateway/wish.ts';

test.each<[string, string, string | undefined, string]>([
  ['a client that we know by its name', 'gemini-cli-mcp-client', 'cursor', 'gemini-cli-mcp-client'],
  [
    'one that says something else: the agent in whose configuration the gateway stands',
    'qwen-cli-mcp-client-docs',
    'qwen-code',
    'qwen-code',
  ],
  ['one that stands in nobody’s', 'Some Client', undefined, 'Some Client'],
])('%s', (_, name, agent, client) => {
  const speaker = new StartingClient('docs', {}, '/', agent);
  speaker.introduce({ name });
  expect(speaker.from().client).toBe(client);
});

const minutes = 60_000;

test.each<[string, string, boolean, number | undefined, number]>([
  ['Codex, which progress does not keep', 'codex-mcp-client', true, undefined, 5 * minutes - 10_000],
  ['Codex, told to wait longer', 'codex-mcp-client', true, 30 * minutes, 30 * minutes - 10_000],
  ['Gemini CLI, in a hurry', 'gemini-cli-mcp-client', true, 5_000, 4_500],
  ['opencode, which progress keeps', 'opencode', true, undefined, 24 * 60 * minutes - 10_000],
  ['opencode, told to wait, and kept', 'opencode', true, 30_000, 24 * 60 * minutes - 10_000],
  ['opencode, told to wait for less than progress comes', 'opencode', true, 8_000, 7_200],
  ['opencode without progress', 'opencode', false, 30_000, 27_000],
  ['Claude Code, whose configuration is final', 'claude-code', true, 10 * minutes, 10 * minutes - 10_000],
  ['anybody', 'x', true, undefined, 54_000],
  ['anybody who says more', 'x', true, 2 * minutes, 2 * minutes - 10_000],
])('how long is waited for a person: %s', (_, client, hasProgress, configured, ms) => {
  expect(patienceOf(client, { hasProgress }, {}, configured)).toBe(ms);
});

test('what stands before the command is for the gateway', () => {
  expect(wishOf(['--name', 'docs', '--agent', 'cursor', '--patience', '20', '--', 'npx', '--name', 'x'])).toEqual({
    server: 'docs',
    agent: 'cursor',
    patienceMs: 20_000,
    command: 'npx',
    args: ['--name', 'x'],
  });
});
