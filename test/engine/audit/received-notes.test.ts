import { expect, test } from 'vitest';
import { jsonLine } from '../../../src/engine/audit/export/json-line.ts';
import { csvLine } from '../../../src/engine/audit/export/csv.ts';
import { ocsfLine } from '../../../src/engine/audit/export/ocsf.ts';
import type { StoredEntry } from '../../../src/engine/audit/export/origin.ts';
import { otlpRecord, otlpRequest } from '../../../src/engine/audit/export/otlp.ts';
import { octetCounted, syslogMessage } from '../../../src/engine/audit/export/syslog.ts';
import { canonicalJson } from '../../../src/engine/audit/canonical.ts';
import { signCheckpoint } from '../../../src/engine/audit/checkpoint.ts';
import { signingKeyOf } from '../../../src/engine/audit/note.ts';
import { notesReceived } from '../../../src/engine/audit/received-notes.ts';

const origin = { log: 'ab'.repeat(32), host: 'laptop', version: '1.2.3' };
const key = signingKeyOf('countersign/0123456789abcdef', Buffer.alloc(32, 7));
const note = (size: number): string => signCheckpoint(size, Buffer.alloc(32, size), key).note.note;

function entry(size: number): StoredEntry {
  const detail = { size, root: 'r', key: key.verifier.id, note: note(size) };
  const record = {
    version: 1 as const,
    seq: size + 1,
    entry: { kind: 'checkpoint' as const, time: 1, reason: `The log was signed with ${size} entries.`, detail },
    previous: '0'.repeat(64),
    hash: '1'.repeat(64),
  };
  return { record, text: canonicalJson({ version: 1, seq: record.seq, ...record.entry }) };
}

const noise = String.raw`{"cwd":"C:\\new\\u2014","text":"— not this\none"}`;

test.each<[string, (entry: StoredEntry) => string]>([
  ['JSON Lines', jsonLine],
  ['CSV', ({ record }) => csvLine(record)],
  ['OCSF', (one) => ocsfLine(origin, one)],
  ['OTLP', (one) => `${otlpRequest(origin, [otlpRecord(origin, one)])}\n`],
  ['OTLP, written by a collector that escapes what is not ASCII', (one) => `${ascii(otlpRequest(origin, [otlpRecord(origin, one)]))}\n`],
  ['syslog', (one) => `${syslogMessage(origin, one)}\n`],
  ['syslog as it travels', (one) => octetCounted(syslogMessage(origin, one))],
  ['a line of syslog in the JSON of a receiver', (one) => `${JSON.stringify({ message: syslogMessage(origin, one) })}\n`],
  ['OTLP in the JSON of a receiver', (one) => `${JSON.stringify({ message: otlpRecord(origin, one) })}\n`],
])('the checkpoints are found in %s', (_, encode) => {
  const text = [encode(entry(5)), `${noise}\n`, encode(entry(12)), encode(entry(5))].join('');
  expect(notesReceived(text).map((found) => found.note)).toEqual([note(5), note(12)]);
});

function ascii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (character) => String.raw`\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}
