import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/engine/audit/entry.ts';
import { entryRow } from '../../../src/engine/audit/entry-row.ts';
import { entryOf } from '../../storage/samples.ts';

const row = (over: Partial<AuditEntry>) => entryRow({ version: 1, seq: 7, entry: entryOf(over), previous: '', hash: '' });
const incident = { kind: 'incident', reason: 'It ran undecided.' } as const;

test.each<[string, Partial<AuditEntry>, string]>([
  ['a command', {}, 'ls -la'],
  ['a file', { tool: 'edit', arguments: { old_string: 'a', file_path: 'src/a.ts' } }, 'src/a.ts'],
  ['an address', { arguments: { url: 'https://example.org/' } }, 'https://example.org/'],
  ['what nobody described: all its arguments', { arguments: { to: 'ada', n: 1 } }, '{"to":"ada","n":1}'],
  ['no arguments: the reason', { arguments: {}, reason: 'No.' }, 'No.'],
  ['an incident: what happened', incident, 'It ran undecided.'],
  ['an outcome', { kind: 'outcome', detail: { status: 'ran', durationMs: 12.4 } }, 'ran after 12 ms'],
  ['a failure', { kind: 'outcome', detail: { status: 'failed', error: 'No such file' } }, 'failed: No such file'],
  ['several lines in one', { arguments: { command: 'a\n\tb\r\nc' } }, 'a ⏎  b ⏎ c'],
  ['what would not be seen, named', { arguments: { command: 'rm \u202Egpj.x' } }, 'rm ‹U+202E›gpj.x'],
  ['nothing at all', { kind: 'governor', arguments: {}, reason: '' }, ''],
])('a row says what it is about: %s', (_, over, summary) => {
  expect(row(over).summary).toBe(summary);
});

test.each(['x'.repeat(1_000_000), '😀'.repeat(300), '\u202E'.repeat(300), '\n'.repeat(300)])(
  'a row stays small, and cut between signs',
  (command) => {
    const { summary } = row({ arguments: { command } });
    expect(summary.length).toBeLessThanOrEqual(200);
    expect(summary.isWellFormed()).toBe(true);
    expect(summary.endsWith('…')).toBe(true);
  },
);

test('the names in a row are shown as they are, and as short', () => {
  const { nativeTool, session } = row({ nativeTool: 'B\u200Bash', session: 's'.repeat(5_000) });
  expect(nativeTool).toBe('B‹U+200B›ash');
  expect(session).toHaveLength(200);
});

test('of several rules the first is named, and of a person the name', () => {
  const rule = { policy: 'p', rule: 'r', layer: 'user', digest: '', action: 'deny', mode: 'enforce' } as const;
  const approver = { user: 'ada', surface: 'inbox', waitedMs: 1, reason: '' };
  expect(row({ rules: [rule, { ...rule, rule: 'other' }], approver })).toMatchObject({ seq: 7, rule: 'p/r', person: 'ada' });
});
