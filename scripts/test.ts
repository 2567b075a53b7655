import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod/mini';

// Everything: unit tests, the real client, the real editor, and the extension's own tests inside an editor.
const root = join(import.meta.dirname, '..');
const output = join(root, 'test-output');
const report = join(output, 'vitest.json');
const notes = join(output, 'not-run.txt');
rmSync(notes, { force: true });
rmSync(report, { force: true });
mkdirSync(output, { recursive: true });

const chosen = process.argv.slice(2);
const projects = chosen.length > 0 ? chosen : ['--project', 'unit', '--project', 'real'];
const vitest = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...projects]);
// What a person chose to run is all that is run.
const inEditor = chosen.length > 0 ? 0 : run(process.execPath, [join(root, 'test', 'extension', 'run.ts')]);
const left = [...skippedTests(), ...readNotes()];
for (const name of left) console.log(`not run here: ${name}`);
const strict = process.env['CI_STRICT'] === '1' && left.length > 0;
if (strict) console.error(`CI_STRICT=1: ${left.length} test(s) could not run here.`);
const counts = countTests();
if (inEditor !== 0) console.error('The extension tests inside VS Code failed; see above.');
console.log(`\n${counts.passed} passed, ${counts.failed + (inEditor === 0 ? 0 : 1)} failed, ${counts.skipped} skipped`);
process.exit(vitest !== 0 || inEditor !== 0 || strict ? 1 : 0);

type TestState = { readonly file: string; readonly name: string; readonly status: string };

/** What the machine could not run, by name: nothing is left out silently. */
function skippedTests(): readonly string[] {
  return testStates()
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ file, name }) => `${file}: ${name}`);
}

function countTests(): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  const states = testStates();
  const passed = states.filter(({ status }) => status === 'passed').length;
  const failed = states.filter(({ status }) => status === 'failed').length;
  return { passed, failed: failed === 0 && vitest !== 0 ? 1 : failed, skipped: states.length - passed - failed };
}

function testStates(): readonly TestState[] {
  if (!existsSync(report)) return [];
  const schema = z.object({
    testResults: z.array(z.object({ name: z.string(), assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
  });
  const { testResults } = z.parse(schema, JSON.parse(readFileSync(report, 'utf8')));
  return testResults.flatMap((file) =>
    file.assertionResults.map(({ fullName, status }) => ({ file: relative(root, file.name), name: fullName.trim(), status })),
  );
}

/** Parts that a test left out while it ran, each with its reason. */
function readNotes(): readonly string[] {
  return existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').filter(Boolean) : [];
}

function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
}
