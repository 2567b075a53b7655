import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { jsonLine } from '../../../../src/engine/audit/export/json-line.ts';
import { stored } from './stored.ts';

test('a line alone proves its place: its hash is that of the previous one and of the text of the entry', () => {
  const line = jsonLine(stored({ arguments: { command: 'ä\n"\ud800"' } }));
  const { previous, hash } = JSON.parse(line);
  const text = line.slice(line.indexOf('"entry":') + 8, -2);
  expect(createHash('sha256').update(Buffer.from(previous, 'hex')).update(text).digest('hex')).toBe(hash);
});

test('an entry is one line, whatever was written in it', () => {
  const line = jsonLine(stored({ reason: 'a\nb\u2028c\r' }));
  expect(line.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({ seq: 1, entry: { kind: 'decision', reason: 'a\nb\u2028c\r' } });
});
