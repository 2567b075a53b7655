import { connect } from '../../channel/start.ts';
import type { SpendQuery, SpendReport } from '../../engine/spend/report.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { openSpend } from '../../storage/spend/open.ts';
import { allRecords } from '../../storage/spend/record-places.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { type Command, parse, type Terminal } from './command.ts';
import { askedOf, spendOptions, type SpendAsked } from './spend-options.ts';
import { csvOf, jsonOf, tableOf } from './spend-text.ts';
import { version } from './version.ts';

export const spend: Command = {
  name: 'spend',
  summary: 'what agents used and what it costs, from their own records',
  usage:
    'countersign spend [--today|--week|--month] [--since TIME] [--until TIME] [--by day|session|agent|subagent|model|workspace] [--session ID] [--tz ZONE] [--json|--csv] [--claude-dir DIR] [--codex-dir DIR]',
  run: async (args, terminal) => {
    const { values } = parse(args, spendOptions);
    const asked = askedOf(values, Date.now());
    const report = await reportOf(asked, terminal);
    if (values.json === true) terminal.out(jsonOf(report, asked));
    else if (values.csv === true) terminal.out(csvOf(report, asked));
    else terminal.out(tableOf(report, asked));
    return 0;
  },
};

/** Of the governor that runs, which has everything at hand; where none does, the records are read here. */
async function reportOf({ query, folders }: SpendAsked, terminal: Terminal): Promise<SpendReport> {
  const home = openHome();
  if (folders !== undefined) return readHere(home, query, { ...process.env, ...folders }, ':memory:');
  const hello = { token: readOrCreateToken(home.clientToken), client: 'cli', pid: process.pid, version } as const;
  const reached = await connect(home, hello).catch(() => undefined);
  if (reached === undefined) return readHere(home, query, process.env, home.spend);
  try {
    for (;;) {
      const report = await reached.client.call('spend', query);
      if (report.indexing === undefined) return report;
      terminal.err(
        `Reading agents' records for the first time: ${megabytes(report.indexing.doneBytes)} of ${megabytes(report.indexing.totalBytes)} MB`,
      );
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  } finally {
    reached.client.close();
  }
}

const againMs = 1_000;
const sliceMs = 100;

function readHere(home: Home, query: SpendQuery, environment: NodeJS.ProcessEnv, path: string): SpendReport {
  const index = openSpend(home, () => allRecords([], environment), path);
  try {
    index.scan();
    while (!index.step(sliceMs));
    return index.report(query);
  } finally {
    index.close();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
