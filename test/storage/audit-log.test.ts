import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, renameSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AuditRecord } from '../../src/engine/audit/entry.ts';
import { AuditDatabase, type AuditOptions } from '../../src/storage/audit-log.ts';
import { verifyAuditLog } from '../../src/storage/audit-verify.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { auditLogContract } from './contract.ts';
import { canMount, fillDisk, mountDisk, temporaryFolder } from './folder.ts';
import { run } from './programs/program.ts';
import { entryOf } from './samples.ts';

const hasStrace = existsSync('/usr/bin/strace');

function openLog(path = join(temporaryFolder(), 'audit.db'), options: AuditOptions = {}) {
  const log = new AuditDatabase(path, options);
  onTestFinished(() => log.close());
  return { log, path };
}

describe('the audit log on disk', () => {
  auditLogContract(() => openLog().log);
});

describe('what is written', () => {
  test('a log that is opened again goes on where it ended', async () => {
    const path = join(temporaryFolder(), 'audit.db');
    const before = new AuditDatabase(path);
    const first = await before.append(entryOf(), 'written');
    before.close();
    const { log } = openLog(path);
    expect(await log.append(entryOf(), 'written')).toMatchObject({ seq: 2, previous: first.hash });
    expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 2 });
  });

  test('entries of several processes form one chain, and every confirmed one is in it', async () => {
    const path = join(temporaryFolder(), 'audit.db');
    const writers = ['written', 'synced', 'written', 'written'].map((durability) => run('append.ts', [path, '60', durability]));
    const confirmed = await Promise.all(writers.map(async (writer) => [await writer.line(), await writer.line()]));
    expect(confirmed).toEqual(writers.map(() => ['open', '60']));
    expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: 240 });
  });

  test('a process that is killed while it writes breaks nothing', async () => {
    const path = join(temporaryFolder(), 'audit.db');
    const victim = run('append.ts', [path, '1000000', 'written']);
    await victim.line();
    const { log } = openLog(path);
    while (log.recent(1).length === 0) await new Promise(setImmediate);
    victim.process.kill('SIGKILL');
    await victim.ended;
    const last = log.recent(1)[0];
    expect(await log.append(entryOf(), 'synced')).toMatchObject({ seq: (last?.seq ?? 0) + 1, previous: last?.hash });
    expect(verifyAuditLog(path).ok).toBe(true);
  });

  test.runIf(hasStrace)('a synced entry is flushed to the disk before it is confirmed, a written one is left to the system', () => {
    expect(flushesFor(5, 'synced') - flushesFor(5, 'written')).toBe(5);
  });

  test('neither changed nor deleted through SQL', async () => {
    const { log, path } = openLog();
    await log.append(entryOf(), 'written');
    log.savePolicy(policy, 1);
    const database = openDatabase(path);
    database.exec("INSERT INTO checkpoints VALUES (1, 1, '', '')");
    onTestFinished(() => void database.close());
    for (const sql of [
      "UPDATE entries SET action = 'deny'",
      'DELETE FROM entries',
      "UPDATE policies SET path = ''",
      'DELETE FROM policies',
      'UPDATE checkpoints SET size = 2',
      'DELETE FROM checkpoints',
    ]) {
      expect(() => database.exec(sql)).toThrow(/only be appended/);
    }
  });
});

