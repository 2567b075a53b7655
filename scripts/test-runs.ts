import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { lostFiles, reportFile, root } from './test-report.ts';

export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The same for files whose process ended before they did, once it has failed. */
  readonly again?: () => Step | undefined;
}

/** What real tests need, and unit tests do not: the editor, and the package that is put into it. */
export const preparation: readonly Step[] = [
  program('the editor', 'scripts/install-editor.mjs'),
  program('the package', 'scripts/package.ts'),
];

/** Most of them wait for programs of ours, and nothing else runs beside them. */
export const unit = vitest('unit tests', ['--project', 'pure', '--project', 'unit', '--maxWorkers=100%']);
export const real = vitest('tests with real programs', ['--project', 'real']);
export const insideEditor = program('extension tests inside an editor', 'test/extension/run.ts');

export function vitest(name: string, args: readonly string[]): Step {
  const report = reportFile(name);
  const reporters = ['default', 'json', join(root, 'scripts/slowest-files.ts')].map((one) => `--reporter=${one}`);
  const again = (): Step | undefined => {
    const lost = lostFiles(report);
    return lost.length === 0 ? undefined : vitest(`${name} once more`, [...args, ...lost]);
  };
  return { name, command: 'vitest', args: ['run', ...reporters, `--outputFile.json=${report}`, ...args], again };
}

/** One after the other, whatever becomes of them. Resolves with the names of those that failed. */
export async function inTurn(steps: readonly Step[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const step of steps) if (!(await passes(step))) failed.push(step.name);
  return failed;
}

/** V8 now and then ends a process with threads in it (`Check failed: jit_page.has_value()`). Once; what ends again has failed. */
async function passes(step: Step): Promise<boolean> {
  if (await succeeds(step)) return true;
  const again = step.again?.();
  if (again === undefined) return false;
  console.log(`The process of some test files ended before they did: ${again.name}.`);
  return succeeds(again);
}

function program(name: string, file: string): Step {
  return { name, command: process.execPath, args: [join(root, file)] };
}

function succeeds({ command, args }: Step): Promise<boolean> {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}
