import { describe, expect, test } from 'vitest';
import { auditLogContract, stateStoreContract } from './contract.ts';
import { ManualClock, MemoryAuditLog, MemoryProcesses, MemoryStateStore, MemorySurroundings } from './memory-ports.ts';
import { entryOf, sessionOf } from './samples.ts';

describe('the audit log in memory', () => {
  auditLogContract(() => new MemoryAuditLog());
});
describe('the state in memory', () => {
  stateStoreContract(() => new MemoryStateStore());
});

test('the manual clock runs timers in the order of their time, and none that was cancelled', () => {
  const clock = new ManualClock(0);
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b@${clock.now()}`));
  clock.after(10, () => {
    seen.push(`a@${clock.now()}`);
    clock.after(5, () => seen.push(`c@${clock.now()}`));
  });
  clock.after(15, () => seen.push('never'))();
  clock.advance(30);
  expect(seen).toEqual(['a@10', 'c@15', 'b@20']);
  expect(clock.now()).toBe(30);
});

test('a broken double fails as a broken disk does', async () => {
  const audit = new MemoryAuditLog();
  audit.failure = new Error('disk full');
  await expect(audit.append(entryOf(), 'written')).rejects.toThrow('disk full');
  const state = new MemoryStateStore();
  state.failure = new Error('disk full');
  expect(() => state.saveSession(sessionOf())).toThrow('disk full');
  expect(() => state.countRate('k', 0)).toThrow('disk full');
});

test('the surroundings in memory resolve home, parents and links', () => {
  const surroundings = new MemorySurroundings();
  surroundings.links.set('/w/link', '/etc');
  expect(surroundings.resolve('~/x', '/w')).toBe('/home/ada/x');
  expect(surroundings.resolve('../a', '/w/b')).toBe('/w/a');
  expect(surroundings.resolve('link/passwd', '/w')).toBe('/etc/passwd');
});

test('the processes in memory end, unless they are deaf', async () => {
  const processes = new MemoryProcesses();
  processes.start('claude-code', 's1', { pid: 7, start: '1' }, [8, 9]);
  processes.deaf.add(9);
  const found = processes.find('claude-code', 's1');
  expect(found).toEqual({ pid: 7, start: '1' });
  expect(processes.identify(7)).toEqual(found);
  expect(await processes.end({ pid: 7, start: '1' })).toEqual({ ended: [7, 8], left: [{ pid: 9, why: 'it survived both signals' }] });
  expect(processes.isAlive({ pid: 7, start: '1' })).toBe(false);
});
