import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/engine/audit/entry.ts';
import { filters, matches, recordText, type Filter } from '../../../src/webview/activity/record-text.ts';
import { record } from '../fixtures.ts';

test.each<[string, Partial<AuditEntry>, string]>([
  ['a denied call', {}, 'denied: npm run step-1'],
  ['an allowed one', { action: 'allow' }, 'allowed: npm run step-1'],
  ['only the first line of a long command', { arguments: { command: 'a\nb' } }, 'denied: a …'],
  ['a rule that only observes', { mode: 'observe' }, 'would deny: npm run step-1'],
  ['another tool than a shell', { tool: 'read', nativeTool: 'Read', arguments: { file_path: '/a' } }, 'denied: Read /a'],
  ['an MCP tool', { mcpServer: 'github', nativeTool: 'merge', arguments: { number: 1 } }, 'denied: github/merge'],
  ['a person approved', { kind: 'approval-answered', detail: { outcome: 'approved' } }, 'you approved: npm run step-1'],
  ['a person refused', { kind: 'approval-answered', detail: { outcome: 'denied' } }, 'you denied: npm run step-1'],
  ['nobody was there', { kind: 'approval-answered', detail: { outcome: 'timed-out' } }, 'nobody answered: npm run step-1'],
  ['a call that ran and failed', { kind: 'outcome', detail: { status: 'failed' } }, 'failed: npm run step-1'],
  ['a change that would have silenced the hooks', { kind: 'config-change', action: 'deny' }, 'settings change refused: npm run step-1'],
])('%s', (_, over, line) => {
  const { word, subject } = recordText(record(1, over));
  expect(`${word}: ${subject}`).toBe(line);
});

test.each<[Partial<AuditEntry>, readonly Filter[]]>([
  [{ action: 'deny' }, ['decisions', 'deny', 'all']],
  [{ action: 'allow' }, ['decisions', 'allow', 'all']],
  [{ action: 'abstain' }, ['decisions', 'abstain', 'all']],
  [{ action: 'require_approval' }, ['decisions', 'require_approval', 'all']],
  [{ kind: 'approval-answered' }, ['decisions', 'require_approval', 'all']],
  [{ action: 'allow', detail: { decided: 'require_approval' } }, ['decisions', 'require_approval', 'allow', 'all']],
  [{ kind: 'session-killed' }, ['decisions', 'other', 'all']],
  [{ kind: 'outcome' }, ['other', 'all']],
])('%o is found under %s', (over, found) => {
  const one = record(1, over);
  expect(filters.filter((filter) => matches(one, filter))).toEqual(found);
});
