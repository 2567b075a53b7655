import { once } from 'node:events';
import { createWriteStream, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { finished } from 'node:stream/promises';
import { csvHead, csvLine } from '../../engine/audit/export/csv.ts';
import { jsonLine } from '../../engine/audit/export/json-line.ts';
import { ocsfLine } from '../../engine/audit/export/ocsf.ts';
import type { LogOrigin, StoredEntry } from '../../engine/audit/export/origin.ts';
import { otlpRecord, otlpRequest } from '../../engine/audit/export/otlp.ts';
import { AuditReader } from '../../storage/audit-reader.ts';
import { homeOf } from '../../storage/home.ts';
import { filterOf, filterOptions } from './audit-filter.ts';
import { type ExitCode, parse, WrongUsage } from './command.ts';
import { version } from './version.ts';

/** Writes the chosen entries, oldest first, one page at a time: memory does not grow with the log. */
export async function exportLog(args: readonly string[]): Promise<ExitCode> {
  const { values } = parse(args, { ...filterOptions, format: { type: 'string' }, out: { type: 'string' } });
  const format = formats[values.format ?? ''];
  if (format === undefined) throw new WrongUsage(`--format is one of ${Object.keys(formats).join(', ')}`);
  const filter = filterOf(values);
  using reader = new AuditReader(homeOf().audit);
  const origin = { log: reader.hashOf(1) ?? '', host: hostname(), version };
  const texts = textsOf(format, origin, reader.pages(filter));
  if (values.out === undefined) await writeTo(process.stdout, texts);
  else await writeFile(values.out, texts);
  return 0;
}

interface Format {
  readonly head?: string;
  readonly page: (origin: LogOrigin, page: readonly StoredEntry[]) => string;
}

const formats: Readonly<Record<string, Format>> = {
  jsonl: { page: (_, page) => page.map(jsonLine).join('') },
  csv: { head: csvHead, page: (_, page) => page.map(({ record }) => csvLine(record)).join('') },
  ocsf: { page: (origin, page) => page.map((entry) => ocsfLine(origin, entry)).join('') },
  // As OpenTelemetry's file exporter writes it: each line a request that a collector takes.
  otlp: {
    page: (origin, page) =>
      `${otlpRequest(
        origin,
        page.map((entry) => otlpRecord(origin, entry)),
      )}\n`,
  },
};

function* textsOf(format: Format, origin: LogOrigin, pages: Iterable<readonly StoredEntry[]>): Generator<string> {
  if (format.head !== undefined) yield format.head;
  for (const page of pages) yield format.page(origin, page);
}

/** Waits where the reader on the other side is slower than we are. */
async function writeTo(stream: NodeJS.WritableStream, texts: Iterable<string>): Promise<void> {
  for (const text of texts) if (!stream.write(text)) await once(stream, 'drain');
}

/** Only a whole file gets the name; only its owner can read it. */
async function writeFile(path: string, texts: Iterable<string>): Promise<void> {
  const partial = `${path}.part`;
  const stream = createWriteStream(partial, { mode: 0o600 });
  await writeTo(stream, texts);
  stream.end();
  await finished(stream);
  renameSync(partial, path);
}
