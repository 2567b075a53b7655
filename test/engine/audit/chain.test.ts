import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { genesis, recordOf, verifyChain } from '../../../src/engine/audit/chain.ts';
import type { AuditEntry, AuditRecord } from '../../../src/engine/audit/entry.ts';

const entry: AuditEntry = { kind: 'decision', time: 1000, session: 's1', action: 'deny', reason: 'No.' };

function chainOf(count: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= count; seq += 1) records.push(recordOf(records.at(-1)?.hash ?? genesis, seq, { ...entry, time: seq }));
  return records;
}

test('a hash covers the previous hash and the canonical JSON of the entry in its place', () => {
  const record = recordOf('ab'.repeat(32), 7, entry);
  const text = '{"action":"deny","kind":"decision","reason":"No.","seq":7,"session":"s1","time":1000,"version":1}';
  expect(record.hash).toBe(
    createHash('sha256')
      .update(Buffer.concat([Buffer.alloc(32, 0xab), Buffer.from(text)]))
      .digest('hex'),
  );
  expect(record).toMatchObject({ version: 1, seq: 7, previous: 'ab'.repeat(32), entry });
});

test('an untouched chain holds, an empty one as well', () => {
  expect(verifyChain(chainOf(5))).toEqual({ ok: true, count: 5 });
  expect(verifyChain([])).toEqual({ ok: true, count: 0 });
});

test.each<[string, (records: AuditRecord[]) => AuditRecord[], number, RegExp]>([
  ['an edited entry', (r) => r.with(2, { ...r[2]!, entry: { ...entry, action: 'allow' } }), 3, /changed/],
  ['an edited hash', (r) => r.with(2, { ...r[2]!, hash: genesis }), 3, /changed/],
  ['an entry that was edited and hashed again', (r) => r.with(2, recordOf(r[1]!.hash, 3, { ...entry, time: 9 })), 4, /does not follow/],
  ['a missing entry', (r) => r.toSpliced(2, 1), 3, /missing/],
  ['a missing beginning', (r) => r.slice(1), 1, /missing/],
  ['a doubled entry', (r) => r.toSpliced(2, 0, r[1]!), 3, /missing/],
  ['two entries that changed places', (r) => [r[0]!, r[2]!, r[1]!, r[3]!], 2, /missing/],
  ['an unknown version', (r) => r.with(2, Object.assign({ ...r[2]! }, { version: 2 })), 3, /version/],
])('%s is found where it stands', (_, tamper, seq, why) => {
  const verdict = verifyChain(tamper(chainOf(4)));
  expect(verdict).toEqual({ ok: false, seq, why: expect.stringMatching(why) as unknown });
});

test('records missing at the end cannot be seen', () => {
  expect(verifyChain(chainOf(4).slice(0, 2))).toEqual({ ok: true, count: 2 });
});
