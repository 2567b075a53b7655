import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { proveConsistency, proveEntry } from '../../src/storage/audit-prove.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { fill, rechain, signedLog, tamper, withSigner } from './signed-log.ts';
import { temporaryFolder } from './folder.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'verify-log.mjs');

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function file(text: string): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, text);
  return path;
}

test('an untouched log holds, with its key and what was seen of it, across a change of the key', async () => {
  const place = await signedLog([10, 10], 3);
  const first = readFileSync(`${place.keyFile}.pub`, 'utf8');
  await withSigner(place, async (log, signer) => {
    await signer.rotate();
    await fill(log, 20);
    await signer.sign();
  });
  const second = readFileSync(`${place.keyFile}.pub`, 'utf8');
  expect(second).not.toBe(first);
  for (const key of [first, second]) {
    const result = run('log', place.path, '--key', file(key), '--anchor', file(place.notes.join('\n')));
    expect(result).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^48 entries hold.*\n3 checkpoints and 2 from anchors hold; 1 entries/) as unknown,
    });
    expect(verifyAuditLog(place.path, { keys: [key] })).toMatchObject({ ok: true, count: 48 });
  }
});

test.each<[string, Parameters<typeof tamper>[1], RegExp]>([
  [
    'an edited field',
    (database) => database.exec(`UPDATE entries SET json = replace(json, '"deny"', '"allow"') WHERE seq = 15`),
    /hash of entry 15/,
  ],
  ['an edited column', (database) => database.exec('UPDATE entries SET tool = NULL WHERE seq = 15'), /column "tool" of entry 15/],
  [
    'an edited field, the chain made anew',
    (database) => {
      database.exec(`UPDATE entries SET action = 'allow', json = replace(json, '"deny"', '"allow"') WHERE seq = 15`);
      rechain(database);
    },
    /entries 12 to 22 are those that were signed/,
  ],
  ['a missing entry', (database) => database.exec('DELETE FROM entries WHERE seq = 15'), /entry 15 is there/],
  ['a log cut off', (database) => database.exec('DELETE FROM entries WHERE seq > 15'), /those after 15 are missing/],
  ['a checkpoint taken out', (database) => database.exec('DELETE FROM checkpoints WHERE size = 11'), /entry 12 tells of is kept/],
  [
    'a checkpoint with the signature of another',
    (database) =>
      database.exec(`UPDATE checkpoints SET note = substr(note, 1, instr(note, '— ') - 1)
        || (SELECT substr(note, instr(note, '— ')) FROM checkpoints WHERE size = 11) WHERE size = 22`),
    /size 22 is signed/,
  ],
])('%s does not hold, as the product says too', async (_, change, why) => {
  const { path } = await signedLog([10, 10], 3);
  tamper(path, change);
  expect(run('log', path)).toMatchObject({ status: 2, stderr: expect.stringMatching(why) as unknown });
  expect(verifyAuditLog(path).ok).toBe(false);
});

test('a log that was rolled back does not hold against what was seen of it', async () => {
  const { path, notes } = await signedLog([10, 10, 10]);
  tamper(path, (database) => database.exec('DELETE FROM entries WHERE seq > 23; DELETE FROM checkpoints WHERE size > 22'));
  expect(run('log', path).status).toBe(0);
  expect(run('log', path, '--anchor', file(notes[2] ?? ''))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/after 23 are missing/) as unknown,
  });
});

test('a log that names another key than the one that is known does not hold', async () => {
  const { path } = await signedLog([10]);
  const other = await signedLog([1]);
  expect(run('log', path, '--key', `${other.keyFile}.pub`)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/key you gave/) as unknown,
  });
});

test('a proof of an entry holds without the log, and only for that entry, log and key', async () => {
  const { path, keyFile } = await signedLog([10, 10, 4], 3);
  for (const seq of [1, 7, 11, 17, 27]) {
    const proof = proveEntry(path, seq);
    const proven = run('proof', file(JSON.stringify(proof)), '--key', `${keyFile}.pub`);
    expect(proven).toMatchObject({ status: 0, stdout: expect.stringContaining(`Entry ${seq} is in the log`) as unknown });
  }
  const proof = proveEntry(path, 7);
  const forged = { ...proof, entry: proof?.entry.replace('"deny"', '"allow"') };
  expect(run('proof', file(JSON.stringify(forged)))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/root that was signed/) as unknown,
  });
  const other = await signedLog([1]);
  expect(run('proof', file(JSON.stringify(proof)), '--key', `${other.keyFile}.pub`).status).toBe(2);
  expect(proveEntry(path, 30)).toBeUndefined();
  expect(() => proveEntry(path, 99)).toThrow(/no entry 99/);
});

test('a proof between two checkpoints holds without the log, and for no other checkpoint', async () => {
  const { path, keyFile } = await signedLog([10, 5, 10, 7]);
  const sizes = [11, 17, 28, 36];
  for (const from of sizes) {
    for (const to of sizes.filter((size) => size >= from)) {
      const proven = run('proof', file(JSON.stringify(proveConsistency(path, from, to))), '--key', `${keyFile}.pub`);
      expect(proven).toMatchObject({
        status: 0,
        stdout: expect.stringContaining(`of ${from} entries is the beginning of that of ${to}`) as unknown,
      });
    }
  }
  const forged = { ...proveConsistency(path, 11, 36), from: proveConsistency(path, 17, 36).from };
  expect(run('proof', file(JSON.stringify(forged)))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/beginning of the second/) as unknown,
  });
  expect(() => proveConsistency(path, 12, 36)).toThrow(/no checkpoint of size 12. There are: 11, 17, 28, 36/);
});
