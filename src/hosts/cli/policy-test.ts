import { runPolicyTestFile, runPolicyTests, type PolicyTestResult } from '../../engine/policy/policy-tests.ts';
import type { PolicyProblem } from '../../engine/policy/policy-set.ts';
import { parse, type ExitCode, type Terminal } from './command.ts';
import { junit, type JunitCase } from './junit.ts';
import { policyPaths, problemLine, readPolicy, readTests } from './policy-paths.ts';
import { formatOf, formatOptions, type Report, type ReportFormat } from './report-format.ts';
import { sarif } from './sarif.ts';
import { table } from './table.ts';

interface Tested {
  readonly problems: readonly PolicyProblem[];
  readonly results: readonly PolicyTestResult[];
}

const checks = { error: 'The file cannot be used: none of its tests is run', test: 'A test of a policy that fails' };

/** Runs the tests beside the rules and those of test files. One that fails is a failure, and so is a file that cannot be read. */
export function test(args: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parse(args, formatOptions);
  const format = formatOf(values);
  const tested = runTests(positionals);
  if (format === 'text' || format === 'json') for (const problem of tested.problems) terminal.err(problemLine(problem));
  print(tested, format, terminal);
  return tested.problems.length === 0 && tested.results.every(({ passed }) => passed) ? 0 : 2;
}

function runTests(paths: readonly string[]): Tested {
  const found = policyPaths(paths);
  const policies = found.policies.map(readPolicy);
  const tests = found.tests.map(readTests);
  return {
    problems: [...policies, ...tests].flatMap((file) => file.problems),
    results: [...policies.flatMap(runPolicyTests), ...tests.flatMap((file) => runPolicyTestFile(file, { files: policies }))],
  };
}

function print(tested: Tested, format: ReportFormat, terminal: Terminal): void {
  switch (format) {
    case 'json':
      terminal.out(JSON.stringify(tested.results.map((result) => ({ id: result.name, ...result }))));
      return;
    case 'sarif':
      terminal.out(sarif(reportsOf(tested), checks));
      return;
    case 'junit':
      terminal.out(junit('countersign policy test', casesOf(tested)));
      return;
    case 'text':
      printResults(tested.results, terminal);
  }
}

function reportsOf({ problems, results }: Tested): readonly Report[] {
  const broken = problems.map(({ file, position, message }): Report => ({ file, position, message, severity: 'error', check: 'error' }));
  const failed = results.filter(({ passed }) => !passed);
  return [
    ...broken,
    ...failed.map((one): Report => ({ file: one.file, position: one.position, message: failureOf(one), severity: 'error', check: 'test' })),
  ];
}

function casesOf({ problems, results }: Tested): readonly JunitCase[] {
  const broken = problems.map((problem): JunitCase => {
    const { file, position, message } = problem;
    return { name: 'the file can be used', file, line: position.line, failure: { message, text: problemLine(problem) } };
  });
  const run = results.map((one): JunitCase => {
    const { name, file, position, passed } = one;
    const text = `${file}:${position.line}:${position.column}\n${failureOf(one)}\n${one.why}`;
    return { name, file, line: position.line, ...(passed ? {} : { failure: { message: failureOf(one), text } }) };
  });
  return [...broken, ...run];
}

function failureOf({ name, expected, found }: PolicyTestResult): string {
  return `${name}: expected ${expected}, found ${found}`;
}

function printResults(results: readonly PolicyTestResult[], terminal: Terminal): void {
  const failed = results.filter(({ passed }) => !passed);
  if (results.length > 0)
    terminal.out(
      table(
        ['', 'TEST', 'EXPECTED', 'FOUND'],
        results.map((one) => [one.passed ? 'ok' : 'FAILED', one.name, one.expected, one.found]),
      ),
    );
  for (const { file, position, name, why } of failed) terminal.out(`${file}:${position.line}:${position.column}: ${name}: ${why}`);
  terminal.out(`${results.length - failed.length} passed, ${failed.length} failed`);
}
