import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readNotes } from '../../src/engine/audit/note.ts';
import type { Anchor } from '../../src/storage/audit-anchor.ts';
import { anchorOf, readAnchor } from '../../src/storage/audit-anchors.ts';
import { LogKeeper, type KeeperOptions } from '../../src/storage/audit-keeper.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { LogSigner } from '../../src/storage/audit-signer.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { temporaryFolder } from './folder.ts';
import { entryOf } from './samples.ts';
import { fill } from './signed-log.ts';

/** Only time stamps are kept beside the log. */
const unused = '/nowhere';

function keep(over: Partial<KeeperOptions> = {}, folder = temporaryFolder()) {
  const path = join(folder, 'audit.db');
  const keyFile = join(folder, 'audit-key');
  const log = new AuditDatabase(path, { pollMs: 5 });
  onTestFinished(() => log.close());
  const signer = new LogSigner({ path, keyFile, append: log.append, now: () => 1 });
  const keeper = new LogKeeper({ log, signer, anchors: [], now: () => 1, ...over });
  return { path, keyFile, log, keeper };
}

function kinds(log: AuditDatabase): readonly string[] {
  return log.recent(1000).map(({ entry }) => entry.kind);
}

async function until(holds: () => boolean): Promise<void> {
  await vi.waitUntil(holds, { timeout: 15_000, interval: 5 });
}

test.each<[string, Partial<KeeperOptions>, (log: AuditDatabase) => Promise<unknown>]>([
  ['after a hundred entries', {}, async (log) => fill(log, 100)],
  ['a while after the first new entry', { everyMs: 20 }, async (log) => fill(log, 1)],
  ['at the end of a session', {}, async (log) => log.append(entryOf({ kind: 'session-end' }), 'written')],
  ['when a session is killed', {}, async (log) => log.append(entryOf({ kind: 'session-killed' }), 'written')],
])('the log is signed %s', async (_, options, happen) => {
  const { path, log, keeper } = keep(options);
  await happen(log);
  await until(() => kinds(log).includes('checkpoint'));
  await keeper.stop();
  expect(verifyAuditLog(path)).toMatchObject({ ok: true, checkpoints: 1 });
});

test('the log is signed at the end, and not again where nothing happened since', async () => {
  const folder = temporaryFolder();
  const first = keep({}, folder);
  await fill(first.log, 3);
  await first.keeper.stop();
  const second = keep({}, folder);
  await second.keeper.stop();
  expect(kinds(second.log)).toEqual(['checkpoint', 'key', 'decision', 'decision', 'decision']);
});

test('what signing writes is no news: it does not lead to more signing', async () => {
  const { log, keeper } = keep({ everyMs: 1 });
  await fill(log, 1);
  await until(() => kinds(log).includes('checkpoint'));
  await keeper.stop();
  expect(kinds(log).filter((kind) => kind === 'checkpoint').length).toBeLessThanOrEqual(2);
});

test('an empty log needs no key', async () => {
  const { keyFile, keeper } = keep();
  await keeper.stop();
  expect(existsSync(keyFile)).toBe(false);
});

test('the key is for its owner alone, and its public half is beside it', async () => {
  const { keyFile, log, keeper } = keep();
  await fill(log, 1);
  await keeper.stop();
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(readFileSync(`${keyFile}.pub`, 'utf8')).toMatch(/^countersign\/[0-9a-f]{16}\+[0-9a-f]{8}\+\S+\n$/);
});

test('a key that is gone is an incident, told once, and no call waits for it', async () => {
  const folder = temporaryFolder();
  const first = keep({}, folder);
  await fill(first.log, 1);
  await first.keeper.stop();
  writeFileSync(first.keyFile, 'not the key', { mode: 0o600 });
  const { log, keeper } = keep({ everyEntries: 1 }, folder);
  await fill(log, 1);
  await until(() => kinds(log).includes('incident'));
  await fill(log, 1);
  await keeper.stop();
  expect(log.list({ kind: 'incident' })).toMatchObject([
    { entry: { reason: expect.stringMatching(/could not be signed:.*rotate-key --lost/) as unknown } },
  ]);
});

test.each<[string, (keyFile: string) => void, RegExp]>([
  ['is another one', (keyFile) => writeFileSync(keyFile, 'not the key', { mode: 0o600 }), /rotate-key --lost/],
  ['is gone', (keyFile) => rmSync(keyFile), /rotate-key --lost/],
  ['is open to others', (keyFile) => chmodSync(keyFile, 0o644), /nobody else can read/],
])('a key that %s is a problem from the start; what happens is recorded, and it goes away with its cause', async (_, spoil, advice) => {
  const folder = temporaryFolder();
  const first = keep({}, folder);
  await fill(first.log, 1);
  await first.keeper.stop();
  const kept = readFileSync(first.keyFile);
  spoil(first.keyFile);
  let changes = 0;
  const { path, log, keeper } = keep({ everyMs: 20, changed: () => (changes += 1) }, folder);
  await until(() => keeper.troubles.length > 0);
  expect(keeper.troubles).toMatchObject([{ id: 'log-not-signed:signer', message: expect.stringMatching(advice) as unknown }]);
  await fill(log, 1);
  expect(log.recent(1)).toMatchObject([{ entry: { kind: 'decision' } }]);
  rmSync(first.keyFile, { force: true });
  writeFileSync(first.keyFile, kept, { mode: 0o600 });
  await fill(log, 100);
  await until(() => keeper.troubles.length === 0);
  await keeper.stop();
  expect(changes).toBeGreaterThanOrEqual(2);
  expect(verifyAuditLog(path)).toMatchObject({ ok: true });
});

