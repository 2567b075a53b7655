import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../src/engine/audit/entry.ts';
import { octetCounted, syslogMessage } from '../../../../src/engine/audit/export/syslog.ts';
import { origin, stored } from './stored.ts';

const pattern = /^<(\d+)>1 (\S+) (\S+) countersign - (\S+) (\[countersign@32473(?: [!-~]+="(?:[^"\\\]]|\\["\\\]])*")+\]) (\{.*\})$/s;

test('a message is RFC 5424: its fields prove it, its text is what was hashed', () => {
  const entry = stored();
  const [, priority, time, host, id, data, text] = pattern.exec(syslogMessage(origin, entry)) ?? [];
  expect({ priority, time, host, id, text }).toEqual({
    priority: '110',
    time: '2026-01-01T00:00:00.000Z',
    host: 'laptop',
    id: 'decision',
    text: entry.text,
  });
  expect(data).toContain(` seq="1" hash="${entry.record.hash}" previous="${'0'.repeat(64)}"`);
});

test.each<[string, Partial<AuditEntry>, string]>([
  ['quotes, brackets and backslashes are escaped', { session: 'a"b]c\\d' }, String.raw`session="a\"b\]c\\d"`],
  ['a line end cannot begin another message', { session: 'a\n<1>1 x' }, 'session="a <1>1 x"'],
])('%s', (_, over, expected) => {
  const message = syslogMessage(origin, stored(over));
  expect(message).toContain(expected);
  expect(message).toMatch(pattern);
  expect(message).not.toContain('\n');
});

test.each<[Partial<AuditEntry>, number]>([
  [{ action: 'deny' }, 13 * 8 + 4],
  [{ kind: 'incident' }, 13 * 8 + 3],
])('%j has priority %i', (over, priority) => {
  expect(syslogMessage(origin, stored(over))).toMatch(new RegExp(`^<${priority}>1 `));
});

test.each([
  ['plain', 'abc', '3 abc'],
  ['counted in bytes', 'ä€', '5 ä€'],
  ['half a surrogate pair counts as what is sent', '\ud800', '3 \ufffd'],
])('a message travels behind its length: %s', (_, message, framed) => {
  expect(octetCounted(message)).toBe(framed);
});