describe('what is read', () => {
  test.each<[string, Parameters<AuditDatabase['list']>[0], number[]]>([
    ['everything, newest first', {}, [4, 3, 2, 1]],
    ['from a time on, up to another', { since: 200, until: 400 }, [3, 2]],
    ['by session', { session: 'b' }, [4, 2]],
    ['by agent', { agent: 'codex' }, [3]],
    ['by canonical tool', { tool: 'fetch' }, [2]],
    ["by the agent's own name of the tool", { tool: 'WebFetch' }, [2]],
    ['by action', { action: 'deny' }, [4]],
    ['by kind', { kind: 'outcome' }, [1]],
    ['by two at once', { session: 'b', action: 'deny' }, [4]],
    ['no more than asked for', { limit: 2 }, [4, 3]],
    ['a page further back', { limit: 2, before: 3 }, [2, 1]],
  ])('%s', async (_, filter, expected) => {
    const { log } = openLog();
    await log.append(entryOf({ time: 100, session: 'a', kind: 'outcome' }), 'written');
    await log.append(entryOf({ time: 200, session: 'b', tool: 'fetch', nativeTool: 'WebFetch' }), 'written');
    await log.append(entryOf({ time: 300, session: 'a', agent: 'codex' }), 'written');
    await log.append(entryOf({ time: 400, session: 'b', action: 'deny' }), 'written');
    expect(log.list(filter).map((record) => record.seq)).toEqual(expected);
  });

  test('one entry by its number', async () => {
    const { log } = openLog();
    const record = await log.append(entryOf(), 'written');
    expect(log.get(1)).toEqual(record);
    expect(log.get(2)).toBeUndefined();
  });

  test('a policy version is kept once, under the digest it really has', () => {
    const { log } = openLog();
    log.savePolicy(policy, 1);
    log.savePolicy({ ...policy, path: '/elsewhere.yaml' }, 2);
    log.savePolicy({ ...policy, digest: `sha256:${'0'.repeat(64)}` }, 3);
    expect(log.policyVersion(policy.digest)).toEqual(policy);
    expect(log.policyVersion(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
  });

  test('a listener hears of every entry, in order, those of other processes included', async () => {
    const { log, path } = openLog(undefined, { pollMs: 5 });
    await log.append(entryOf({ callId: 'before' }), 'written');
    const heard: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = log.onAppended((records: readonly AuditRecord[]) => {
      heard.push(...records.map((record) => record.seq));
      if (heard.length === 7) resolve();
    });
    await log.append(entryOf(), 'written');
    const other = run('append.ts', [path, '5', 'written']);
    await other.ended;
    await log.append(entryOf(), 'written');
    await promise;
    expect(heard).toEqual([2, 3, 4, 5, 6, 7, 8]);
    stop();
    await log.append(entryOf(), 'written');
    expect(heard).toHaveLength(7);
  });

  test('a listener hears of an entry of another process without any of our own', async () => {
    const { log, path } = openLog(undefined, { pollMs: 5 });
    const { promise, resolve } = Promise.withResolvers<readonly AuditRecord[]>();
    log.onAppended(resolve);
    run('append.ts', [path, '1', 'written']);
    expect(await promise).toMatchObject([{ seq: 1 }]);
  });
});

describe('what cannot be written is rejected', () => {
  test('while another process holds the lock: after the time it is given, and not before the lock is free again', async () => {
    const { log, path } = openLog(undefined, { patienceMs: 60 });
    const holder = run('hold.ts', [path]);
    await holder.line();
    await expect(log.append(entryOf(), 'written')).rejects.toThrow(/another process held its lock/);
    holder.process.stdin?.end();
    await holder.ended;
    expect(await log.append(entryOf(), 'written')).toMatchObject({ seq: 1 });
  });

  test('waiting for the lock does not block the process', async () => {
    const { log, path } = openLog(undefined, { patienceMs: 10_000 });
    const holder = run('hold.ts', [path]);
    await holder.line();
    const pending = log.append(entryOf(), 'synced');
    let turns = 0;
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(() => resolve((turns += 1))));
    expect(turns).toBe(50);
    holder.process.stdin?.end();
    expect(await pending).toMatchObject({ seq: 1 });
  });

  test('a file that was deleted, or replaced, while in use', async () => {
    const { log, path } = openLog();
    await log.append(entryOf(), 'written');
    renameSync(path, `${path}.away`);
    await expect(log.append(entryOf(), 'written')).rejects.toThrow(/removed or replaced/);
    writeFileSync(path, '');
    await expect(log.append(entryOf(), 'written')).rejects.toThrow(/removed or replaced/);
  });

  test.each([1, 2, 5])('a file with a damaged page: %i', async (page) => {
    const path = join(temporaryFolder(), 'audit.db');
    const before = new AuditDatabase(path);
    await before.append(entryOf(), 'written');
    before.close();
    overwrite(path, page);
    await expect(openAndAppend(path)).rejects.toThrow(/damaged|not a database/);
  });

  test('a log of a newer format, which this version could only spoil', () => {
    const { path } = openLog();
    const database = openDatabase(path);
    database.pragma('user_version = 3');
    database.close();
    expect(() => new AuditDatabase(path)).toThrow(/newer version/);
  });

  test('a file that is no database is not opened, and says so', () => {
    const path = join(temporaryFolder(), 'audit.db');
    writeFileSync(path, 'not a database, but long enough to be taken for one by its size '.repeat(40));
    expect(() => new AuditDatabase(path)).toThrow(/not a database/);
  });

  test('a log in a folder that does not exist is not opened', () => {
    expect(() => new AuditDatabase(join(temporaryFolder(), 'missing', 'audit.db'))).toThrow(/Cannot open/);
  });

  test('after closing', async () => {
    const log = new AuditDatabase(join(temporaryFolder(), 'audit.db'));
    const pending = log.append(entryOf(), 'written');
    log.close();
    await expect(pending).rejects.toThrow(/closed/);
    await expect(log.append(entryOf(), 'written')).rejects.toThrow(/could not be written/);
  });

  test.runIf(canMount)('on a full disk, until there is space again', async () => {
    const disk = mountDisk('1m');
    const { log, path } = openLog(join(disk, 'audit.db'));
    await log.append(entryOf(), 'synced');
    const ballast = join(disk, 'ballast');
    fillDisk(ballast);
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => appendLarge(log, i)));
    expect(results.some((result) => result.status === 'rejected' && /disk (is|failed or is) full/.test(String(result.reason)))).toBe(true);
    truncateSync(ballast, 0);
    const confirmed = results.filter((result) => result.status === 'fulfilled').length;
    expect(await log.append(entryOf(), 'written')).toMatchObject({ seq: confirmed + 2 });
    expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: confirmed + 2 });
  });

  test.runIf(canMount)('on a disk that is read-only', async () => {
    const disk = mountDisk('1m');
    const path = join(disk, 'audit.db');
    new AuditDatabase(path).close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(openAndAppend(path)).rejects.toThrow(/cannot be written|cannot be opened/);
  });

  test.runIf(process.platform === 'linux')('past the limit of a file size, and says so', async () => {
    const path = join(temporaryFolder(), 'audit.db');
    openLog(path);
    const writer = run('append.ts', [path, '100000', 'written'], ['prlimit', '--fsize=262144']);
    expect(await writer.line()).toBe('open');
    const [confirmed, reason] = (await writer.line()).split(' then: ');
    expect(reason).toMatch(/disk (is|failed or is) full/);
    expect(verifyAuditLog(path)).toMatchObject({ ok: true, count: Number(confirmed) });
  });
});

