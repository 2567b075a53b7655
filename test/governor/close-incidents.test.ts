import { expect, test } from 'vitest';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { memoryPorts, type MemoryPorts } from '../storage/memory-ports.ts';
import { ada, bench } from './fixture.ts';

const dayMs = 24 * 60 * 60_000;

async function raised(ports: MemoryPorts, over: Partial<AuditEntry> = {}): Promise<number> {
  const incident = { kind: 'incident', agent: 'plain', session: 's1', cwd: '/w', reason: 'Bash (c1) ran without a decision.' } as const;
  const entry = { ...incident, time: ports.clock.now(), detail: { cause: 'undecided' }, ...over };
  return (await ports.audit.append(entry, 'written')).seq;
}

const open = (ports: MemoryPorts) =>
  bench(undefined, {}, ports)
    .governor.incidents()
    .map(({ seq }) => seq);

test('an incident outlives the governor that raised it, and is a problem that names its entries', async () => {
  const ports = memoryPorts();
  const seqs = [await raised(ports), await raised(ports, { reason: 'Bash (c2) ran without a decision.' })];
  const other = await raised(ports, { session: 's2' });
  const { governor } = bench(undefined, {}, ports);
  expect(governor.problems()).toMatchObject([
    { id: 'ungoverned:s1', incidents: seqs, message: expect.stringMatching(/^Bash \(c2\) ran without a decision \(and 1 more/) },
    { id: 'ungoverned:s2', incidents: [other] },
  ]);
});

const cells: [title: string, over: Partial<AuditEntry>, isOpen: boolean][] = [
  ['of yesterday: open', { time: Date.UTC(2026, 0, 1) - dayMs }, true],
  ['of five weeks ago: not any more', { time: Date.UTC(2026, 0, 1) - 35 * dayMs }, false],
  ["one of the governor's own troubles: never was", { detail: { event: 'port' } }, false],
  ['of a cause that only a later version knows: not ours to tell', { detail: { cause: 'toString' } }, false],
];
test.each(cells)('an incident %s', async (_, over, isOpen) => {
  const ports = memoryPorts();
  const seq = await raised(ports, over);
  expect(open(ports)).toEqual(isOpen ? [seq] : []);
});

test('a person closes it: written down with who and why, gone for this governor and for the next', async () => {
  const ports = memoryPorts();
  const seq = await raised(ports);
  let told = 0;
  const { governor } = bench(undefined, { onProblems: () => (told += 1) }, ports);
  ports.clock.advance(5_000);
  expect(await governor.closeIncidents([seq, 99], `known, token ghp_${'a'.repeat(36)}`, ada)).toEqual([seq]);
  expect(ports.audit.entries.at(-1)).toMatchObject({
    kind: 'incident-closed',
    session: 's1',
    approver: { ...ada, waitedMs: 5_000, reason: expect.not.stringContaining('ghp_') },
    detail: { incident: seq },
  });
  expect(governor.problems()).toEqual([]);
  expect(told).toBeGreaterThan(0);
  expect(open(ports)).toEqual([]);
});

test('two windows close the same one: it is closed once', async () => {
  const ports = memoryPorts();
  const seq = await raised(ports);
  const { governor } = bench(undefined, {}, ports);
  const closed = await Promise.all([governor.closeIncidents([seq], '', ada), governor.closeIncidents([seq], '', ada)]);
  expect(closed).toEqual([[seq], []]);
  expect(ports.audit.entries.filter(({ kind }) => kind === 'incident-closed')).toHaveLength(1);
});

test('what cannot be written down stays open', async () => {
  const ports = memoryPorts();
  const seq = await raised(ports);
  const { governor } = bench(undefined, {}, ports);
  ports.audit.failure = new Error('disk full');
  await expect(governor.closeIncidents([seq], '', ada)).rejects.toThrow('disk full');
  expect(governor.problems()).toMatchObject([{ incidents: [seq] }]);
});
