import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { decodeOtlp } from '../../engine/audit/export/otlp-schema.ts';
import { entryOf } from '../../storage/samples.ts';
import { makePlace, type Place } from './run.ts';

const count = 1200;
let place: Place;

beforeAll(async () => {
  place = makePlace();
  mkdirSync(place.home, { mode: 0o700 });
  const log = new AuditDatabase(join(place.home, 'audit.db'));
  const entries = Array.from({ length: count }, (_, i) =>
    entryOf({ session: `s${i % 3}`, action: i % 4 === 0 ? 'deny' : 'allow', callId: `c${i}` }),
  );
  await Promise.all(entries.map((entry) => log.append(entry, 'written')));
  log.close();
});
afterAll(() => place[Symbol.dispose]());

const exported = async (...args: readonly string[]): Promise<string> => (await place.run(['audit', 'export', ...args])).stdout;

test.each<[string, (text: string) => number]>([
  ['jsonl', (text) => lines(text).filter((line) => JSON.parse(line).entry.kind === 'decision').length],
  ['csv', (text) => text.trim().split('\r\n').length - 1],
  ['ocsf', (text) => lines(text).filter((line) => JSON.parse(line).class_uid === 1007).length],
  ['otlp', (text) => lines(text).flatMap((line) => decodeOtlp(line)).length],
])('%s brings every entry, oldest first, past the end of a page', async (format, countOf) => {
  expect(countOf(await exported('--format', format))).toBe(count);
});

test.each<[readonly string[], number]>([
  [['--session', 's1'], 400],
  [['--action', 'deny'], 300],
  [['--action', 'deny', '--session', 's0'], 100],
  [['--until', '2025-01-01'], 0],
  [['--tool', 'Bash', '--agent', 'claude-code'], 1200],
])('%j chooses %i entries', async (filter, chosen) => {
  expect(lines(await exported('--format', 'jsonl', ...filter))).toHaveLength(chosen);
});

test('a file is written as a whole, for its owner alone', async () => {
  const out = join(place.folder, 'log.jsonl');
  expect(await place.run(['audit', 'export', '--format', 'jsonl', '--out', out])).toMatchObject({ exitCode: 0, stdout: '' });
  expect(lines(readFileSync(out, 'utf8'))).toHaveLength(count);
  expect(statSync(out).mode & 0o777).toBe(0o600);
});

test.each([[['--format', 'xml']], [[]], [['--format', 'csv', '--action', 'maybe']], [['--format', 'csv', '--since', 'soon']]])(
  '%j is wrong usage',
  async (args) => {
    expect((await place.run(['audit', 'export', ...args])).exitCode).toBe(64);
  },
);

function lines(text: string): readonly string[] {
  return text.split('\n').filter(Boolean);
}
