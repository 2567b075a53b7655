import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { homeOf } from '../../../src/storage/home.ts';
import { programFor } from '../../../src/storage/install/cline.ts';
import { installFiles, misplaced, planFiles, uninstallFiles } from '../../../src/storage/install/file-install.ts';
import { installers } from '../../../src/storage/install/installers.ts';
import type { Installer, InstallWish } from '../../../src/storage/install/installer.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function wish(): InstallWish {
  const environment = { HOME: folder };
  const home = homeOf({ COUNTERSIGN_HOME: join(folder, 'state') });
  return { home, version: '1', environment, choices: [], runtime: '/usr/bin/node', script: '/opt/countersign/hook.mjs' };
}

const agents = ['opencode', 'cline', 'cursor', 'windsurf', 'kiro'];
const installerOf = (agent: string): Installer => {
  const found = installers.get(agent);
  if (found === undefined) throw new Error(`There is no installer of ${agent}`);
  return found;
};

describe.each(agents)('%s', (agent) => {
  const installer = installerOf(agent);
  const files = () => installer.edits(wish()).map(({ file }) => file);

  test('what is planned is what is installed, once; what was not there is gone afterwards', async () => {
    const plan = await planFiles(installer, wish());
    expect(plan.map(({ file }) => file)).toEqual(files());
    await installFiles(installer, wish());
    expect(plan.map(({ file }) => readFileSync(file, 'utf8'))).toEqual(plan.map(({ after }) => after));
    expect(await planFiles(installer, wish())).toEqual([]);
    expect(misplaced(installer, wish())).toEqual([]);
    uninstallFiles(installer, wish());
    expect(files().filter((file) => existsSync(file))).toEqual([]);
  });

  test('a file that somebody changed or removed is told of', async () => {
    await installFiles(installer, wish());
    const [first = ''] = files();
    const good = readFileSync(first, 'utf8');
    writeFileSync(first, good.replaceAll('/opt/countersign', '/opt/elsewhere').replaceAll('/agents/hook', '/agents/other'));
    expect(misplaced(installer, wish())).toEqual([first]);
    rmSync(first);
    expect(misplaced(installer, wish())).toEqual([first]);
  });
});

test.each<[string, string, string]>([
  [
    'cursor',
    '.cursor/hooks.json',
    '{ "version": 1,\n\t"hooks": {"stop": [ {"command": "mine"} ], "preToolUse": [{"command":"mine too"}]} }',
  ],
  ['windsurf', '.codeium/windsurf/hooks.json', '{"hooks":{"pre_run_command":[{"command":"mine"}]}}\n'],
])('%s: hooks of others stay, and the file is byte for byte what it was afterwards', async (agent, path, before) => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, before);
  await installFiles(installerOf(agent), wish());
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('mine');
  expect(text).toContain('/agents/hook');
  uninstallFiles(installerOf(agent), wish());
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('every gate of Cursor fails closed, and none asks about an MCP call twice', async () => {
  await installFiles(installerOf('cursor'), wish());
  const { hooks } = JSON.parse(readFileSync(join(folder, '.cursor/hooks.json'), 'utf8'));
  for (const gate of ['preToolUse', 'beforeMCPExecution', 'beforeSubmitPrompt'])
    expect(hooks[gate]).toMatchObject([{ failClosed: true, timeout: 600 }]);
  const matcher = new RegExp(hooks.preToolUse[0].matcher);
  expect(['Shell', 'Write', 'MCP:create_issue'].map((tool) => matcher.test(tool))).toEqual([true, true, false]);
});

test.each(['opencode', 'cline', 'kiro'])('%s: a file of somebody else in its place stays, and nothing is installed', async (agent) => {
  const [{ file } = { file: '' }] = installerOf(agent).edits(wish());
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'mine');
  await expect(installFiles(installerOf(agent), wish())).rejects.toThrow('Move it away first');
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

describe("Cline's program", () => {
  const go = { stdout: '{"overrideInput":{"commands":["ls"]}}', exitCode: 0 };

  /** What Cline would read, where the hook program is this script. */
  function printed(script: string | undefined, event = 'PreToolUse'): unknown {
    const program = join(folder, event);
    const hook = join(folder, 'hook.mjs');
    if (script !== undefined) writeFileSync(hook, script);
    writeFileSync(program, programFor({ platform: 'unix', runtime: process.execPath, script: hook, environment: { HOME: folder } }, event));
    chmodSync(program, 0o700);
    return JSON.parse(execFileSync(program, { input: '{}', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }));
  }

  test('can be run', async () => {
    await installFiles(installerOf('cline'), wish());
    expect(statSync(join(folder, '.cline/hooks/PreToolUse')).mode & 0o777).toBe(0o700);
    chmodSync(join(folder, '.cline/hooks/PreToolUse'), 0o600);
    expect(misplaced(installerOf('cline'), wish())).toEqual([join(folder, '.cline/hooks/PreToolUse')]);
  });

  test('hands on what the hook says', () => {
    expect(printed(`console.log('${go.stdout}')`)).toEqual(JSON.parse(go.stdout));
  });

  test.each<[string, string | undefined]>([
    ['is missing', undefined],
    ['says nothing', ''],
    ['crashes', 'throw new Error("broken")'],
    ['is killed', 'process.kill(process.pid, "SIGKILL")'],
    ['says half of it', 'process.stdout.write(\'{"overrideInput":{"co\')'],
    ['says two things', 'console.log("{}\\n{}")'],
    ['says something else', 'console.log("no such thing")'],
  ])('refuses where the hook %s', (_, script) => {
    expect(printed(script)).toMatchObject({ cancel: true });
  });

  test('after a call there is nothing to refuse', () => {
    expect(printed('throw new Error("broken")', 'PostToolUse')).toEqual({});
  });
});
