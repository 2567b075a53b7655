import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { agentTamper } from '../../../src/storage/install/agent-tamper.ts';
import { codexInstaller } from '../../../src/storage/install/codex.ts';
import { installFiles, misplaced, planFiles, uninstallFiles } from '../../../src/storage/install/file-install.ts';
import type { InstallWish } from '../../../src/storage/install/installer.ts';
import { renewLauncher } from '../../../src/storage/install/launcher.ts';

let root: string;
let wish: InstallWish;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'csc-')));
  const environment = { HOME: root, COUNTERSIGN_HOME: join(root, '.countersign') };
  const script = join(root, 'hook.mjs');
  writeFileSync(script, 'console.log(process.argv.slice(2).join(" "))');
  wish = { home: openHome(environment), version: '1', runtime: process.execPath, script, environment, choices: [] };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (name: string): string => join(root, '.codex', name);
function write(files: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, '.codex'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text);
}
const text = (name: string): string => readFileSync(file(name), 'utf8');

const own = '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"type":"command","command":"own"}]}],   "Stop":[]}, "x" : 1}';
const toml = 'model = "gpt-5.5"\n# mine\n[features]\nweb = true\n\n[projects."/p"]\ntrust_level = "trusted"\n';

describe.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['nothing was there', {}, []],
  ['a person has hooks and settings', { 'hooks.json': own, 'config.toml': toml }, []],
  ['more is switched off', { 'hooks.json': own, 'config.toml': toml }, ['no-tty', 'no-web-search']],
  ['files without an end of line, and empty ones', { 'hooks.json': '', 'config.toml': 'model = "x"' }, ['no-tty']],
])('%s', (_, before, choices) => {
  test('it is there after an installation, once; taken out, everything is byte for byte what it was', async () => {
    write(before);
    const asked = { ...wish, choices };
    expect((await planFiles(codexInstaller, asked)).map((change) => change.file)).toEqual([file('hooks.json'), file('config.toml')]);
    expect(Object.fromEntries(Object.keys(before).map((name) => [name, text(name)]))).toEqual(before);
    await installFiles(codexInstaller, asked);
    expect(misplaced(codexInstaller, asked)).toEqual([]);
    expect(await planFiles(codexInstaller, asked)).toEqual([]);
    await installFiles(codexInstaller, asked);
    expect(text('hooks.json').match(/codex PreToolUse --installed/g)).toHaveLength(1);
    const { left } = uninstallFiles(codexInstaller, wish);
    expect(left).toEqual([]);
    expect(existsSync(join(root, '.codex')) ? readdirSync(join(root, '.codex')).toSorted() : []).toEqual(Object.keys(before).toSorted());
    expect(Object.fromEntries(Object.keys(before).map((name) => [name, text(name)]))).toEqual(before);
    expect(readdirSync(wish.home.agents)).toEqual([]);
  });
});

test('what a person changed meanwhile stays', async () => {
  write({ 'hooks.json': own, 'config.toml': toml });
  await installFiles(codexInstaller, wish);
  write({ 'hooks.json': text('hooks.json').replace('"own"', '"another"'), 'config.toml': `${text('config.toml')}[projects."/q"]\n` });
  expect(misplaced(codexInstaller, wish)).toEqual([]);
  expect(uninstallFiles(codexInstaller, wish).edited).toEqual([file('hooks.json'), file('config.toml')]);
  // A list without hooks says nothing.
  expect(JSON.parse(text('hooks.json'))).toEqual(JSON.parse(own.replace('"own"', '"another"').replace(',   "Stop":[]', '')));
  expect(text('config.toml')).toBe(`${toml}[projects."/q"]\n`);
});

test('what Codex itself writes before our last line is no fault, and stays', async () => {
  write({ 'config.toml': toml });
  await installFiles(codexInstaller, wish);
  const tui = '[tui]\nscreen_reader_detection_done = true\n';
  write({ 'config.toml': text('config.toml').replace('# Countersign: end.', `${tui}# Countersign: end.`) });
  expect(misplaced(codexInstaller, wish)).toEqual([]);
  expect(await planFiles(codexInstaller, wish)).toEqual([]);
  uninstallFiles(codexInstaller, wish);
  expect(text('config.toml')).toBe(`${toml}${tui}`);
});