test('an anchor that wants less gets the newest checkpoint now and then, and the last one at the end', async () => {
  const got: string[] = [];
  const anchor: Anchor = { name: 'slow', everyMs: 1000, publish: async (note) => void got.push(note.split('\n')[1] ?? '') };
  let now = 0;
  const { log, keeper } = keep({ anchors: [anchor], everyEntries: 1, everyMs: 10, now: () => now });
  const signed = async (count: number): Promise<void> => {
    await fill(log, 1);
    await until(() => kinds(log).filter((kind) => kind === 'checkpoint').length >= count);
  };
  await signed(1);
  await until(() => got.length === 1);
  await signed(2);
  await signed(3);
  now = 1000;
  await until(() => got.length === 2);
  await signed(4);
  await keeper.stop();
  expect(got).toHaveLength(3);
  expect(got.map(Number)).toEqual(got.map(Number).toSorted((a, b) => a - b));
});

/** Fails until told otherwise. */
function unreliable() {
  const got: string[] = [];
  const state = { works: false };
  const anchor: Anchor = {
    name: 'far away',
    publish: async (note) => {
      if (!state.works) throw new Error('no network');
      got.push(note);
    },
  };
  return { anchor, got, state };
}

test('what an anchor did not get is an incident, told once, and sent in order when it works again', async () => {
  const { anchor, got, state } = unreliable();
  const { log, keeper } = keep({ anchors: [anchor], everyEntries: 1, everyMs: 10 });
  await fill(log, 1);
  await until(() => kinds(log).includes('incident'));
  await fill(log, 1);
  await until(() => kinds(log).filter((kind) => kind === 'checkpoint').length >= 2);
  state.works = true;
  await until(() => got.length >= 2);
  await keeper.stop();
  const sizes = got.map((note) => Number(note.split('\n')[1]));
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(new Set(sizes).size).toBe(sizes.length);
  expect(log.list({ kind: 'incident' })).toHaveLength(1);
});

test('each checkpoint is added to a file, and the log holds against it', async () => {
  const file = join(temporaryFolder(), 'anchor');
  const { path, log, keeper } = keep({ anchors: [anchorOf({ file }, unused)], everyEntries: 5 });
  await fill(log, 5);
  await until(() => existsSync(file));
  await fill(log, 5);
  await keeper.stop();
  expect(readNotes(await readAnchor(file))).toHaveLength(2);
  expect(verifyAuditLog(path, { anchors: [{ name: file, text: readFileSync(file, 'utf8') }] })).toMatchObject({ ok: true });
});

test('each checkpoint is given to a command', async () => {
  const file = join(temporaryFolder(), 'got');
  const program = `require('node:fs').appendFileSync(${JSON.stringify(file)}, require('node:fs').readFileSync(0))`;
  const { log, keeper } = keep({ anchors: [anchorOf({ command: [process.execPath, '-e', program] }, unused)] });
  await fill(log, 1);
  await keeper.stop();
  expect(readNotes(readFileSync(file, 'utf8'))).toHaveLength(1);
});

test('a command that fails says why', async () => {
  const failing = anchorOf({ command: [process.execPath, '-e', "console.error('no room'); process.exit(3)"] }, unused);
  await expect(failing.publish('note')).rejects.toThrow(/ended with 3: no room/);
  await expect(anchorOf({ command: ['/no/such/program'] }, unused).publish('note')).rejects.toThrow(/ENOENT/);
});

test('each checkpoint is a commit on a ref of its own: no hook runs, nothing else changes', async () => {
  const repository = temporaryFolder();
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
  git('init', '-q');
  const trap = join(repository, 'trapped');
  for (const hook of ['reference-transaction', 'pre-commit', 'post-commit']) {
    writeFileSync(join(repository, '.git', 'hooks', hook), `#!/bin/sh\ntouch '${trap}'\n`, { mode: 0o755 });
  }
  const { path, log, keeper } = keep({ anchors: [anchorOf({ git: { repository } }, unused)], everyEntries: 5 });
  await fill(log, 5);
  await until(() => git('for-each-ref').includes('refs/countersign/checkpoints'));
  await fill(log, 5);
  await keeper.stop();
  const place = `git:${repository}`;
  const text = await readAnchor(place);
  expect(readNotes(text)).toHaveLength(2);
  expect(verifyAuditLog(path, { anchors: [{ name: place, text }] })).toMatchObject({ ok: true });
  expect(git('rev-list', '--count', 'refs/countersign/checkpoints').trim()).toBe('2');
  expect([existsSync(trap), git('status', '--porcelain').trim(), git('for-each-ref').trim().split('\n').length]).toEqual([false, '', 1]);
});