const source = 'kind: ToolPolicy\n';
const policy = { digest: `sha256:${createHash('sha256').update(source).digest('hex')}`, source, path: '/p.yaml', layer: 'user' as const };

/** How often a process that appends so many entries, one after the other, asks the system to flush. */
function flushesFor(count: number, durability: string): number {
  const folder = temporaryFolder();
  const program = join(import.meta.dirname, 'programs', 'append.ts');
  const trace = ['-f', '-e', 'trace=fsync,fdatasync', '-o', join(folder, 'trace')];
  execFileSync('strace', [...trace, process.execPath, program, join(folder, 'audit.db'), String(count), durability]);
  return readFileSync(join(folder, 'trace'), 'utf8').match(/\bf(data)?sync\(/g)?.length ?? 0;
}

function appendLarge(log: AuditDatabase, i: number) {
  return new Promise<AuditRecord>((resolve, reject) => {
    setImmediate(
      () => void log.append(entryOf({ callId: `c${i}`, arguments: { text: 'x'.repeat(20_000) } }), 'written').then(resolve, reject),
    );
  });
}

async function openAndAppend(path: string): Promise<AuditRecord> {
  const log = new AuditDatabase(path);
  try {
    return await log.append(entryOf(), 'written');
  } finally {
    log.close();
  }
}

/** Page numbers count from 1, as SQLite's do. */
function overwrite(path: string, page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(4096, 'x'), 0, 4096, (page - 1) * 4096);
  closeSync(file);
}
