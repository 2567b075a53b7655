import { digestOf } from '../audit/canonical.ts';
import type { JsonObject } from '../json.ts';
import type { ToolCall } from '../tool-call.ts';
import { inBrief, mostFindings, severities, type Scan, type Severity } from './scan.ts';

/** What a policy asks of the scans of a server before it starts. */
export interface ScanDemand {
  /** Scanners that have to have looked. */
  readonly required: readonly string[];
  /** The worst that anybody may have found. Left out: anything. */
  readonly maxSeverity?: Severity;
  readonly maxAge?: { readonly ms: number; readonly text: string };
  readonly otherwise: 'deny' | 'require_approval';
}

/** Clocks of two machines may differ that much. */
const tolerableMs = 5 * 60_000;

/** What is missing for the demand, in words; empty: nothing. A result that cannot be read, or whose time cannot, is one that is missing. */
export function lackingOf({ required, maxSeverity, maxAge }: ScanDemand, scans: readonly Scan[], now: number): readonly string[] {
  return [
    ...required.flatMap((name) => {
      const scan = scans.find((one) => one.name === name);
      if (scan === undefined) return `"${name}" has not looked at it`;
      if ('unavailable' in scan) return `"${name}" could not look (${scan.unavailable})`;
      return maxAge === undefined ? [] : tooOld(scan, maxAge, now);
    }),
    ...(maxSeverity === undefined ? [] : scans.flatMap((scan) => tooSevere(scan, maxSeverity))),
  ];
}

function tooOld({ name, at }: Scan, { ms, text }: NonNullable<ScanDemand['maxAge']>, now: number): readonly string[] {
  const time = Date.parse(at);
  if (Number.isNaN(time) || time > now + tolerableMs) return [`when "${name}" looked is not known`];
  return now - time > ms ? [`what "${name}" found is older than ${text}, of ${at}`] : [];
}

/** What nobody can place may be the worst, and so may what was left out of a list that is full. */
function tooSevere(scan: Scan, most: Severity): readonly string[] {
  if ('unavailable' in scan) return [];
  const bound = severities.indexOf(most);
  const isOver = scan.findings.some(({ severity }) => severity === 'unknown' || severities.indexOf(severity) > bound);
  return isOver || scan.findings.length >= mostFindings ? [`"${scan.name}": ${inBrief(scan)}`] : [];
}

/** `osv (2026-11-29T12:00:00.000Z): nothing found` */
export function scanInWords(scan: Scan): string {
  return `${scan.name}${scan.at === '' ? '' : ` (${scan.at})`}: ${inBrief(scan)}`;
}

/** The start as a person approves it: with what was known of it. `undefined`: no policy goes by scans, so nothing of them is approved. */
export function withScans(call: ToolCall, scans: readonly Scan[] | undefined): ToolCall {
  return scans === undefined ? call : { ...call, arguments: { ...call.arguments, scans: approvedScans(scans) } };
}

/** What an approval is for: it holds until somebody finds something else, and not only until somebody looks again. */
export function approvedScans(scans: readonly Scan[]): JsonObject {
  return Object.fromEntries(
    scans.map((scan) => {
      const found = 'findings' in scan && scan.findings.length > 0 ? ` (${digestOf(scan.findings).slice(0, 12)})` : '';
      return [scan.name, `${'unavailable' in scan ? 'not available' : inBrief(scan)}${found}`];
    }),
  );
}

/** What the log keeps of them, beside the decision that was made on them. */
export function recordedScans(scans: readonly Scan[]): readonly JsonObject[] {
  return scans.map(({ name, at, ...scan }) =>
    'unavailable' in scan ? { name, at, unavailable: scan.unavailable } : { name, at, found: scan.findings.length, max: scan.max },
  );
}
