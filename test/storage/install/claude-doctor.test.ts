import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { renderClaudeCode, type ClaudeCodeOptions } from '../../../src/storage/install/claude-code.ts';
import { doctorClaudeCode, type Finding } from '../../../src/storage/install/claude-doctor.ts';

let dir: string;
let options: ClaudeCodeOptions;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'csd-')));
  const environment = { HOME: join(dir, 'home'), COUNTERSIGN_HOME: join(dir, 'state') };
  const home = openHome(environment);
  mkdirSync(join(dir, 'home', '.claude'), { recursive: true });
  mkdirSync(join(dir, 'project', '.claude'), { recursive: true });
  options = {
    home,
    version: '0.1.0',
    port: 4123,
    token: 'ab'.repeat(32),
    runtime: process.execPath,
    script: '/hook.mjs',
    program: client('2.1.329', true),
    environment,
  };
  renderClaudeCode(options);
  settings('home', { enabledPlugins: { 'countersign@countersign': true } });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A client that knows its version and its plugins; the real one takes half a second a question. */
function client(version: string, enabled: boolean): string {
  const file = join(dir, 'claude');
  const list = JSON.stringify([
    { id: 'countersign@countersign', enabled, readFromFolder: join(dir, 'state', 'agents', 'claude-code', 'plugins', 'countersign') },
  ]);
  writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && echo '${version} (Claude Code)' || echo '${list}'\n`, { mode: 0o755 });
  return file;
}
function settings(where: 'home' | 'project', content: unknown): void {
  writeFileSync(join(dir, where, '.claude', 'settings.json'), typeof content === 'string' ? content : JSON.stringify(content));
}
async function bad(changed: Partial<ClaudeCodeOptions> = {}): Promise<readonly Finding[]> {
  return (await doctorClaudeCode({ ...options, ...changed }, join(dir, 'project'))).filter(({ severity }) => severity === 'bad');
}

test('where all is well, every check says so', async () => {
  const found = await doctorClaudeCode(options, join(dir, 'project'));
  expect(found.map(({ id, severity }) => [id, severity])).toEqual(
    ['client', 'plugin', 'level', 'hooks', 'settings', 'environment'].map((id) => [id, 'fine']),
  );
});

test.each<[string, () => Partial<ClaudeCodeOptions>, Finding['id'], RegExp]>([
  ['an old client', () => ({ program: client('2.1.200', true) }), 'client', /2\.1\.295/],
  ['the plugin switched off', () => ({ program: client('2.1.329', false) }), 'plugin', /switched off.*countersign install/],
  ['hooks for another port', () => ({ port: 4999 }), 'hooks', /hooks\.json is not what this governor needs/],
  ['hooks with another token', () => ({ token: 'cd'.repeat(32) }), 'hooks', /hooks\.json/],
  ['user settings that the client drops', () => (settings('home', '{,}'), {}), 'settings', /not valid JSON/],
  ['a project that switches hooks off', () => (settings('project', { disableAllHooks: true }), {}), 'settings', /disableAllHooks/],
  [
    'a proxy in the terminal',
    () => ({ environment: { ...options.environment, HTTPS_PROXY: 'http://10.0.0.1' } }),
    'environment',
    /HTTPS_PROXY/,
  ],
])('%s is found', async (_, change, id, says) => {
  const found = await bad(change());
  expect(found.map((one) => one.id)).toEqual([id]);
  expect(found[0]?.message).toMatch(says);
});

test('no client at all', async () => {
  expect((await bad({ program: join(dir, 'nothing') })).map(({ id, message }) => [id, message])).toEqual([
    ['client', expect.stringContaining('was not found')],
    ['plugin', expect.stringContaining('was not found')],
  ]);
});
