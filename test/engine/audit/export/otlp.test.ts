import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../src/engine/audit/entry.ts';
import { otlpRecord, otlpRequest } from '../../../../src/engine/audit/export/otlp.ts';
import { decodeOtlp } from './otlp-schema.ts';
import { origin, stored } from './stored.ts';

const decoded = (over: Partial<AuditEntry>) => decodeOtlp(otlpRequest(origin, [otlpRecord(origin, stored(over))]))[0];

test('a call is named by the GenAI conventions, and by the key that receivers drop duplicates by', () => {
  const entry = stored();
  expect(decoded({})).toMatchObject({
    body: entry.text,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'Bash',
      'gen_ai.tool.call.id': 'toolu_1',
      'gen_ai.conversation.id': 's1',
      'countersign.seq': '1',
      'countersign.hash': entry.record.hash,
      'countersign.key': `${'ab'.repeat(16)}/1/${entry.record.hash.slice(0, 16)}`,
    },
  });
});

test('what is no call executes no tool', () => {
  const { nativeTool: _, ...rest } = stored({ kind: 'governor' }).record.entry;
  const record = otlpRecord(origin, { ...stored(), record: { ...stored().record, entry: rest } });
  expect(decodeOtlp(otlpRequest(origin, [record]))[0]?.attributes).not.toHaveProperty('gen_ai.operation.name');
});

test.each<[Partial<AuditEntry>, number]>([
  [{ action: 'allow' }, 9],
  [{ action: 'deny' }, 13],
  [{ kind: 'incident' }, 17],
])('%j has severity %i', (over, severity) => {
  expect(decoded(over)?.severity).toBe(severity);
});

test('half a surrogate pair does not make a collector refuse the request', () => {
  expect(decoded({ session: 'a\ud800', reason: '\udc00' })?.attributes).toMatchObject({ 'gen_ai.conversation.id': 'a\ufffd' });
});

test('several records are one request', () => {
  const records = [1, 2, 3].map((seq) => otlpRecord(origin, stored({}, seq)));
  expect(decodeOtlp(otlpRequest(origin, records)).map(({ attributes }) => attributes['countersign.seq'])).toEqual(['1', '2', '3']);
});
