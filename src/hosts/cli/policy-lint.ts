import { withNameClashes } from '../../engine/policy/name-clashes.ts';
import type { Check } from '../../engine/policy/lint/finding.ts';
import { lintFile } from '../../engine/policy/lint/lint-file.ts';
import type { PolicyFile, PolicyProblem } from '../../engine/policy/policy-set.ts';
import { parse, type ExitCode, type Terminal } from './command.ts';
import { junit, type JunitCase } from './junit.ts';
import { lintContexts } from './lint-context.ts';
import { policyPaths, problemLine, readPolicy, readTests } from './policy-paths.ts';
import { formatOf, formatOptions, type Report, type ReportFormat } from './report-format.ts';
import { sarif } from './sarif.ts';

const checks: Readonly<Record<Check | 'error', string>> = {
  error: 'The file cannot be used: the calls that it covers are denied',
  'never-matches': 'A rule, or a part of it, that no call can match',
  shadowed: 'A rule that never counts, because a stricter one matches wherever it does',
  'always-fails': 'A condition that always fails, and so denies',
  'unreachable-approver': 'An approver whom nobody knows',
  'expired-exemption': 'An exemption that is over',
  'unknown-exemption': 'An exemption that reaches no rule',
  'auto-approves-destructive': 'A rule that approves by itself what is refused or asked about otherwise',
  'matches-nothing-here': 'A pattern that no file of this workspace matches',
  'known-here-only': 'What is allowed on one machine only, in a file that others share',
};

/** Errors, and what is hardly meant. Only errors are a failure, unless warnings are to be as well. */
export function lint(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, { ...formatOptions, strict: { type: 'boolean' } });
  const format = formatOf(values);
  const { policies, tests } = policyPaths(positionals);
  const files = withNameClashes(policies.map(readPolicy));
  const reports = [...reportsOf(files), ...tests.flatMap((path) => readTests(path).problems.map(errorOf))];
  print([...policies, ...tests], reports, format, terminal);
  const fails = reports.some(({ severity }) => severity === 'error' || (values.strict === true && severity === 'warning'));
  return fails ? 2 : 0;
}

function reportsOf(files: readonly PolicyFile[]): readonly Report[] {
  const contextOf = lintContexts(files);
  return files.flatMap((file) => [...file.problems.map(errorOf), ...lintFile(file, contextOf(file))]);
}

function errorOf({ file, position, message }: PolicyProblem): Report {
  return { file, position, severity: 'error', check: 'error', message };
}

function print(paths: readonly string[], reports: readonly Report[], format: ReportFormat, terminal: Terminal): void {
  switch (format) {
    case 'json':
      terminal.out(JSON.stringify(reports));
      return;
    case 'sarif':
      terminal.out(sarif(reports, checks));
      return;
    case 'junit':
      terminal.out(
        junit(
          'countersign policy lint',
          paths.flatMap((path) => casesOf(path, reports)),
        ),
      );
      return;
    case 'text':
      for (const report of reports) terminal.out(textOf(report));
      if (!reports.some(({ severity }) => severity === 'error')) terminal.out(summaryOf(paths, reports));
  }
}

/** Each file is a test that passes, or each of its errors and warnings one that fails. */
function casesOf(path: string, reports: readonly Report[]): readonly JunitCase[] {
  const own = reports.filter(({ file, severity }) => file === path && severity !== 'hint');
  if (own.length === 0) return [{ name: 'lint', file: path, line: 1 }];
  return own.map((report) => ({
    name: `${report.check} at ${report.position.line}:${report.position.column}`,
    file: path,
    line: report.position.line,
    failure: { message: report.message, text: textOf(report) },
  }));
}

function textOf(report: Report): string {
  const { severity, check, message } = report;
  return problemLine(severity === 'error' ? report : { ...report, message: `${severity}: ${message} [${check}]` });
}

function summaryOf(paths: readonly string[], reports: readonly Report[]): string {
  const files = `${paths.length} file${paths.length === 1 ? ' is' : 's are'} fine`;
  const hints = reports.filter(({ severity }) => severity === 'hint').length;
  const warnings = reports.length - hints;
  const counted = [
    ...(warnings === 0 ? [] : [`${warnings} warning${warnings === 1 ? '' : 's'}`]),
    ...(hints === 0 ? [] : [`${hints} hint${hints === 1 ? '' : 's'}`]),
  ];
  return counted.length === 0 ? `${files}.` : `${files}, with ${counted.join(' and ')}.`;
}
