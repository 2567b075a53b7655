import { once } from 'node:events';
import { createWriteStream, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { finished } from 'node:stream/promises';
import { exportFormats, exportTexts, isExportFormat } from '../../engine/audit/export/formats.ts';
import { AuditReader } from '../../storage/audit-reader.ts';
import { homeOf } from '../../storage/home.ts';
import { filterOf, filterOptions } from './audit-filter.ts';
import { type ExitCode, parse, WrongUsage } from './command.ts';
import { version } from './version.ts';

/** Writes the chosen entries, oldest first, one page at a time: memory does not grow with the log. */
export async function exportLog(args: readonly string[]): Promise<ExitCode> {
  const { values } = parse(args, { ...filterOptions, format: { type: 'string' }, out: { type: 'string' } });
  const { format = '' } = values;
  if (!isExportFormat(format)) throw new WrongUsage(`--format is one of ${Object.keys(exportFormats).join(', ')}`);
  const filter = filterOf(values);
  using reader = new AuditReader(homeOf().audit);
  const origin = { log: reader.hashOf(1) ?? '', host: hostname(), version };
  const texts = exportTexts(format, origin, reader.pages(filter));
  if (values.out === undefined) await writeTo(process.stdout, texts);
  else await writeFile(values.out, texts);
  return 0;
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
