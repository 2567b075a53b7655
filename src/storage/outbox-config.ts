import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { Home } from './home.ts';
import { hasCode } from './private-file.ts';
import { isLoopback, safeUrl } from './safe-url.ts';

export type ExportTarget =
  | { readonly kind: 'otlp'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  /** Without `tls` in the clear, which only this machine's own receiver gets. `ca`: the authority's certificates (PEM). */
  | { readonly kind: 'syslog'; readonly host: string; readonly port: number; readonly tls?: { readonly ca?: string } };

/**
 * Where `config.json` says that the log is to be sent; nowhere, unless it says so. Throws a sentence for a person where that cannot be
 * understood: sending something else than was meant would be worse than sending nothing.
 */
export function readExportTargets(home: Home): readonly ExportTarget[] {
  const result = z.safeParse(configSchema, jsonOf(home.config));
  if (!result.success) throw new Error(`${home.config}: ${problemOf(result.error)}`);
  return (result.data.audit?.export ?? []).map((given) => ('otlp' in given ? otlpTarget(given.otlp) : syslogTarget(given.syslog)));
}

/** How a target is called, in problems and in the outbox. What may be secret is left out. */
export function targetName(target: ExportTarget): string {
  if (target.kind === 'syslog') return `syslog ${target.host}:${target.port}`;
  const { origin, pathname } = new URL(target.url);
  return `otlp ${origin}${pathname}`;
}

const port = z.int().check(z.gte(1), z.lte(65_535));
const tls = z.strictObject({ ca: z.exactOptional(z.string()) });
const otlp = z.strictObject({ url: safeUrl, headers: z.exactOptional(z.record(z.string(), z.string())) });
const syslog = z
  .strictObject({ host: z.string().check(z.minLength(1)), port, tls: z.exactOptional(tls) })
  .check(z.refine((given) => given.tls !== undefined || isLoopback(given.host), 'needs tls: only this machine is sent to in the clear'));
const configSchema = z.looseObject({
  audit: z.exactOptional(
    z.looseObject({ export: z.exactOptional(z.array(z.union([z.strictObject({ otlp }), z.strictObject({ syslog })]))) }),
  ),
});

function otlpTarget({ url: address, headers = {} }: z.infer<typeof otlp>): ExportTarget {
  return { kind: 'otlp', url: address, headers };
}

function syslogTarget({ host, port: number, tls: given }: z.infer<typeof syslog>): ExportTarget {
  if (given === undefined) return { kind: 'syslog', host, port: number };
  return { kind: 'syslog', host, port: number, tls: given.ca === undefined ? {} : { ca: certificates(given.ca) } };
}

function certificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`The certificates ${path} for the export cannot be read. Correct the path in config.json.`, { cause });
  }
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return {};
    throw new Error(`${path} cannot be understood, so nothing is exported. Correct it.`, { cause });
  }
}

/** The innermost problem: of a target that fits neither kind, what is wrong with it as the kind that it names. */
function problemOf(error: z.core.$ZodError): string {
  return error.issues.map(issueText).join('; ');
}

function issueText(issue: z.core.$ZodIssue): string {
  const inner =
    issue.code === 'invalid_union' ? issue.errors.flat().filter(({ path, code }) => path.length > 1 || isTelling(code, path)) : [];
  const place = issue.path.join('.');
  if (inner.length === 0) return `${place} ${wordsOf(issue)}`;
  return inner.map((found) => `${place}.${found.path.join('.')} ${wordsOf(found)}`).join('; ');
}

/** Of the two kinds that a target can be, one always complains that it is not that kind; these complaints are about something else. */
function isTelling(code: z.core.$ZodIssue['code'], path: readonly PropertyKey[]): boolean {
  return code === 'custom' || (code === 'unrecognized_keys' && path.length > 0);
}

function wordsOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? `has the unknown member ${issue.keys.join(', ')}` : issue.message;
}
