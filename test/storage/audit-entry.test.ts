import { expect, onTestFinished, test } from 'vitest';
import type { EntryProof } from '../../src/engine/audit/search.ts';
import { entryDetails } from '../../src/storage/audit-entry.ts';
import { FacetCounts } from '../../src/storage/audit-facets.ts';
import { emptyOld } from '../../src/storage/audit-retention.ts';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { fill, rechain, signedLog, tamper, withSigner } from './signed-log.ts';

function reading<T>(path: string, read: (database: Database) => T): T {
  const database = openDatabase(path, { readonly: true });
  onTestFinished(() => void database.close());
  return read(database);
}

const proofOf = (path: string, seq: number): EntryProof | undefined => reading(path, (database) => entryDetails(database, seq)?.proof);

test('each entry that a checkpoint covers is signed, by the first one that does; the others wait for theirs', async () => {
  const { path } = await signedLog([3, 4, 1], 2);
  const last = reading(path, (database) => Number(database.prepare('SELECT max(seq) FROM entries').pluck().get()));
  const sizes = reading(path, (database) => database.prepare('SELECT size FROM checkpoints ORDER BY size').pluck().all()).map(Number);
  const states = Array.from({ length: last }, (_, i) => proofOf(path, i + 1));
  const expected = states.map((__, i) => sizes.find((size) => size > i));
  expect(states.map((proof) => proof?.checkpoint?.size)).toEqual(expected);
  expect(states.map((proof) => proof?.state)).toEqual(expected.map((size) => (size === undefined ? 'pending' : 'signed')));
  expect(expected.filter((size) => size === undefined).length).toBeGreaterThan(0);
});

const changed = `REPLACE(json, 'Reading is fine.', 'Reading was fine')`;

test.each<[string, string | ((database: Database) => void), number, RegExp]>([
  ['its text was changed', `UPDATE entries SET json = ${changed} WHERE seq = 2`, 2, /record 2 was changed/],
  ['a column says something else', `UPDATE entries SET action = 'allow' WHERE seq = 2`, 2, /column "action"/],
  ['the entry before is gone', 'DELETE FROM entries WHERE seq = 1', 2, /does not follow/],
  ['the chain was made anew', remade, 2, /signed with another root/],
  ['an entry that was signed with it is gone', 'DELETE FROM entries WHERE seq = 4', 2, /was changed, put in or left out/],
  ['the signature was exchanged', `UPDATE checkpoints SET note = REPLACE(note, 'countersign/', 'elsewhere/')`, 2, /not signed|of size/],
  [
    'the key was exchanged',
    `UPDATE entries SET json = REPLACE(json, '"event":"created"', '"event":"changed"') WHERE kind = 'key'`,
    2,
    /key/,
  ],
])('an entry does not hold where %s', async (_, change, seq, why) => {
  const { path } = await signedLog([5, 5]);
  expect(proofOf(path, seq)?.state).toBe('signed');
  tamper(path, (database) => (typeof change === 'string' ? database.exec(change) : change(database)));
  expect(proofOf(path, seq)).toMatchObject({ state: 'broken', message: expect.stringMatching(why) });
});

test('what was changed elsewhere does not make an entry doubtful that is as it was signed', async () => {
  const { path } = await signedLog([5, 5]);
  tamper(path, (database) => database.exec(`UPDATE entries SET json = ${changed} WHERE seq = 9`));
  expect(proofOf(path, 2)?.state).toBe('signed');
});

test('an emptied entry says so, still holds, and is no longer offered to filter by', async () => {
  const place = await signedLog([5]);
  await withSigner(place, async (log) => {
    const database = openDatabase(place.path, { readonly: true });
    onTestFinished(() => void database.close());
    const facets = new FacetCounts(database);
    while (facets.advance());
    expect(facets.facets().sessions).toEqual([{ value: 's1', count: 5 }]);
    const now = (): number => 200 * 86_400_000;
    expect(await emptyOld({ path: place.path, append: log.append, now, days: 90 })).toBe(5);
    while (facets.advance());
    expect(facets.facets().sessions).toEqual([]);
    const { seq } = log.list({ kind: 'prune' })[0] ?? { seq: 0 };
    const details = entryDetails(database, 2);
    expect(details).toMatchObject({ pruned: { by: seq }, related: [], rules: [], proof: { state: 'signed' } });
  });
});

test('an entry of another call is not related, however alike the names', async () => {
  const { path } = await signedLog([12]);
  const details = reading(path, (database) => entryDetails(database, 2));
  expect(details?.record.entry.callId).toBe('c1');
  expect(details?.related).toEqual([]);
  await withSigner({ path, keyFile: `${path}-key` }, async (log) => fill(log, 2));
  expect(reading(path, (database) => entryDetails(database, 2))?.related.map(({ entry }) => entry.callId)).toEqual(['c1']);
});

function remade(database: Database): void {
  database.exec(`UPDATE entries SET json = ${changed} WHERE seq = 3`);
  rechain(database);
}
