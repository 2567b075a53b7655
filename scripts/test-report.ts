import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod/mini';

export const root = join(import.meta.dirname, '..');
const output = join(root, 'test-output');
const reports = join(output, 'vitest');
const notes = join(output, 'not-run.txt');

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

type FileResult = z.infer<typeof reportSchema>['testResults'][number];

interface TestState {
  readonly file: string;
  readonly name: string;
  readonly status: string;
}

/** Nothing of an earlier run counts. */
export function startReport(): void {
  rmSync(notes, { force: true });
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
}

/** Where a run of vitest with this name puts what it found. */
export function reportFile(name: string): string {
  return join(reports, `${name.replaceAll(/\W+/g, '-')}.json`);
}

/** What the machine could not run, by name: nothing is left out silently. */
export function notRun(): readonly string[] {
  const skipped = testStates().filter(({ status }) => status !== 'passed' && status !== 'failed');
  return [...skipped.map(({ file, name }) => `${file}: ${name}`), ...readNotes()];
}

export function countTests(): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  const states = testStates();
  const passed = states.filter(({ status }) => status === 'passed').length;
  const failed = states.filter(({ status }) => status === 'failed').length;
  return { passed, failed, skipped: states.length - passed - failed };
}

/** Files whose process ended before they did; none where a test failed, or there is no report. Absolute paths. */
export function lostFiles(report: string): readonly string[] {
  if (!existsSync(report)) return [];
  const files = resultsIn(report);
  const hasFailures = files.some(({ assertionResults }) => assertionResults.some(({ status }) => status === 'failed'));
  return hasFailures ? [] : files.filter(isLost).map(({ name }) => name);
}

function isLost({ status, assertionResults }: FileResult): boolean {
  return status === 'failed' && assertionResults.some((test) => test.status === 'pending');
}

function testStates(): readonly TestState[] {
  return readdirSync(reports).flatMap((file) => statesIn(join(reports, file)));
}

/** Without the tests of lost files: they have run once more, or their step has failed. */
function statesIn(report: string): readonly TestState[] {
  return resultsIn(report)
    .filter((file) => !isLost(file))
    .flatMap((file) =>
      file.assertionResults.map(({ fullName, status }) => ({ file: relative(root, file.name), name: fullName.trim(), status })),
    );
}

function resultsIn(report: string): readonly FileResult[] {
  return z.parse(reportSchema, JSON.parse(readFileSync(report, 'utf8'))).testResults;
}

/** Parts that a test left out while it ran, each with its reason. */
function readNotes(): readonly string[] {
  return existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').filter(Boolean) : [];
}
