import { csvHead, csvLine } from './csv.ts';
import { jsonLine } from './json-line.ts';
import { ocsfLine } from './ocsf.ts';
import type { LogOrigin, StoredEntry } from './origin.ts';
import { otlpRecord, otlpRequest } from './otlp.ts';

export type ExportFormat = 'jsonl' | 'csv' | 'ocsf' | 'otlp';

/** A file of entries: what stands at its beginning, and each page of entries as its next piece. */
interface Format {
  readonly head?: string;
  readonly page: (origin: LogOrigin, page: readonly StoredEntry[]) => string;
}

export const exportFormats: Readonly<Record<ExportFormat, Format>> = {
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

export function isExportFormat(name: string): name is ExportFormat {
  return Object.hasOwn(exportFormats, name);
}

export function* exportTexts(format: ExportFormat, origin: LogOrigin, pages: Iterable<readonly StoredEntry[]>): Generator<string> {
  const { head, page: textOf } = exportFormats[format];
  if (head !== undefined) yield head;
  for (const page of pages) yield textOf(origin, page);
}
