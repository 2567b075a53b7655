import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from '../../../src/channel/client.ts';
import type { SearchState } from '../../../src/channel/messages.ts';
import type { AuditEntry } from '../../../src/engine/audit/entry.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { LogSigner } from '../../../src/storage/audit-signer.ts';
import { decodeOtlp } from '../../engine/audit/export/otlp-schema.ts';
import { entryOf } from '../../storage/samples.ts';
import { Place, until } from './fixture.ts';

let place: Place;
let log: AuditDatabase;

beforeEach(async () => {
  place = new Place();
  log = new AuditDatabase(place.home.audit);
  await write(20);
  await place.run();
});
afterEach(async () => {
  log.close();
  await place.close();
});

/** Every second one denied. */
async function write(count: number, over: Partial<AuditEntry> = {}): Promise<void> {
  const entries = Array.from({ length: count }, (_, n) => entryOf({ callId: `c${n}`, action: n % 2 === 0 ? 'deny' : 'allow', ...over }));
  await Promise.all(entries.map((entry) => log.append(entry, 'written')));
}

async function connected(): Promise<{ readonly client: Client; readonly told: SearchState[] }> {
  const { client } = await place.client();
  const told: SearchState[] = [];
  await client.subscribe((push) => void (push.push === 'search' && told.push(push.state)));
  return { client, told };
}

test('a search answers at once with what it found, and rows come by their place', async () => {
  const { client } = await connected();
  const state = await client.call('search', { id: 'a', search: { actions: ['deny'] } });
  expect(state).toEqual({ id: 'a', older: 10, newer: 0, isComplete: true, progress: 1 });
  const rows = await client.call('rows', { id: 'a', from: 0, limit: 2 });
  expect(rows).toMatchObject([
    { seq: 19, kind: 'decision', tool: 'shell', action: 'deny', summary: 'ls -la' },
    { seq: 17, action: 'deny' },
  ]);
});

test('new entries are told of, at places before the first, until the search is closed', async () => {
  const { client, told } = await connected();
  await client.call('search', { id: 'a', search: { actions: ['deny'] } });
  await write(4);
  await until(() => told.at(-1)?.newer === 2);
  expect((await client.call('rows', { id: 'a', from: -2, limit: 3 })).map(({ seq }) => seq)).toEqual([23, 21, 19]);
  await client.call('closeSearch', { id: 'a' });
  await expect(client.call('rows', { id: 'a', from: 0, limit: 1 })).rejects.toMatchObject({ code: 'not-found' });
});

test('the same name again is another search; two names, and two clients, do not touch each other', async () => {
  const { client, told } = await connected();
  const other = await connected();
  await client.call('search', { id: 'a', search: { actions: ['deny'] } });
  await client.call('search', { id: 'b', search: {} });
  await other.client.call('search', { id: 'a', search: { text: 'nothing says this' } });
  expect(await client.call('search', { id: 'a', search: { actions: ['allow'] } })).toMatchObject({ older: 10 });
  await write(2);
  await until(() => ['a', 'b'].every((id) => told.some((state) => state.id === id && state.newer > 0)));
  expect((await client.call('rows', { id: 'a', from: -1, limit: 1 }))[0]).toMatchObject({ action: 'allow' });
  expect((await client.call('rows', { id: 'b', from: 0, limit: 500 })).length).toBe(20);
  expect(await other.client.call('rows', { id: 'a', from: 0, limit: 500 })).toEqual([]);
  expect(other.told).toEqual([]);
});

test('a client that never searched is told nothing, and one that opens too many is refused', async () => {
  const { client } = await connected();
  for (let n = 0; n < 16; n += 1) await client.call('search', { id: `s${n}`, search: {} });
  await expect(client.call('search', { id: 'one more', search: {} })).rejects.toMatchObject({ code: 'busy' });
  await client.call('closeSearch', { id: 's3' });
  await client.call('search', { id: 'one more', search: {} });
});

test('what rules did lately is counted, and what is new', async () => {
  const { client } = await connected();
  const rules = [{ policy: 'p', rule: 'r', layer: 'user', digest: 'd', action: 'deny', mode: 'enforce' }] as const;
  await write(3, { time: Date.now(), rules });
  expect(await client.call('ruleCounts', {})).toMatchObject({ days: 7, rules: [{ rule: 'p/r', enforced: { deny: 3 } }] });
  await write(1, { time: Date.now(), rules });
  expect(await client.call('ruleCounts', { folders: ['/'] })).toMatchObject({ rules: [{ rule: 'p/r', enforced: { deny: 4 } }] });
  expect(await client.call('ruleCounts', { folders: ['/nowhere'] })).toEqual({ days: 7, rules: [] });
});

