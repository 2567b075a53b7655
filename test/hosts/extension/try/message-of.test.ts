import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeTool } from '../../../../src/agents/claude-code/tools.ts';
import { messageOf } from '../../../../src/hosts/extension/try/message-of.ts';
import type { Form } from '../../../../src/webview/try/messages.ts';

const form = (given: Partial<Form>): Form => ({ kind: 'shell', text: '', content: '', agent: '', folder: '/work', ...given });

test.each<[string, Partial<Form>, string, object]>([
  ['a command as it is typed', { text: ' ls\nls ' }, 'Bash', { command: ' ls\nls ' }],
  ['a file below the folder', { kind: 'read', text: 'src/a.ts' }, 'Read', { file_path: '/work/src/a.ts' }],
  ['a file elsewhere', { kind: 'read', text: '/etc/passwd' }, 'Read', { file_path: '/etc/passwd' }],
  [
    'a file of the home',
    { kind: 'write', text: '~/.ssh/id', content: 'x' },
    'Write',
    { file_path: join(homedir(), '.ssh/id'), content: 'x' },
  ],
  ['an address', { kind: 'fetch', text: ' https://a.example/b ' }, 'WebFetch', { url: 'https://a.example/b', prompt: '' }],
  [
    'a tool of a server',
    { kind: 'mcp', text: 'github/create_issue', content: '{"title": "A"}' },
    'mcp__github__create_issue',
    { title: 'A' },
  ],
  ['the same as the client names it', { kind: 'mcp', text: 'mcp__github__create_issue' }, 'mcp__github__create_issue', {}],
])('%s', (_, given, tool_name, tool_input) => {
  const message = messageOf(form(given));
  expect(message).toEqual({ tool_name, tool_input });
  // The client's own reader takes it.
  expect(describeTool(tool_name, JSON.parse(JSON.stringify(tool_input)), { cwd: '/work' }).tool).not.toBe('other');
});

test.each<[string, Partial<Form>, RegExp]>([
  ['no server', { text: 'create_issue' }, /write server\/tool/],
  ['too many parts', { text: 'a/b/c' }, /write server\/tool/],
  ['no JSON', { text: 'a/b', content: '{' }, /are no JSON/],
  ['no object', { text: 'a/b', content: '[1]' }, /must be a JSON object/],
])('what cannot be asked says why: %s', (_, given, says) => {
  expect(() => messageOf(form({ kind: 'mcp', ...given }))).toThrow(says);
});
