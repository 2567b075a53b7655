import * as z from 'zod/mini';

export const severities = ['none', 'unknown', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export interface ScanFinding {
  readonly severity: Severity;
  readonly id: string;
  readonly title: string;
}

/** What a scanner said of a server. That it said nothing is not that it found nothing. */
export type Scan =
  | { readonly name: string; readonly at: string; readonly findings: readonly ScanFinding[]; readonly max: Severity }
  | { readonly name: string; readonly at: string; readonly unavailable: string };

/** `3 found, the worst high` */
export function inBrief(scan: Scan): string {
  if ('unavailable' in scan) return `not available: ${scan.unavailable}`;
  return scan.findings.length === 0 ? 'nothing found' : `${scan.findings.length} found, the worst ${scan.max}`;
}

/** So that a result stays as small as evidence may be. */
export const mostFindings = 500;
const words: Readonly<Record<string, Severity>> = {
  info: 'low',
  informational: 'low',
  note: 'low',
  negligible: 'low',
  moderate: 'medium',
  warning: 'medium',
  error: 'high',
  important: 'high',
};

const plain = z.looseObject({
  findings: z.array(z.looseObject({ severity: z.string(), id: z.union([z.string(), z.number()]), title: z.optional(z.string()) })),
});
const sarif = z.looseObject({
  runs: z.array(
    z.looseObject({
      // Left out: it could not look. That is another answer than none.
      results: z.array(
        z.looseObject({
          ruleId: z.optional(z.string()),
          level: z.optional(z.string()),
          message: z.looseObject({ text: z.optional(z.string()) }),
        }),
      ),
    }),
  ),
});
const npmAudit = z.looseObject({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.looseObject({
      via: z.array(
        z.union([
          z.string(),
          z.looseObject({
            source: z.optional(z.number()),
            title: z.string(),
            severity: z.string(),
            url: z.optional(z.string()),
            name: z.string(),
          }),
        ]),
      ),
    }),
  ),
});

/** Reads our own form (`{"findings": [{severity, id, title}]}`), SARIF, or what `npm audit --json` prints. `undefined`: it is none of them. */
export function findingsIn(json: unknown): readonly ScanFinding[] | undefined {
  const own = z.safeParse(plain, json);
  if (own.success) return tidy(own.data.findings.map(({ severity, id, title = '' }) => finding(severity, String(id), title)));
  const report = z.safeParse(sarif, json);
  if (report.success)
    return tidy(
      report.data.runs.flatMap(({ results }) =>
        results.map(({ ruleId = '', level = 'warning', message }) => finding(level, ruleId, message.text ?? '')),
      ),
    );
  const audit = z.safeParse(npmAudit, json);
  if (!audit.success) return undefined;
  const via = Object.values(audit.data.vulnerabilities).flatMap((one) => one.via);
  return tidy(
    via.flatMap((one) =>
      typeof one === 'string'
        ? []
        : [finding(one.severity, /GHSA-[\w-]+/.exec(one.url ?? '')?.[0] ?? String(one.source ?? ''), `${one.name}: ${one.title}`)],
    ),
  );
}

export function scanOf(name: string, at: string, findings: readonly ScanFinding[]): Scan {
  return { name, at, findings, max: severities[Math.max(0, ...findings.map(({ severity }) => severities.indexOf(severity)))] ?? 'unknown' };
}

function finding(severity: string, id: string, title: string): ScanFinding {
  return { severity: severityOf(severity), id: id.slice(0, 100), title: title.slice(0, 200) };
}

/** A word that is not known is not harmless. */
function severityOf(text: string): Severity {
  const word = text.toLowerCase();
  return severities.find((severity) => severity === word) ?? words[word] ?? 'unknown';
}

/** Each once, the worst first. */
function tidy(findings: readonly ScanFinding[]): readonly ScanFinding[] {
  const each = new Map(findings.map((one) => [JSON.stringify([one.severity, one.id, one.title]), one]));
  const worst = [...each.values()].toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  return worst.slice(0, mostFindings);
}
