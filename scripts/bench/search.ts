import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import type { Peer } from '../../src/channel/operations.ts';
import type { Push, SearchState } from '../../src/channel/messages.ts';
import { Searches } from '../../src/hosts/serve/searches.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { bulkLog } from './bulk-log.ts';
import { percentile } from './scratch-home.ts';

const count = 1_000_000;

/** The Activity panel's searches over a log of 1,000,000 entries, and what a call feels of them. */
export async function measureSearch(): Promise<readonly Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    const audit = join(home, 'audit.db');
    bulkLog(audit, count, entry);
    return await measured(home, audit);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function measured(home: string, audit: string): Promise<readonly Figure[]> {
  const client = new Client();
  const searches = new Searches({ audit, home, version: 'bench' }, fail);
  const log = new AuditDatabase(audit);
  try {
    const everything = await timed(() => paint(searches, client, 'everything', {}));
    const idle = [...(await appending(log, 400))];
    const idleMemory = process.memoryUsage().rss;
    const began = performance.now();
    const text = await timed(() => paint(searches, client, 'text', { text: 'step-777' }));
    let peak = idleMemory;
    const busy: number[] = [];
    while (!client.isComplete('text')) {
      busy.push(...(await appending(log, 20)));
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    const scanned = performance.now() - began;
    idle.push(...(await appending(log, 400)));
    const facets = await timed(() => searches.facets({}, client));
    return [
      { what: '1,000,000 entries: first rows of everything, the thread started', value: everything, unit: 'ms', limit: 300 },
      { what: 'first answer to a search for a text', value: text, unit: 'ms', limit: 300 },
      { what: 'all 1,000,000 entries searched for a text, while calls are recorded', value: scanned / 1000, unit: 's' },
      {
        what: 'recording a decision while it is searched, against otherwise: median',
        value: percentile(busy, 0.5) / percentile(idle, 0.5),
        unit: '×',
      },
      { what: 'the same: 99th percentile', value: percentile(busy, 0.99) / percentile(idle, 0.99), unit: '×' },
      { what: 'memory while it is searched, above that before', value: (peak - idleMemory) / 1024 / 1024, unit: 'MB' },
      { what: 'values to filter by, counted the first time', value: facets / 1000, unit: 's' },
    ];
  } finally {
    log.close();
    await searches.stop();
  }
}

/** A window as far as a search needs one. */
class Client implements Peer {
  readonly client = 'window';
  readonly pid = process.pid;
  readonly version = 'bench';
  readonly closed = new AbortController().signal;
  readonly #states = new Map<string, SearchState>();
  window: Peer['window'];

  readonly push = (push: Push): void => {
    if (push.push === 'search') this.#states.set(push.state.id, push.state);
  };

  isComplete(id: string): boolean {
    return this.#states.get(id)?.isComplete === true;
  }
}

async function paint(searches: Searches, client: Client, id: string, search: Parameters<Searches['search']>[0]['search']): Promise<void> {
  const { isComplete } = await searches.search({ id, search }, client);
  if (isComplete && id === 'text') throw new Error('The log of the bench is too small');
  await searches.rows({ id, from: 0, limit: 100 }, client);
}

async function timed(run: () => unknown): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

/** One by one, with the loop free in between, as calls come in. */
async function appending(log: AuditDatabase, times: number): Promise<readonly number[]> {
  const ms: number[] = [];
  for (let n = 0; n < times; n += 1) {
    ms.push(await timed(() => log.append(entry(count + n), 'written')));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ms;
}

function fail(error: unknown): never {
  throw error;
}

const rule = {
  policy: 'baseline-git',
  rule: 'no-force-push',
  layer: 'built-in',
  digest: `sha256:${'ab'.repeat(32)}`,
  mode: 'enforce',
  action: 'deny',
} as const;

/** About 500 bytes; every tenth one is denied. */
function entry(n: number): AuditEntry {
  const isDenied = n % 10 === 0;
  return {
    kind: 'decision',
    time: 1_767_225_600_000 + n * 100,
    session: `4f1c9d3e-2b7a-4c55-9d0e-8a6b${String(n % 500).padStart(8, '0')}`,
    agent: 'claude-code',
    callId: `toolu_${n}`,
    tool: 'shell',
    nativeTool: 'Bash',
    cwd: '/home/ada/project',
    arguments: { command: `npm run step-${n} -- --reporter=verbose`, description: 'Runs one step' },
    argumentsDigest: 'ab'.repeat(32),
    action: isDenied ? 'deny' : 'allow',
    reason: isDenied ? 'It rewrites history that others have.' : '',
    ...(isDenied ? { rules: [rule] } : {}),
    mode: 'enforce',
  };
}
