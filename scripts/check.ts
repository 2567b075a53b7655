import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const steps: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['tsc', '-p', '.']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['format', ['oxfmt', '--check', '.']],
  ['unused code', ['knip']],
  ['page of rules', ['node', join(root, 'scripts', 'rules-page.ts'), '--check']],
  ['prices', ['node', join(root, 'scripts', 'prices.ts'), '--check']],
  ['unit tests', ['vitest', 'run', '--project', 'unit']],
];

const failed = steps.filter(([name, [command = '', ...args]]) => {
  console.log(`\n— ${name}`);
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0;
});
if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.map(([name]) => name).join(', ')}`);
  process.exit(1);
}
console.log('\ncheck: types, lint, format, unused code, the page of rules, prices and unit tests are fine');
