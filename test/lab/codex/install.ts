import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from '../../../scripts/npm.mjs';

const lab = import.meta.dirname;
const lock = join(lab, 'package-lock.json');
const stamp = join(lab, 'node_modules', '.stamp-codex');

/** The real Codex, pinned in package.json beside this; installed first where it is missing. `undefined` where it cannot be had. */
export function codexBinary(): string | undefined {
  try {
    if (!isInstalled()) install();
    return join(lab, 'node_modules', '.bin', 'codex');
  } catch (error) {
    console.error('Codex cannot be installed here:', error);
    return undefined;
  }
}

function isInstalled(): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(lock, 'utf8');
}

function install(): void {
  const started = Date.now();
  npm(['ci', '--ignore-scripts'], lab);
  writeFileSync(stamp, readFileSync(lock, 'utf8'));
  console.log(`Installed Codex for the tests in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}
