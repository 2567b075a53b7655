import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dropLauncher, putLauncher } from '../../../src/hosts/extension/chat-launcher.ts';
import { homeOf } from '../../../src/storage/home.ts';
import { installFiles, uninstallFiles } from '../../../src/storage/install/file-install.ts';
import { copilotCliInstaller } from '../../../src/storage/install/copilot-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'cs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { HOME: folder, COUNTERSIGN_HOME: join(folder, 'state') };
const home = homeOf(environment);
const launcher = join(home.agents, 'hook');
const script = join(folder, 'ours.mjs');
const other = join(folder, 'other.mjs');
for (const file of [script, other]) writeFileSync(file, '');
const wish = { home, version: '1', environment, choices: [], runtime: process.execPath, script: other };

test.skipIf(process.platform === 'win32')('the chat’s hooks have their program while they or another agent’s need it', async () => {
  putLauncher(environment, script);
  expect(readFileSync(launcher, 'utf8')).toContain(`# ${script}\n`);
  dropLauncher(environment);
  expect(existsSync(launcher)).toBe(false);

  await installFiles(copilotCliInstaller, wish);
  putLauncher(environment, script);
  expect(readFileSync(launcher, 'utf8')).toContain(`# ${other}\n`);
  uninstallFiles(copilotCliInstaller, wish);
  expect(existsSync(launcher)).toBe(true);

  rmSync(other);
  putLauncher(environment, script);
  expect(readFileSync(launcher, 'utf8')).toContain(`# ${script}\n`);
  await installFiles(copilotCliInstaller, { ...wish, script });
  dropLauncher(environment);
  expect(existsSync(launcher)).toBe(true);
});
