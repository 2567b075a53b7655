import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** For whoever runs all tests anyway. */
const withoutTests = process.argv.includes('--without-tests');

const root = join(import.meta.dirname, '..');
const steps: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['tsc', '-p', '.']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['format', ['oxfmt', '--check', '.']],
  ['unused code', ['knip']],
  ['page of rules', ['node', join(root, 'scripts', 'rules-page.ts'), '--check']],
  ['page of agents', ['node', join(root, 'scripts', 'agents-page.ts'), '--check']],
  ['prices', ['node', join(root, 'scripts', 'prices.ts'), '--check']],
  ...(withoutTests ? [] : ([['unit tests', ['vitest', 'run', '--project', 'pure', '--project', 'unit']]] as const)),
];

const failed = steps.filter(([name, [command = '', ...args]]) => {
  console.log(`\n— ${name}`);
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0;
});
if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.map(([name]) => name).join(', ')}`);
  process.exit(1);
}
console.log(`\ncheck: fine: ${steps.map(([name]) => name).join(', ')}`);
