import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { homeOf } from '../../../src/storage/home.ts';
import { copilotCliInstaller } from '../../../src/storage/install/copilot-cli.ts';
import { installFiles, misplaced, uninstallFiles } from '../../../src/storage/install/file-install.ts';
import type { InstallWish } from '../../../src/storage/install/installer.ts';

interface Scratch extends Disposable {
  readonly dir: string;
  readonly wish: InstallWish;
}

function scratch(): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'cs-'));
  const wish: InstallWish = {
    home: homeOf({ COUNTERSIGN_HOME: join(dir, '.countersign') }),
    version: '1.0.0',
    runtime: '/opt/node/bin/node',
    script: '/opt/it’s here/hook.mjs',
    environment: { HOME: dir },
    choices: [],
  };
  return { dir, wish, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

const hooksSchema = z.object({
  version: z.literal(1),
  hooks: z.record(z.string(), z.array(z.object({ bash: z.string(), timeoutSec: z.number() }))),
});

test('its own file in PascalCase, in which each hook that fails in any way refuses, but lets an agent stop', async () => {
  using lab = scratch();
  await installFiles(copilotCliInstaller, lab.wish);
  const { hooks } = z.parse(hooksSchema, JSON.parse(readFileSync(join(lab.dir, '.copilot', 'hooks', 'countersign.json'), 'utf8')));
  expect(Object.keys(hooks)).toEqual(expect.arrayContaining(['PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'SessionStart']));
  for (const [event, [hook]] of Object.entries(hooks))
    expect(hook?.bash).toMatch(
      new RegExp(` copilot-cli ${event} --installed --parent=\\$PPID \\|\\| ${event.endsWith('Stop') ? 'true' : '.*exit 2; \\}'}'$`),
    );
});

test('what was there stays, and nothing of ours does', async () => {
  using lab = scratch();
  const other = join(lab.dir, '.copilot', 'hooks', 'other.json');
  mkdirSync(join(other, '..'), { recursive: true });
  writeFileSync(other, '{"version":1,"hooks":{}}');
  await installFiles(copilotCliInstaller, lab.wish);
  expect(misplaced(copilotCliInstaller, lab.wish)).toEqual([]);
  uninstallFiles(copilotCliInstaller, lab.wish);
  expect(existsSync(join(other, '..', 'countersign.json'))).toBe(false);
  expect(readFileSync(other, 'utf8')).toBe('{"version":1,"hooks":{}}');
});

test('where it never was, not even its folder is left behind', async () => {
  using lab = scratch();
  await installFiles(copilotCliInstaller, lab.wish);
  uninstallFiles(copilotCliInstaller, lab.wish);
  expect(existsSync(join(lab.dir, '.copilot'))).toBe(false);
});

test.each<[string, boolean]>([
  ['{"disableAllHooks": true}', true],
  ['{"disableAllHooks": true, // broken', true],
  ['{"disableAllHooks": false}', false],
  ['{}', false],
])('a settings file of the folder that says %s: it is told %j', (text, told) => {
  const [repository] = copilotCliInstaller.silencers?.('/project', {}) ?? [];
  expect(repository?.file).toBe('/project/.github/copilot/settings.json');
  expect(repository?.effect(text) !== undefined).toBe(told);
});
