import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Report } from './report-format.ts';
import { version } from './version.ts';

const levels = { error: 'error', warning: 'warning', hint: 'note' } as const;

/** A log in SARIF 2.1.0, as code scanning of GitHub, GitLab and Azure reads it. `checks` says what each check is about. */
export function sarif(reports: readonly Report[], checks: Readonly<Record<string, string>>): string {
  const ids = [...new Set(reports.map(({ check }) => check))];
  const rules = ids.map((id) => ({ id, shortDescription: { text: checks[id] ?? id } }));
  const driver = { name: 'Countersign', semanticVersion: version, rules };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(process.cwd()).href}/` } },
    results: reports.map((report) => resultOf(report, ids.indexOf(report.check))),
  };
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2);
}

function resultOf({ file, position, severity, check, message }: Report, ruleIndex: number) {
  const region = {
    startLine: position.line,
    startColumn: position.column,
    endLine: position.endLine,
    endColumn: position.endColumn,
  };
  return {
    ruleId: check,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: locationOf(file), region } }],
  };
}

/** Relative to the folder that the command runs in, which in a CI is the checkout. */
function locationOf(file: string): { readonly uri: string; readonly uriBaseId?: string } {
  const path = relative(process.cwd(), resolve(file));
  if (path.startsWith('..') || isAbsolute(path)) return { uri: pathToFileURL(resolve(file)).href };
  return { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' };
}
