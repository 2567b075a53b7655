import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lostFiles } from '../../scripts/test-report.ts';
import { temporaryFolder } from '../storage/folder.ts';

/** A report as vitest writes it, of files with the states of their tests. */
function report(files: Readonly<Record<string, readonly string[]>>): string {
  const path = join(temporaryFolder(), 'report.json');
  const testResults = Object.entries(files).map(([name, states]) => ({
    name,
    status: states.every((status) => status === 'passed' || status === 'skipped') ? 'passed' : 'failed',
    assertionResults: states.map((status, index) => ({ fullName: `test ${index}`, status })),
  }));
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

test.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
  ['a process ended before its tests did', { '/a': ['passed', 'pending'], '/b': ['passed', 'skipped'] }, ['/a']],
  ['a test failed, here', { '/a': ['failed', 'pending'] }, []],
  ['a test failed, elsewhere', { '/a': ['pending'], '/b': ['failed'] }, []],
  ['a file could not be read', { '/a': [] }, []],
])('%s', (_, files, lost) => {
  expect(lostFiles(report(files))).toEqual(lost);
});

test('there is no report', () => {
  expect(lostFiles(join(temporaryFolder(), 'none.json'))).toEqual([]);
});
