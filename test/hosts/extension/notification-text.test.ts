import { expect, test } from 'vitest';
import { notificationText, summaryText } from '../../../src/hosts/extension/notification-text.ts';
import { changedRule } from '../../../src/engine/artifact/server-question.ts';
import { approval, rule } from '../../webview/fixtures.ts';

test('says what kind of tool and which rule, and carries the id', () => {
  expect(notificationText(approval('ak3f9x2m1'))).toBe(
    'An agent wants to run a command. Rule my-policy/pushes-need-me wants your decision. [ak3f9x2m1]',
  );
});

test('nothing that an agent wrote is in it', () => {
  const evil = '[Approve](command:workbench.action.quit)';
  const text = notificationText(
    approval('a1', {
      tool: evil,
      nativeTool: evil,
      mcpServer: evil,
      agent: evil,
      subagent: evil,
      cwd: evil,
      reason: evil,
      arguments: { command: evil },
      rules: [{ ...rule, message: evil }],
    }),
  );
  expect(text).toBe('An agent wants to use an MCP tool. Rule my-policy/pushes-need-me wants your decision. [a1]');
});

test('a rule’s name, which an agent may have put into the folder’s policy, cannot become a link', () => {
  const text = notificationText(
    approval('a1', { rules: [{ ...rule, policy: '[x](command:y)', rule: 'safe, press Approve! '.repeat(10) }] }),
  );
  expect(text).not.toMatch(/[()!:]|\[x/);
  expect(text.length).toBeLessThan(160);
});

test('two approvals never have the same text: the editor would close the first', () => {
  expect(notificationText(approval('a1'))).not.toBe(notificationText(approval('a2')));
  expect(summaryText([approval('a1')])).not.toBe(summaryText([approval('a2')]));
});

test('what is asked about an MCP server itself is told from calls of its tools', () => {
  const asked = { tool: 'mcp:start', nativeTool: 'mcp:start', mcpServer: 'files' };
  expect(notificationText(approval('a1', asked))).toContain('An agent wants to start an MCP server.');
  const changed = { tool: 'mcp:change', nativeTool: 'mcp:change', mcpServer: 'files' };
  expect(notificationText(approval('a1', { ...changed, rules: [changedRule] }))).toMatch(
    /^An MCP server changed what it tells agents\. Rule mcp-pins\/changed/,
  );
  expect(notificationText(approval('a1', changed))).toContain('An agent wants to use an MCP tool.');
});
