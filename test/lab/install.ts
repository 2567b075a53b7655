import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../../scripts/npm.mjs';

/** opencode's own starter copies the program in a script of npm's, which we do not run. */
const programs = {
  cline: `@cline/cli-${process.platform}-${process.arch}/bin/cline`,
  codex: '.bin/codex',
  ccusage: '.bin/ccusage',
  conformance: '.bin/conformance',
  copilot: '.bin/copilot',
  gemini: '.bin/gemini',
  inspector: '.bin/mcp-inspector',
  qwen: '.bin/qwen',
  /** Several servers: the folder of their programs. */
  mcp: '.bin',
  opencode: `opencode-${process.platform}-${process.arch}/bin/opencode`,
} as const;

/** A real program, pinned in `test/lab/<name>/package.json`; installed first where it is missing. `undefined` where it cannot be had. */
export function installed(name: keyof typeof programs): string | undefined {
  const lab = join(import.meta.dirname, name);
  try {
    if (!isInstalled(lab)) install(name, lab);
    return join(lab, 'node_modules', programs[name]);
  } catch (error) {
    console.error(`${name} cannot be installed here:`, error);
    return undefined;
  }
}

function isInstalled(lab: string): boolean {
  return existsSync(stampOf(lab)) && readFileSync(stampOf(lab), 'utf8') === wanted(lab);
}

function install(name: string, lab: string): void {
  const started = Date.now();
  // A registry may lack the packages for other platforms, which no lock file can do without.
  npm(existsSync(lockOf(lab)) ? ['ci', '--ignore-scripts'] : ['install', '--ignore-scripts', '--no-package-lock'], lab);
  writeFileSync(stampOf(lab), wanted(lab));
  console.log(`Installed ${name} for the tests in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

function stampOf(lab: string): string {
  return join(lab, 'node_modules', '.stamp');
}

function wanted(lab: string): string {
  return readFileSync(existsSync(lockOf(lab)) ? lockOf(lab) : join(lab, 'package.json'), 'utf8');
}

function lockOf(lab: string): string {
  return join(lab, 'package-lock.json');
}
