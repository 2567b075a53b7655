import { expect, test } from 'vitest';
import { subjectOf } from '../../../src/hosts/extension/call-subject.ts';
import { record } from '../../webview/fixtures.ts';

const same = (path: string): string => path;

test.each<[string, Parameters<typeof record>[1], object | undefined]>([
  ['a command', { arguments: { command: 'git push' } }, { tool: 'shell', nativeTool: 'Bash', command: 'git push' }],
  [
    'an edit, whose path is made absolute',
    { tool: 'edit', nativeTool: 'Edit', arguments: { file_path: 'src/a.ts', old_string: 'a', new_string: 'b' } },
    { tool: 'edit', paths: { write: ['/home/ada/shop/src/a.ts'] } },
  ],
  [
    'a web page',
    { tool: 'fetch', nativeTool: 'WebFetch', arguments: { url: 'https://a.example/x', prompt: 'p' } },
    { domains: ['a.example'] },
  ],
  [
    'a tool of an MCP server',
    { tool: 'merge', nativeTool: 'mcp__github__merge', mcpServer: 'github', arguments: {} },
    { tool: 'merge', mcpServer: 'github' },
  ],
  [
    'a tool of an agent that is not described',
    { agent: 'other', tool: 'read', arguments: { path: '/etc/hosts' } },
    { paths: { read: ['/etc/hosts'] } },
  ],
])('%s is named as a rule would have to', (_, over, expected) => {
  expect(subjectOf(record(1, over).entry, same)).toMatchObject(expected ?? {});
});

test('an entry that was emptied, or is about no call, has none', () => {
  const { arguments: _gone, ...emptied } = record(1).entry;
  expect(subjectOf(emptied, same)).toBeUndefined();
  expect(subjectOf({ kind: 'policy', time: 1 }, same)).toBeUndefined();
});
