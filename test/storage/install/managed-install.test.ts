import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { elevated, whyNot } from '../../../src/storage/install/elevation.ts';
import { installManaged, planManaged, uninstallManaged, type ManagedOptions } from '../../../src/storage/install/managed-install.ts';

let dir: string;
let managed: string;
let options: ManagedOptions;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'csm-'));
  managed = join(dir, 'etc', 'claude-code');
  const home = openHome({ HOME: dir, COUNTERSIGN_HOME: join(dir, 'state') });
  options = { home, onlyManagedHooks: false, prompt: 'terminal', managed };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const ours = (): string => join(managed, 'managed-settings.d', '50-countersign.json');
function write(file: string, content: unknown): string {
  mkdirSync(join(file, '..'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(file, text);
  return text;
}

test('what is planned is what is written, readable for everybody, and a second time changes nothing', async () => {
  const [change] = planManaged(options);
  await installManaged(options);
  expect(readFileSync(ours(), 'utf8')).toBe(change?.after);
  expect(JSON.parse(change?.after ?? '')).toEqual({
    extraKnownMarketplaces: { countersign: { source: { source: 'directory', path: join(dir, 'state', 'agents', 'claude-code') } } },
    enabledPlugins: { 'countersign@countersign': true },
  });
  expect(statSync(ours()).mode & 0o777).toBe(0o644);
  expect(planManaged(options)).toEqual([]);
});

test('only managed hooks, where that is wanted', async () => {
  await installManaged({ ...options, onlyManagedHooks: true });
  expect(JSON.parse(readFileSync(ours(), 'utf8'))).toMatchObject({ allowManagedHooksOnly: true });
});

test('where nothing was before, nothing is afterwards', async () => {
  mkdirSync(join(dir, 'etc'));
  await installManaged(options);
  await uninstallManaged(options);
  expect(existsSync(managed)).toBe(false);
});

test("an organisation's files stay what they are, byte for byte, and so does one under our name", async () => {
  const main = write(join(managed, 'managed-settings.json'), '{ "permissions": {"deny": ["WebFetch"]} }\n');
  const before = write(ours(), '{\t"enabledPlugins":{"x@y":true} }');
  await installManaged(options);
  expect(JSON.parse(readFileSync(ours(), 'utf8'))).toMatchObject({ enabledPlugins: { 'x@y': true, 'countersign@countersign': true } });
  expect(readFileSync(join(managed, 'managed-settings.json'), 'utf8')).toBe(main);
  await uninstallManaged(options);
  expect(readFileSync(ours(), 'utf8')).toBe(before);
  expect(readFileSync(join(managed, 'managed-settings.json'), 'utf8')).toBe(main);
});

test('what an administrator added to our file since stays there', async () => {
  await installManaged(options);
  write(ours(), { ...JSON.parse(readFileSync(ours(), 'utf8')), cleanupPeriodDays: 5 });
  await uninstallManaged(options);
  expect(JSON.parse(readFileSync(ours(), 'utf8'))).toEqual({ cleanupPeriodDays: 5 });
});

test.each<[string, unknown, RegExp]>([
  ['hooks off', { disableAllHooks: true }, /disableAllHooks/],
  ['our plugin off', { enabledPlugins: { 'countersign@countersign': false } }, /enabledPlugins/],
  ['plugins from certain places only', { strictKnownMarketplaces: [] }, /strictKnownMarketplaces/],
  ['not JSON', '{,', /not valid JSON/],
])('an organisation that is against it is not overruled: %s', async (_, content, says) => {
  write(join(managed, 'managed-settings.json'), content);
  await expect(installManaged(options)).rejects.toThrow(says);
  expect(existsSync(ours())).toBe(false);
});

test("the administrator's command writes and removes exactly that, whatever the names and the text contain", () => {
  const file = join(dir, "it's $(touch x)", 'a.json');
  const text = `{"a": "'$(touch y)\\n"}\n`;
  const run = ({ args }: { readonly args: readonly string[] }): unknown => execFileSync('/bin/sh', args.slice(1), { cwd: dir });
  run(elevated({ file, text }, 'desktop', 'linux'));
  expect(readFileSync(file, 'utf8')).toBe(text);
  run(elevated({ file, folders: [join(file, '..'), dir] }, 'desktop', 'linux'));
  expect(existsSync(join(file, '..'))).toBe(false);
  expect([existsSync(dir), existsSync(join(dir, 'x')), existsSync(join(dir, 'y'))]).toEqual([true, false, false]);
});

test.each<[string, string, number | string, string, RegExp]>([
  ['dismissed on Linux', 'pkexec', 126, 'Error executing command as another user: Request dismissed', /was dismissed/],
  [
    'a wrong password on Linux',
    'pkexec',
    127,
    'Error executing command as another user: Not authorized\n\nThis incident…',
    /or a wrong one/,
  ],
  ['nobody who asks', 'pkexec', 127, "Error creating textual authentication agent: … (`/dev/tty'): No such device", /in a terminal/],
  ['nothing to ask with', 'pkexec', 'ENOENT', 'spawn pkexec ENOENT', /there is no "pkexec".* in a terminal/],
  ['dismissed on macOS', 'osascript', 1, '0:90: execution error: User canceled. (-128)', /was dismissed/],
  ['dismissed on Windows', 'powershell', 1, 'Start-Process : … The operation was canceled by the user.', /was dismissed/],
  ['anything else', 'sudo', 1, 'sudo: a password is required\nmore', /^"sudo" said: sudo: a password is required$/],
])('why it was not done, %s, in words that help', (_, program, code, said, expected) => {
  expect(whyNot(program, code, said)).toMatch(expected);
});

test.each<[string, 'terminal' | 'desktop', string, string]>([
  ['linux', 'terminal', 'sudo', '/bin/sh'],
  ['linux', 'desktop', 'pkexec', '/bin/sh'],
  ['darwin', 'desktop', 'osascript', 'with administrator privileges'],
  ['win32', 'desktop', 'powershell', '-Verb RunAs'],
])('who asks for the password on %s in a %s: %s', (platform, prompt, program, says) => {
  const command = elevated({ file: '/x/y.json', text: '{}' }, prompt, platform);
  expect(command.program).toBe(program);
  expect(command.args.join(' ')).toContain(says);
});
