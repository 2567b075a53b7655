import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { opencodeRecord } from '../../src/agents/opencode/record.ts';
import { opencodeRows } from '../../src/agents/opencode/record-rows.ts';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { type FollowedRow, FollowedRows } from '../../src/storage/followed-rows.ts';
import { temporaryFolder } from './folder.ts';

const recorded = join(import.meta.dirname, '..', 'fixtures', 'opencode', 'calls-1.18.33.sql');
const project = '/home/dev/project';
const day = 24 * 60 * 60_000;

/** A database as opencode 1.18.33 keeps it, by the real one's own statements. */
class Client {
  readonly path = join(temporaryFolder(), 'opencode.db');
  readonly told: FollowedRow[] = [];
  now = 1_900_000_000_000;
  database: Database;

  constructor() {
    this.database = this.#make();
    onTestFinished(() => void this.database.close());
  }

  #make(): Database {
    const database = openDatabase(this.path);
    database.pragma('journal_mode = WAL');
    database.exec(readFileSync(recorded, 'utf8'));
    return database;
  }

  again(): void {
    this.database = this.#make();
  }

  follow(from = 0): FollowedRows {
    return new FollowedRows(this.path, opencodeRows(), from);
  }

  read(rows: FollowedRows): Promise<boolean> {
    return rows.read((row) => void this.told.push(row), this.now);
  }

  /** A call of the session that was recorded first. */
  call(id: string, status: 'running' | 'completed', made = this.now): void {
    const [message, session] = ['msg_2273d71e6001fiILPyBIBpMaE6', 'ses_dd8c2af44ffeD6ZwScHkgzXgPP'];
    const state = { status, input: { command: `echo ${id}` }, time: { start: made, end: made + 5 } };
    const data = JSON.stringify({ type: 'tool', tool: 'bash', callID: id, state });
    const sql = 'INSERT INTO part VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data';
    this.database.prepare(sql).run(`prt_${id}`, message, session, made, made, data);
  }

  get found() {
    return this.told.flatMap(({ line }) => opencodeRecord.read(line, { path: '', head: '' }));
  }

  /** Ids of the calls that were told. */
  get calls(): readonly string[] {
    return this.found.flatMap((one) => (one.kind === 'result' ? [one.callId] : []));
  }
}

test('what the real opencode wrote down tells what ran, and not what was refused, failed, typed by a person or copied by a fork', async () => {
  const client = new Client();
  expect(await client.read(client.follow())).toBe(true);
  const ran = client.found.flatMap((one) => (one.kind === 'call' ? [one.call] : []));
  expect(ran.map(({ nativeTool, command = '', paths }) => `${nativeTool} ${command}${paths.write.join(' ')}`).toReversed()).toEqual([
    `bash echo allowed >> ${project}/ran-allowed`,
    'bash exit 3',
    `write ${project}/a.txt`,
    'edit a.txt',
    'tracker_look ',
    `bash echo allowed-below >> ${project}/ran-allowed-below`,
    // Another plugin had made that of it: the record has what ran.
    `bash echo allowed >> ${project}/ran-changed`,
  ]);
  const [first, second] = ['ses_dd8c2af44ffeD6ZwScHkgzXgPP', 'ses_dd8b73328ffe8qFxAnurGwWoo9'];
  expect(new Set(ran.map(({ session }) => session.id))).toEqual(new Set([first, second]));
  expect(ran.find(({ command }) => command?.includes('below'))).toMatchObject({
    id: 'ses_dd8c21729ffe3EdksvNGY6M2IV/call_48ed2f1b',
    session: { id: first },
    subagent: { id: 'ses_dd8c21729ffe3EdksvNGY6M2IV' },
    cwd: project,
  });
  expect(client.found.filter(({ kind }) => kind === 'command')).toMatchObject([
    { command: 'echo typed', origin: { session: { id: 'ses_dd8b63e30ffeqLe6iy9ACQXW00' } } },
  ]);
  expect(client.told.find(({ line }) => line.includes('below'))?.begun).toBe(1795954659515);
  for (const text of ['', '{', 'null', '[]', ...client.told.map(({ line }) => line.slice(0, -2))])
    expect(opencodeRecord.read(text, { path: '', head: '' })).toEqual([]);
});

test('a call is told once, when it is over; another process goes on where this one stopped', async () => {
  const client = new Client();
  const rows = client.follow(client.now - day);
  client.call('one', 'running');
  expect([await client.read(rows), await client.read(rows)]).toEqual([true, false]);
  expect(client.calls).toEqual([]);
  client.call('two', 'completed', client.now + 60_000);
  await client.read(rows);
  expect(rows.settled).toBe(client.now);
  client.now += 120_000;
  client.call('one', 'completed', client.now - 120_000);
  await client.read(rows);
  client.call('three', 'completed');
  await client.read(rows);
  expect(client.calls).toEqual(['two', 'one', 'three']);
  client.now += 60_000;
  await client.read(rows);
  const other = client.follow(rows.settled);
  await client.read(other);
  expect(client.calls).toEqual(['two', 'one', 'three', 'three']);
});

test('calls that take the place of deleted ones, and such as were written late, are told', async () => {
  const client = new Client();
  const rows = client.follow(client.now - day);
  for (const id of ['a', 'b', 'c']) client.call(id, 'completed', client.now);
  await client.read(rows);
  client.database.exec("DELETE FROM part WHERE id IN ('prt_b', 'prt_c')");
  for (const id of ['instead', 'more']) client.call(id, 'completed', client.now + 1);
  client.call('late', 'completed', client.now - 60_000);
  await client.read(rows);
  expect(client.calls.toSorted()).toEqual(['a', 'b', 'c', 'instead', 'late', 'more']);
});

test('a long past is read to its end, and none of it that is older than asked for', async () => {
  const client = new Client();
  for (let i = 0; i < 350; i += 1) client.call(`n${i}`, 'completed', client.now + i);
  await client.read(client.follow(client.now));
  expect(client.calls).toHaveLength(350);
});

test('whoever writes is not held up, and a database that is locked is read later', async () => {
  const client = new Client();
  client.database.pragma('journal_mode = DELETE');
  client.database.exec('BEGIN EXCLUSIVE');
  const rows = client.follow();
  expect(await client.read(rows)).toBe(false);
  client.database.exec('COMMIT');
  client.database.pragma('journal_mode = WAL');
  client.database.pragma('busy_timeout = 0');
  let written = 0;
  expect(
    await rows.read(({ line }) => {
      client.told.push({ line, begun: 0 });
      client.call(`meanwhile-${(written += 1)}`, 'running');
    }, client.now),
  ).toBe(true);
  expect(written).toBeGreaterThan(5);
});

test('a file that vanishes says nothing, and one that comes back is read', async () => {
  const client = new Client();
  const rows = client.follow(client.now);
  client.database.close();
  const files = readdirSync(dirname(client.path));
  await client.read(rows);
  for (const file of files) rmSync(join(dirname(client.path), file));
  for (const beside of ['-wal', '-shm']) rmSync(`${client.path}${beside}`, { force: true });
  expect(await client.read(rows)).toBe(false);
  client.again();
  client.call('again', 'completed');
  await client.read(rows);
  expect(client.calls).toEqual(['again']);
});

test('a database of another kind is told of, not taken for an empty one', async () => {
  const client = new Client();
  client.database.exec('ALTER TABLE part RENAME TO piece');
  await expect(client.read(client.follow())).rejects.toThrow('no such table');
});
