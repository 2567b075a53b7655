import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEntry, AuditRecord } from '../../../src/engine/audit/entry.ts';
import { TamperDesk } from '../../../src/hosts/serve/tamper-desk.ts';
import type { AgentTamper } from '../../../src/storage/install/agent-tamper.ts';
import { openHome } from '../../../src/storage/home.ts';
import { renderClaudeCode } from '../../../src/storage/install/claude-code.ts';
import { Place } from './fixture.ts';

let place: Place;
let user: string;
let project: string;
let entries: AuditEntry[];
let versions: string[];
let desk: TamperDesk | undefined;
let managed: string;

beforeEach(() => {
  place = new Place();
  user = join(place.root, 'claude');
  project = join(place.root, 'project');
  managed = join(place.root, 'managed');
  for (const folder of [user, join(project, '.claude'), join(managed, 'managed-settings.d')]) mkdirSync(folder, { recursive: true });
  entries = [];
  versions = [];
});
afterEach(async () => {
  desk?.stop();
  await place.close();
});

const plugin = (): string => join(place.home.agents, 'claude-code');
const hooks = (): string => join(plugin(), 'plugins', 'countersign', 'hooks', 'hooks.json');

function installed(): void {
  const environment = { HOME: place.root, COUNTERSIGN_HOME: place.home.root };
  const home = openHome(environment);
  renderClaudeCode({ home, version: '1', port: 4123, token: 'ab'.repeat(32), runtime: process.execPath, script: '/h.mjs', environment });
  write(user, 'settings.json', { enabledPlugins: { 'countersign@countersign': true } });
}
function write(folder: string, name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1));
  return file;
}
function open(others?: AgentTamper): TamperDesk {
  desk = new TamperDesk({
    ...(others === undefined ? {} : { others }),
    places: () => ({ plugin: plugin(), port: 4123, configDirs: [user], folders: [project], versions, managed }),
    earlier: () => entries.map((entry, seq): AuditRecord => ({ version: 1, seq, entry, hash: '', previous: '' })).toReversed(),
    record: async (reason, detail) => entries.push({ kind: 'config-change', time: 0, reason, detail }),
    changed: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  return desk;
}

const local = (): string => join(project, '.claude');

test('where all is well there is nothing to tell', () => {
  installed();
  expect(open().problems()).toEqual([]);
  expect(desk?.level).toBe('plugin');
  expect(entries).toEqual([]);
});

test('where no hooks were put in, nothing is expected of any file', () => {
  write(local(), 'settings.json', { disableAllHooks: true });
  expect(open().problems()).toEqual([]);
  expect(desk?.level).toBe('none');
});

test.each<[string, () => unknown, number | undefined, string]>([
  ['hooks switched off in the project', () => write(local(), 'settings.json', { disableAllHooks: true }), 2, 'disableAllHooks'],
  [
    'our plugin off in the local settings',
    () => write(local(), 'settings.local.json', { enabledPlugins: { 'countersign@countersign': false } }),
    3,
    'enabledPlugins',
  ],
  ['a library in every program', () => write(local(), 'settings.json', { env: { LD_PRELOAD: '/x' } }), 3, 'LD_PRELOAD'],
  ['user settings that the client drops', () => write(user, 'settings.json', '{\n,}'), 2, 'not valid JSON'],
  ['rendered hooks that were changed', () => write(join(hooks(), '..'), 'hooks.json', '{}'), undefined, 'not as Countersign wrote it'],
  ['rendered hooks that are gone', () => rmSync(hooks()), undefined, 'is gone'],
  ['everything rendered is gone', () => rmSync(plugin(), { recursive: true }), undefined, 'is gone'],
  ['an old client that runs', () => versions.push('2.1.100'), undefined, '2.1.295'],
])('%s: a problem with its place and its fix, and an entry', (_, tamper, line, says) => {
  installed();
  const file = tamper();
  const [problem] = open().problems();
  expect(problem).toMatchObject({
    severity: 'bad',
    message: expect.stringContaining(says),
    ...(typeof file === 'string' ? { file } : {}),
    ...(line === undefined ? {} : { line }),
  });
  expect(entries[0]).toMatchObject({ reason: expect.stringContaining(says), detail: { state: 'found', severity: 'weak' } });
});

const inPlaceOf = (file: string, make: string): string => {
  rmSync(file, { force: true });
  execFileSync(make, [file]);
  return file;
};

test.skipIf(process.platform === 'win32').each<[string, () => string, string]>([
  ['a pipe for the user settings', () => inPlaceOf(join(user, 'settings.json'), 'mkfifo'), 'not valid JSON'],
  ['a folder for the user settings', () => inPlaceOf(join(user, 'settings.json'), 'mkdir'), 'not valid JSON'],
  ['a pipe for the hooks', () => inPlaceOf(hooks(), 'mkfifo'), 'not as Countersign wrote it'],
  ['a folder for the record', () => inPlaceOf(`${plugin()}.json`, 'mkdir'), 'not as Countersign wrote it'],
])('%s is found, and keeps nobody from looking further', (_, tamper, says) => {
  installed();
  const odd = tamper();
  inPlaceOf(join(local(), 'settings.json'), 'mkfifo');
  write(local(), 'settings.local.json', { disableAllHooks: true });
  const problems = open().problems();
  expect(problems).toContainEqual(expect.objectContaining({ file: odd, message: expect.stringContaining(says) }));
  expect(problems).toContainEqual(expect.objectContaining({ message: expect.stringContaining('disableAllHooks') }));
});

test('a record that is gone vouches for nothing', () => {
  installed();
  rmSync(`${plugin()}.json`);
  expect(open().problems()).toMatchObject([{ message: expect.stringContaining('is gone') }]);
});

test('each thing is told once, also by the next governor, until it changes', () => {
  installed();
  const file = write(local(), 'settings.json', { disableAllHooks: true });
  open().look();
  desk?.stop();
  open().look();
  expect(entries).toHaveLength(1);
  rmSync(file);
  desk?.look();
  expect(desk?.problems()).toEqual([]);
  write(local(), 'settings.json', { disableAllHooks: true });
  desk?.look();
  expect(entries.map(({ detail }) => detail?.['state'])).toEqual(['found', 'gone', 'found']);
});

test("a folder's settings stand in the way of its own sessions, a person's of all", () => {
  installed();
  write(local(), 'settings.json', { disableAllHooks: true });
  expect(open().obstacle(project)).toContain('disableAllHooks');
  expect(desk?.obstacle('/elsewhere')).toBeUndefined();
  write(user, 'settings.json', '');
  desk?.look();
  expect(desk?.obstacle('/elsewhere')).toContain('not valid JSON');
});

test("other people's hooks are in the log, and no problem", () => {
  installed();
  write(local(), 'settings.json', { hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: 'x' }] }] } });
  expect(open().problems()).toEqual([]);
  expect(entries).toMatchObject([{ detail: { severity: 'notice' } }]);
});