test('ours are trusted by the place that they have among others, whatever Codex wrote of them before', async () => {
  write({
    'hooks.json': own,
    'config.toml': `[hooks.state."${join(root, '.codex', 'hooks.json')}:pre_tool_use:1:0"]\ntrusted_hash = "old"\n`,
  });
  await installFiles(codexInstaller, wish);
  expect(text('config.toml').match(/:pre_tool_use:1:0"\]\ntrusted_hash = "sha256:[0-9a-f]{64}"/g)).toHaveLength(1);
  expect(text('config.toml')).not.toContain('old');
});

test.each<[string, Readonly<Record<string, string>>, readonly string[], RegExp]>([
  ['hooks.json that is none', { 'hooks.json': '[' }, [], /hooks\.json is not what Codex reads/],
  ['features in one line', { 'config.toml': 'features = { x = 1 }\n' }, ['no-tty'], /in one line/],
])('%s stops the installation before anything is written', async (_, before, choices, message) => {
  write(before);
  await expect(installFiles(codexInstaller, { ...wish, choices })).rejects.toThrow(message);
  expect(readdirSync(join(root, '.codex'))).toEqual(Object.keys(before));
});

test('choices are settings of Codex, in the places where it reads them', async () => {
  write({ 'config.toml': toml });
  await installFiles(codexInstaller, { ...wish, choices: ['no-tty', 'no-web-search'] });
  expect(text('config.toml')).toMatch(/^web_search = "disabled"\nmodel = "gpt-5\.5"\n/);
  expect(text('config.toml')).toContain('[features]\nunified_exec_tty = false\nweb = true\n');
});

test('hooks that are taken out, and files of projects that switch them off, are found', async () => {
  const tamper = agentTamper(wish.home, '1', [codexInstaller]);
  const project = join(root, 'p');
  mkdirSync(join(project, '.codex'), { recursive: true });
  expect(tamper.findings([project])).toEqual([]);
  await installFiles(codexInstaller, wish);
  expect(tamper.findings([project])).toEqual([]);
  expect(tamper.files([project])).toEqual([file('hooks.json'), file('config.toml'), join(project, '.codex', 'config.toml')]);
  writeFileSync(join(project, '.codex', 'config.toml'), 'x = 1\n[features] # why\n hooks=false\n');
  write({ 'hooks.json': own });
  expect(tamper.findings([project]).map((finding) => finding.file)).toEqual([
    file('hooks.json'),
    // Trust goes by the place of a hook.
    file('config.toml'),
    join(project, '.codex', 'config.toml'),
  ]);
  rmSync(join(wish.home.agents, 'hook'));
  expect(tamper.findings([])[0]?.file).toBe(join(wish.home.agents, 'hook'));
});

describe('the command line of a hook', () => {
  const lineOf = (event: string): string => {
    const found = /"command": (".*codex EVENT --installed.*")/.source.replace('EVENT', event);
    return String(JSON.parse(new RegExp(found).exec(text('hooks.json'))?.[1] ?? '""'));
  };
  const run = (event: string, shell = '/bin/bash') => {
    try {
      return { code: 0, out: execFileSync(shell, ['-lc', lineOf(event)], { encoding: 'utf8', stdio: 'pipe', env: { HOME: root } }) };
    } catch (error) {
      const { status, stderr } = Object(error);
      return { code: status, out: String(stderr) };
    }
  };

  test('says what it is asked for, and by whom; stays the same when the program moves', async () => {
    await installFiles(codexInstaller, wish);
    expect(run('PreToolUse')).toEqual({ code: 0, out: `codex PreToolUse --installed --parent=${process.pid}\n` });
    const before = lineOf('PreToolUse');
    const moved = join(root, "it's moved.mjs");
    writeFileSync(moved, 'console.log("moved", Object.keys(process.env).sort().join())');
    expect(renewLauncher({ ...wish, script: moved })).toBe(false);
    rmSync(wish.script);
    expect(renewLauncher({ ...wish, script: moved })).toBe(true);
    expect(run('PreToolUse').out).toBe('moved COUNTERSIGN_HOME,HOME,PATH\n');
    await installFiles(codexInstaller, { ...wish, script: moved });
    expect(lineOf('PreToolUse')).toBe(before);
  });

  test.each<[string, string, number]>([
    ['PreToolUse', 'process.exit(1)', 2],
    ['PreToolUse', 'process.kill(process.pid, "SIGKILL")', 2],
    ['UserPromptSubmit', 'import "./nothing.mjs"', 2],
    ['PostToolUse', 'process.exit(7)', 2],
    ['Stop', 'process.exit(2)', 0],
    ['SessionStart', 'process.exit(1)', 0],
  ])('%s, where the hook does this: %s', async (event, program, code) => {
    await installFiles(codexInstaller, wish);
    writeFileSync(wish.script, program);
    const ran = run(event);
    expect(ran.code).toBe(code);
    expect(code === 0 || /Countersign/.test(ran.out)).toBe(true);
  });
});

test('an administrator’s file has the same hooks, and lets no others run', () => {
  const managed = codexInstaller.managed?.(wish);
  expect(managed?.file).toBe('/etc/codex/requirements.toml');
  expect(managed?.text).toContain('allow_managed_hooks_only = true');
  expect(managed?.text.match(/^\[\[hooks\.PreToolUse\.hooks\]\]\ntype = "command"\ncommand = ".*codex PreToolUse/m)).not.toBeNull();
});