test('facets count the whole log, and what is new', async () => {
  const { client } = await connected();
  const facets = await client.call('facets', {});
  expect(facets).toMatchObject({ tools: [{ value: 'shell', count: 20 }], sessions: [{ value: 's1', count: 20 }], people: [] });
  const rules = [{ policy: 'p', rule: 'r', layer: 'user', digest: 'sha256:00', action: 'deny', mode: 'enforce' }] as const;
  await write(1, { rules, mcpServer: 'tiny', tool: 'echo', approver: { user: 'ada', surface: 'x', waitedMs: 1, reason: '' } });
  expect(await client.call('facets', {})).toMatchObject({
    agents: [{ value: 'claude-code', count: 21 }],
    kinds: [{ value: 'decision', count: 21 }],
    actions: [
      { value: 'deny', count: 11 },
      { value: 'allow', count: 10 },
    ],
    tools: [
      { value: 'shell', count: 20 },
      { value: 'tiny/echo', count: 1 },
    ],
    rules: [{ value: 'p/r', count: 1 }],
    people: [{ value: 'ada', count: 1 }],
  });
});

test('an entry comes with what belongs to its call, the rule as it was in force, and its proof', async () => {
  const source =
    'kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  rules:\n    - {name: a, action: deny}\n    - name: r\n      action: deny\n';
  const digest = `sha256:${createHash('sha256').update(source).digest('hex')}`;
  const file = join(place.home.policies, 'p.yaml');
  writeFileSync(file, source);
  log.savePolicy({ digest, source, path: file, layer: 'user' }, 1);
  const rules = [{ policy: 'p', rule: 'r', layer: 'user', digest, action: 'deny', mode: 'enforce' }] as const;
  await write(1, { callId: 'call', rules });
  await write(1, { kind: 'outcome', callId: 'call' });
  await write(1, { kind: 'outcome', callId: 'call', session: 'of another session' });
  const { client } = await connected();
  const details = await client.call('entry', { seq: 21 });
  expect(details).toMatchObject({
    record: { seq: 21, entry: { callId: 'call' } },
    rules: [{ policy: 'p', rule: 'r', file, line: 6, text: source, isCurrent: true }],
    proof: { state: 'pending' },
  });
  expect(details.related.map(({ seq }) => seq)).toEqual([22]);
  writeFileSync(file, `${source}# changed\n`);
  const signer = new LogSigner({ path: place.home.audit, keyFile: place.home.auditKey, append: log.append, now: () => 5 });
  await signer.sign();
  await signer.close();
  expect(await client.call('entry', { seq: 21 })).toMatchObject({
    rules: [{ isCurrent: false, text: source }],
    proof: { state: 'signed', checkpoint: { size: 24, time: 5 } },
  });
  await expect(client.call('entry', { seq: 999 })).rejects.toMatchObject({ code: 'not-found' });
});

test.each<['jsonl' | 'csv' | 'ocsf' | 'otlp', (text: string) => readonly unknown[]]>([
  ['jsonl', (text) => lines(text).map((line) => JSON.parse(line).seq)],
  [
    'csv',
    (text) =>
      lines(text)
        .slice(1)
        .map((line) => Number(line.split(',')[0])),
  ],
  ['ocsf', (text) => lines(text).map((line) => JSON.parse(line).metadata.sequence)],
  [
    'otlp',
    (text) =>
      lines(text)
        .flatMap(decodeOtlp)
        .map(({ attributes }) => Number(attributes['countersign.seq'])),
  ],
])('what a search finds is exported as %s: oldest first, for its owner alone', async (format, numbersIn) => {
  const { client, told } = await connected();
  await client.call('search', { id: 'a', search: { actions: ['deny'] } });
  await write(1);
  await until(() => told.at(-1)?.newer === 1);
  const file = join(place.root, `log.${format}`);
  writeFileSync(file, 'what was there before', { mode: 0o644 });
  expect(await client.call('exportSearch', { id: 'a', format, file })).toEqual({ entries: 11 });
  expect(numbersIn(readFileSync(file, 'utf8'))).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(place.root).filter((name) => name.includes('.part'))).toEqual([]);
});

test('nothing is exported into our own folder, and the client is told why', async () => {
  const { client } = await connected();
  await client.call('search', { id: 'a', search: {} });
  const exported = client.call('exportSearch', { id: 'a', format: 'csv', file: place.home.config });
  await expect(exported).rejects.toMatchObject({ code: 'not-allowed', message: expect.stringContaining('own folder') });
});

test('a log that cannot be opened refuses searches and stops nothing else', async () => {
  log.close();
  const empty = new Place();
  try {
    await empty.run();
    const { client } = await empty.client();
    mkdirSync(empty.home.audit);
    await expect(client.call('search', { id: 'a', search: {} })).rejects.toThrow('audit.db');
    expect(await client.call('status', {})).toMatchObject({ version: '1.2.3' });
  } finally {
    await empty.close();
  }
});

function lines(text: string): readonly string[] {
  return text.trim().split(/\r?\n/);
}
