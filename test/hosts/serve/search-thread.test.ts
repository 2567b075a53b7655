import { closeSync, fstatSync, openSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Push, SearchState } from '../../../src/channel/messages.ts';
import type { Peer } from '../../../src/channel/operations.ts';
import { Searches } from '../../../src/hosts/serve/searches.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { fill } from '../../storage/signed-log.ts';

class Window implements Peer {
  readonly client = 'window';
  readonly pid = 1;
  readonly version = '1';
  readonly #closed = new AbortController();
  readonly closed = this.#closed.signal;
  readonly told: SearchState[] = [];
  window: Peer['window'];

  readonly push = (push: Push): void => void (push.push === 'search' && this.told.push(push.state));

  leave(): void {
    this.#closed.abort();
  }
}

async function searchesOf(count: number): Promise<{ readonly searches: Searches; readonly audit: string; readonly faults: unknown[] }> {
  const home = temporaryFolder();
  const audit = join(home, 'audit.db');
  const log = new AuditDatabase(audit);
  await fill(log, count);
  log.close();
  const faults: unknown[] = [];
  const searches = new Searches({ audit, home, version: '1' }, (error) => faults.push(error), 1);
  onTestFinished(() => searches.stop());
  return { searches, audit, faults };
}

const pageSize = 4_096;

/** Whether anybody in this process has the log open: the thread is one of us. */
function isOpen(audit: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => targetOf(`/proc/self/fd/${fd}`) === audit);
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

test.runIf(process.platform === 'linux')('the thread lives as long as a search is open, and comes again for the next one', async () => {
  const { searches, audit } = await searchesOf(3);
  const window = new Window();
  expect(isOpen(audit)).toBe(false);
  await searches.search({ id: 'a', search: {} }, window);
  await searches.search({ id: 'b', search: {} }, window);
  await searches.closeSearch({ id: 'a' }, window);
  expect(await searches.rows({ id: 'b', from: 0, limit: 5 }, window)).toHaveLength(3);
  expect(isOpen(audit)).toBe(true);
  window.leave();
  await expect.poll(() => isOpen(audit), { timeout: 10_000 }).toBe(false);
  expect(await searches.search({ id: 'b', search: {} }, new Window())).toMatchObject({ older: 3 });
});

test('a log that is damaged in its middle ends a search with the reason, and what was found stays', async () => {
  const { searches, audit, faults } = await searchesOf(4_000);
  const file = openSync(audit, 'r+');
  const { size } = fstatSync(file);
  writeSync(file, Buffer.alloc(pageSize * 8, 0xff), 0, pageSize * 8, Math.floor(size / pageSize / 2) * pageSize);
  closeSync(file);
  const window = new Window();
  const state = await searches.search({ id: 'a', search: { text: 'ls' } }, window);
  await expect.poll(() => (window.told.at(-1) ?? state).isComplete, { timeout: 10_000 }).toBe(true);
  const last = window.told.at(-1) ?? state;
  expect(last.problem).toMatch(/^Entries before \d+ cannot be searched: the file is damaged/);
  expect(last.older).toBeGreaterThan(0);
  expect(await searches.rows({ id: 'a', from: 0, limit: 1 }, window)).toMatchObject([{ seq: 4_000 }]);
  expect(faults).toEqual([]);
});