test('where managed settings enable the plugin, nothing below them switches it off', () => {
  installed();
  write(join(managed, 'managed-settings.d'), '50-countersign.json', { enabledPlugins: { 'countersign@countersign': true } });
  write(local(), 'settings.json', { disableAllHooks: true });
  expect(open().problems()).toEqual([]);
  expect(desk?.level).toBe('managed');
});

test('a file that changes while the governor runs is noticed without anybody asking', async () => {
  installed();
  const told = Promise.withResolvers<void>();
  open();
  const watched = desk;
  entries = new Proxy(entries, { set: (target, key, value) => (told.resolve(), Reflect.set(target, key, value)) });
  write(local(), 'settings.json', { disableAllHooks: true });
  await told.promise;
  expect(watched?.problems()).toHaveLength(1);
});

test('what stands beside the hooks is a problem, and does not make a session one that is not governed', () => {
  installed();
  const finding = { id: 'mcp:x', severity: 'beside', message: 'A server is not behind the gateway.', folder: project } as const;
  const problems = open({ findings: () => [finding], files: () => [] }).problems();
  expect(problems).toEqual([{ id: 'tamper:mcp:x', message: 'A server is not behind the gateway.' }]);
  expect(desk?.obstacle(project)).toBeUndefined();
  expect(entries.map(({ reason }) => reason)).toEqual(['A server is not behind the gateway.']);
});
