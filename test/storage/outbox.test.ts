import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { Outbox } from '../../src/storage/outbox.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';

async function write(path: string, count: number, over = {}): Promise<void> {
  const log = new AuditDatabase(path);
  await Promise.all(Array.from({ length: count }, () => log.append(entryOf(over), 'written')));
  log.close();
}

function open(folder: string, audit = 'audit.db'): Outbox {
  const outbox = new Outbox(join(folder, 'outbox.db'), join(folder, audit));
  onTestFinished(() => outbox.close());
  return outbox;
}

test('a target that is new starts with the first entry', async () => {
  const folder = temporaryFolder();
  await write(join(folder, 'audit.db'), 3);
  const outbox = open(folder);
  expect(outbox.progress('otlp x')).toEqual({ confirmed: 0, settled: 0 });
  expect(outbox.after(0, 10).map(({ record }) => record.seq)).toEqual([1, 2, 3]);
  expect(outbox.waiting(0)).toBe(3);
});

test('what a target has confirmed is remembered, for each target, over restarts', async () => {
  const folder = temporaryFolder();
  await write(join(folder, 'audit.db'), 3);
  const outbox = open(folder);
  const [, second] = outbox.after(0, 2);
  outbox.confirm('otlp x', second!.record, 1);
  expect(open(folder).progress('otlp x')).toEqual({ confirmed: 2, settled: 1 });
  expect(open(folder).progress('syslog y')).toEqual({ confirmed: 0, settled: 0 });
  expect(open(folder).after(2, 10)).toHaveLength(1);
});

test('entries that come later, by whichever process, are seen', async () => {
  const folder = temporaryFolder();
  await write(join(folder, 'audit.db'), 1);
  const outbox = open(folder);
  await write(join(folder, 'audit.db'), 2);
  expect(outbox.waiting(1)).toBe(2);
});

test('a log that was begun anew is sent from its beginning, and under another name', async () => {
  const folder = temporaryFolder();
  await write(join(folder, 'audit.db'), 3);
  await write(join(folder, 'other.db'), 3, { session: 'other' });
  const outbox = open(folder);
  outbox.confirm('otlp x', outbox.after(0, 3)[2]!.record, 3);
  const anew = open(folder, 'other.db');
  expect(anew.progress('otlp x')).toEqual({ confirmed: 0, settled: 0 });
  expect(anew.log()).not.toBe(outbox.log());
});

test('the text of an entry is the one that was stored', async () => {
  const folder = temporaryFolder();
  await write(join(folder, 'audit.db'), 1, { reason: 'ä\ud800' });
  expect(open(folder).after(0, 1)[0]?.text).toContain(String.raw`"reason":"ä\ud800"`);
});

test('a log that is not there is an error that names it', () => {
  const folder = temporaryFolder();
  expect(() => open(folder, 'none.db')).toThrow(/none\.db/);
});
