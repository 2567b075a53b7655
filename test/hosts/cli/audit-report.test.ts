import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { entryOf } from '../../storage/samples.ts';
import { Transcript } from '../../storage/spend/transcript.ts';
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

test('a session page says what the session used, by the agent’s own record', async () => {
  const claude = join(place.folder, 'claude');
  new Transcript(claude, 's2')
    .answer({ id: 'msg_00000001', time: '2026-03-05T12:00:00.000Z' })
    .answer({ id: 'msg_00000002', time: '2026-03-05T12:00:01.000Z', model: '<b>x</b>' });
  new Transcript(claude, 's3').answer({ id: 'msg_00000003', time: '2026-03-05T12:00:00.000Z' });
  const file = join(place.folder, 'costs.html');
  const env = { CLAUDE_CONFIG_DIR: claude, CODEX_HOME: join(place.folder, 'none') };
  expect((await place.run(['audit', 'report', '--session', 's2', '--html', file], '', env)).exitCode).toBe(0);
  const page = readFileSync(file, 'utf8');
  const spend = /<section aria-labelledby="spend">.*?<\/section>/s.exec(page)?.[0] ?? '';
  expect(cellsOf(spend)).toEqual([
    ['Main agent', '2', '60', 'at least $0.0004'],
    ['Together', '2', '60', 'at least $0.0004'],
    ['claude-opus-5-5', '1', '30', '$0.0004'],
    ['&lt;b&gt;x&lt;/b&gt;', '1', '30', 'no price'],
    ['Together', '2', '60', 'at least $0.0004'],
  ]);
});

function cellsOf(section: string): readonly (readonly string[])[] {
  const rows = [...section.matchAll(/<tr>\s*<th scope="row">.*?<\/tr>/gs)];
  return rows.map(([row]) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => (cell ?? '').trim()));
}

test('where records cannot be counted, the page says so', async () => {
  const file = join(place.folder, 'uncounted.html');
  writeFileSync(join(place.home, 'config.json'), '{"prices": 5}', { mode: 0o600 });
  expect((await place.run(['audit', 'report', '--session', 's2', '--html', file])).exitCode).toBe(0);
  rmSync(join(place.home, 'config.json'));
  expect(readFileSync(file, 'utf8')).toContain('This is not known:');
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
