import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { entryOf } from '../../storage/samples.ts';
import { makePlace, type Place } from './run.ts';

let place: Place;

beforeAll(async () => {
  place = makePlace();
  mkdirSync(place.home, { mode: 0o700 });
  const log = new AuditDatabase(join(place.home, 'audit.db'));
  const time = (day: string): number => Date.parse(`${day}T12:00:00Z`);
  await log.append(entryOf({ time: time('2026-03-03'), action: 'deny', reason: 'Too early.' }), 'written');
  await log.append(entryOf({ time: time('2026-03-04'), action: 'deny', reason: 'In the middle.' }), 'written');
  await log.append(entryOf({ time: time('2026-03-05'), action: 'deny', reason: 'Too late.', session: 's2' }), 'written');
  log.close();
});
afterAll(() => place[Symbol.dispose]());

test('the evidence of a period is what happened in it, in a file for its owner alone', async () => {
  const file = join(place.folder, 'pack.html');
  const run = await place.run(['audit', 'report', '--html', file, '--since', '2026-03-04', '--until', '2026-03-05']);
  expect(run).toMatchObject({ exitCode: 0, stdout: `${file}: the evidence of 1 entry\n` });
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('In the middle.');
  expect(page).not.toMatch(/Too early|Too late/);
  expect(page).toContain('3 entries were read from the first one on');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a session is what happened in it', async () => {
  const file = join(place.folder, 'session.html');
  expect((await place.run(['audit', 'report', '--session', 's2', '--html', file])).exitCode).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('Too late.');
  expect(readFileSync(file, 'utf8')).not.toContain('In the middle.');
});

test.each([
  [['--since', '1d'], 64],
  [['--html', 'x.html'], 64],
  [['--html', 'x.html', '--since', '2026-03-04', '--until', '2026-03-03'], 64],
  [['--html', 'x.html', '--since', '1d', '--session', 's1'], 64],
  [['--html', 'x.html', '--session', 'nobody'], 1],
])('%j ends with %i', async (args, exitCode) => {
  expect((await place.run(['audit', 'report', ...args])).exitCode).toBe(exitCode);
});
