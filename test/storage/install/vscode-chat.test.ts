import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { homeOf } from '../../../src/storage/home.ts';
import { copilotCliInstaller } from '../../../src/storage/install/copilot-cli.ts';
import { installFiles, misplaced, uninstallFiles } from '../../../src/storage/install/file-install.ts';
import { vscodeChatInstaller } from '../../../src/storage/install/vscode-chat.ts';

const folder = mkdtempSync(join(tmpdir(), 'cs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const home = homeOf({ COUNTERSIGN_HOME: join(folder, 'state') });
const launcher = join(home.agents, 'hook');
const wish = { home, version: '1', environment: { HOME: folder }, choices: [], runtime: '/opt/node', script: '/opt/hook.mjs' };

test.skipIf(process.platform === 'win32')(
  'the program that the chat’s hooks start is there while they or another agent’s need it',
  async () => {
    await installFiles(vscodeChatInstaller, wish);
    expect(readFileSync(launcher, 'utf8')).toContain('# /opt/hook.mjs\n');
    expect(misplaced(vscodeChatInstaller, wish)).toEqual([]);
    uninstallFiles(vscodeChatInstaller, wish);
    expect(existsSync(launcher)).toBe(false);
    expect(misplaced(vscodeChatInstaller, wish)).toEqual([launcher]);

    await installFiles(copilotCliInstaller, wish);
    await installFiles(vscodeChatInstaller, wish);
    uninstallFiles(copilotCliInstaller, wish);
    expect(existsSync(launcher)).toBe(true);
    await installFiles(copilotCliInstaller, wish);
    uninstallFiles(vscodeChatInstaller, wish);
    expect(existsSync(launcher)).toBe(true);
  },
);
