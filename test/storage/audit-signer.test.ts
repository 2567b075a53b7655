import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { signKeyChange } from '../../src/engine/audit/key-change.ts';
import { readSigningKey, signingKeyOf, signNote } from '../../src/engine/audit/note.ts';
import { createKey, nextKeyFile } from '../../src/storage/audit-key.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import type { Database } from '../../src/storage/database.ts';
import { fill, signedLog, tamper, withSigner, type SignedLog } from './signed-log.ts';

const stranger = signingKeyOf('countersign/other', Buffer.alloc(32, 7));

function keyOf({ keyFile }: SignedLog) {
  return readSigningKey(readFileSync(keyFile, 'utf8'));
}

async function appendKey(place: SignedLog, detail: Record<string, string>): Promise<void> {
  await withSigner(place, async (log) => void (await log.append({ kind: 'key', time: 1, detail }, 'written')));
}

test('two that sign at the same time sign one log', async () => {
  const place = await signedLog([5], 5);
  await withSigner(place, async (log, one) =>
    withSigner(place, async (_, other) => {
      await Promise.all([one.sign(), other.sign(), fill(log, 3)]);
      await Promise.all([other.sign(), one.sign()]);
    }),
  );
  expect(verifyAuditLog(place.path)).toMatchObject({ ok: true });
});

test.each<[string, (database: Database) => unknown, RegExp]>([
  [
    'an entry was changed after the last checkpoint',
    (database) => database.exec(`UPDATE entries SET json = replace(json, '"deny"', '"allow"') WHERE seq = 9`),
    /Entry 9 does not follow/,
  ],
  ['an entry is missing', (database) => database.exec('DELETE FROM entries WHERE seq = 9'), /Entry 9 does not follow/],
  [
    'what the tree grows on was changed',
    (database) => database.exec("UPDATE checkpoints SET nodes = 'AAAA' || substr(nodes, 5)"),
    /checkpoint of size 6 was changed/,
  ],
  [
    'the last checkpoint was signed by somebody else',
    (database) => {
      const text = String(database.prepare('SELECT note FROM checkpoints').pluck().get()).split('\n\n')[0];
      database.prepare('UPDATE checkpoints SET note = ?').run(signNote(`${text}\n`, [stranger]));
    },
    /checkpoint of size 6 was changed/,
  ],
])('nothing is signed where %s', async (_, change, why) => {
  const place = await signedLog([5], 5);
  tamper(place.path, change);
  await withSigner(place, async (_log, signer) => expect(signer.sign()).rejects.toThrow(why));
});

test('a change of the key that was written down but not finished is finished', async () => {
  const place = await signedLog([5]);
  const from = keyOf(place);
  const to = createKey(nextKeyFile(place.keyFile), from.verifier.name);
  await appendKey(place, { event: 'rotated', key: to.verifier.text, note: signKeyChange(from, to) });
  await withSigner(place, async (log, signer) => {
    await fill(log, 1);
    await signer.sign();
  });
  expect(keyOf(place).verifier.text).toBe(to.verifier.text);
  expect(verifyAuditLog(place.path)).toMatchObject({ ok: true, keys: [from.verifier.id, to.verifier.id] });
});

test('a change of the key that was begun but never written down changes nothing', async () => {
  const place = await signedLog([5], 1);
  createKey(nextKeyFile(place.keyFile), keyOf(place).verifier.name);
  await withSigner(place, async (_, signer) => void (await signer.sign()));
  expect(verifyAuditLog(place.path)).toMatchObject({ ok: true, keys: [keyOf(place).verifier.id] });
});

test('after a lost key the log goes on with a new one, which holds for whoever names both', async () => {
  const place = await signedLog([5], 1);
  const [first] = [keyOf(place).verifier.text];
  rmSync(place.keyFile);
  await withSigner(place, async (log, signer) => {
    await expect(signer.rotate()).rejects.toThrow(/rotate-key --lost/);
    await signer.rotate(true);
    await fill(log, 1);
    await signer.sign();
  });
  const second = keyOf(place).verifier.text;
  const notSigned = { ok: false, seq: 9, why: expect.stringMatching(/did not sign/) as unknown };
  expect(verifyAuditLog(place.path)).toMatchObject(notSigned);
  expect(verifyAuditLog(place.path, { keys: [first] })).toMatchObject(notSigned);
  expect(verifyAuditLog(place.path, { keys: [second] })).toMatchObject({
    ok: false,
    seq: 6,
    why: expect.stringMatching(/none of those/) as unknown,
  });
  expect(verifyAuditLog(place.path, { keys: [first, second] })).toMatchObject({ ok: true });
});

test.each<[string, (place: SignedLog) => Record<string, string>, RegExp]>([
  ['that is the first one again', () => ({ event: 'created', key: stranger.verifier.text }), /did not sign/],
  ['without any signature', () => ({ event: 'rotated', key: stranger.verifier.text }), /signatures of both|does not understand/],
  [
    'with the signature of the new one alone',
    (place) => ({ event: 'rotated', key: stranger.verifier.text, note: signKeyChange({ ...keyOf(place), sign: stranger.sign }, stranger) }),
    /signatures of both/,
  ],
  [
    'that is not the one that was signed',
    (place) => ({
      event: 'rotated',
      key: stranger.verifier.text,
      note: signKeyChange(keyOf(place), signingKeyOf('x', Buffer.alloc(32, 9))),
    }),
    /signatures of both/,
  ],
  ['in words of a later version', () => ({ event: 'witnessed', key: stranger.verifier.text }), /does not understand/],
])('an entry about a key %s is found', async (_, detail, why) => {
  const place = await signedLog([5]);
  await appendKey(place, detail(place));
  expect(verifyAuditLog(place.path)).toMatchObject({ ok: false, seq: 8, why: expect.stringMatching(why) as unknown });
});

test('a checkpoint that the key signed for another log is none of this one', async () => {
  const place = await signedLog([5]);
  tamper(place.path, (database) => {
    const [, size, root] = (place.notes[0] ?? '').split('\n');
    database.prepare('UPDATE checkpoints SET note = ?').run(signNote(`another\n${size}\n${root}\n`, [keyOf(place)]));
  });
  expect(verifyAuditLog(place.path)).toMatchObject({ ok: false, seq: 6, why: expect.stringMatching(/another log/) as unknown });
});

test('a key that others can read is refused', async () => {
  const place = await signedLog([5], 1);
  chmodSync(place.keyFile, 0o644);
  await withSigner(place, async (_, signer) => expect(signer.sign()).rejects.toThrow(/nobody else can read/));
});
