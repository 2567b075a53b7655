import { renameSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { Evidence } from '../../engine/audit/report/evidence.ts';
import { evidencePack } from '../../engine/audit/report/evidence-pack.ts';
import type { Origin } from '../../engine/audit/report/origin-facts.ts';
import { Session } from '../../engine/audit/report/session.ts';
import { sessionPage } from '../../engine/audit/report/session-page.ts';
import type { SessionCosts } from '../../engine/audit/report/spend-section.ts';
import { counted } from '../../engine/audit/report/words.ts';
import { AuditReader } from '../../storage/audit-reader.ts';
import { homeOf } from '../../storage/home.ts';
import { verifyOwn } from './audit-verify.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { spendReports } from './spend-report.ts';
import { timeOf } from './time.ts';
import { version } from './version.ts';

/** Writes the evidence of a period, or one session, as one HTML file. */
export async function report(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const text = { type: 'string' } as const;
  const { values } = parse(args, { html: text, since: text, until: text, session: text });
  const file = required(values.html, '--html FILE');
  if (values.session === undefined && values.since === undefined) throw new WrongUsage('--since TIME or --session ID is missing');
  if (values.session !== undefined && (values.since ?? values.until) !== undefined) throw new WrongUsage('--session stands alone');
  const made = values.session === undefined ? packOf(values.since ?? '', values.until) : await sessionOf(values.session, terminal);
  writeWhole(file, made.html);
  terminal.out(`${file}: ${made.what}`);
  return 0;
}

interface Made {
  readonly html: string;
  readonly what: string;
}

function packOf(sinceText: string, untilText: string | undefined): Made {
  const now = Date.now();
  const since = timeOf(sinceText, now);
  const until = untilText === undefined ? now : timeOf(untilText, now);
  if (until <= since) throw new WrongUsage('--until must be after --since');
  using reader = new AuditReader(homeOf().audit);
  const evidence = new Evidence();
  for (const page of reader.pages({ kind: 'policy', until: since })) page.forEach(({ record }) => evidence.policies.loadedBefore(record));
  for (const page of reader.pages({ since, until })) page.forEach(({ record }) => evidence.add(record));
  const policyText = (digest: string): string | undefined => reader.policy(digest)?.source;
  const verification = verifyOwn();
  return {
    html: evidencePack(evidence, { origin: originOf(reader, now), since, until, verification, policyText }),
    what: `the evidence of ${counted(evidence.entries, 'entry', 'entries')}`,
  };
}

async function sessionOf(id: string, terminal: Terminal): Promise<Made> {
  using reader = new AuditReader(homeOf().audit);
  const session = new Session();
  for (const page of reader.pages({ session: id })) page.forEach(({ record }) => session.add(record));
  if (session.first === undefined) throw new Error(`Nothing was recorded of a session ${id}.`);
  const spend = await costsOf(id, terminal);
  const given = { origin: originOf(reader, Date.now()), session: id, verification: verifyOwn(), spend };
  return { html: sessionPage(session, given), what: `the session ${id}` };
}

/** The page is about the log: where the agent's records cannot be counted, it says so and is written all the same. */
async function costsOf(session: string, terminal: Terminal): Promise<SessionCosts | { readonly unknown: string }> {
  const all = { since: 0, until: Date.now() + 1, step: 'day', timeZone: 'UTC', session } as const;
  try {
    const [bySubagent, byModel] = await spendReports(
      [
        { ...all, by: 'subagent' },
        { ...all, by: 'model' },
      ],
      undefined,
      (line) => terminal.err(line),
    );
    if (bySubagent === undefined || byModel === undefined) throw new Error('nothing was counted');
    return { bySubagent, byModel };
  } catch (error) {
    return { unknown: error instanceof Error ? error.message : String(error) };
  }
}

function originOf(reader: AuditReader, writtenAt: number): Origin {
  return { host: hostname(), user: userInfo().username, version, log: reader.hashOf(1) ?? '', writtenAt };
}

/** Only a whole file gets the name; only its owner can read it. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}
