import type { Client } from '../../channel/client.ts';
import { connect } from '../../channel/start.ts';
import type { SpendQuery, SpendReport } from '../../engine/spend/report.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { openSpend } from '../../storage/spend/open.ts';
import { allRecords } from '../../storage/spend/record-places.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import type { SpendAsked } from './spend-options.ts';
import { version } from './version.ts';

/** An answer to each question: of the governor that runs, which has everything at hand; where none does, the records are read here. */
export async function spendReports(
  queries: readonly SpendQuery[],
  folders: SpendAsked['folders'],
  tell: (line: string) => void,
): Promise<readonly SpendReport[]> {
  const home = openHome();
  if (folders !== undefined) return readHere(home, queries, { ...process.env, ...folders }, ':memory:');
  const hello = { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version } as const;
  const reached = await connect(home, hello).catch(() => undefined);
  if (reached === undefined) return readHere(home, queries, process.env, home.spend);
  try {
    const reports: SpendReport[] = [];
    for (const query of queries) reports.push(await wholeReport(reached.client, query, tell));
    return reports;
  } finally {
    reached.client.close();
  }
}

async function wholeReport(client: Client, query: SpendQuery, tell: (line: string) => void): Promise<SpendReport> {
  for (;;) {
    const report = await client.call('spend', query);
    if (report.indexing === undefined) return report;
    const { doneBytes, totalBytes } = report.indexing;
    tell(`Reading agents' records for the first time: ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`);
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

const againMs = 1_000;
const sliceMs = 100;

function readHere(home: Home, queries: readonly SpendQuery[], environment: NodeJS.ProcessEnv, path: string): readonly SpendReport[] {
  const index = openSpend(home, () => allRecords([], environment), path);
  try {
    index.scan();
    while (!index.step(sliceMs));
    return queries.map((query) => index.report(query));
  } finally {
    index.close();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
