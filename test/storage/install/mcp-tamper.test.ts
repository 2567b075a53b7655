import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeConfig } from '../../../src/storage/config.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { findServers } from '../../../src/storage/install/mcp-servers.ts';
import { mcpTamper, type UsedServer } from '../../../src/storage/install/mcp-tamper.ts';
import { remoteAddressHere, saveRemotes } from '../../../src/storage/mcp-remotes.ts';
import { applyUnwrap, applyWrap, unwrapPlan, wrapPlan } from '../../../src/storage/install/mcp-wrap.ts';

let root: string;
let home: Home;
let used: UsedServer[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  home = openHome({ COUNTERSIGN_HOME: join(root, '.countersign') });
  used = [];
  put('.cursor/mcp.json', { files: { command: 'files' } });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(file: string, mcpServers: object): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify({ mcpServers }));
}

const surroundings = () => ({ folder: join(root, 'project'), environment: { HOME: root } });
const servers = (name?: string) => findServers(surroundings()).servers.filter((server) => name === undefined || server.name === name);

function wrap(name?: string): void {
  const program = { home, runtime: process.execPath, script: '/opt/mcp-gateway.mjs' };
  applyWrap(program, wrapPlan(servers(name), program));
}

async function unwrap(name: string): Promise<void> {
  applyUnwrap(home, await unwrapPlan(home, servers(name)), servers(name));
}

const tamper = () => mcpTamper({ home, environment: { HOME: root }, used: () => used });
const found = () =>
  tamper()
    .findings([join(root, 'project')])
    .map(({ message, folder }) => [/"([^"]+)" /.exec(message)?.[1], folder]);

test('while nobody has put the gateway before a server, none has to be behind it', () => {
  used = [{ agent: 'codex', server: 'docs', cwd: '/x' }];
  expect(found()).toEqual([]);
});

test('once one is behind it, a new one that is not is found, until it is, or a person says that it is to be so', async () => {
  wrap();
  expect(found()).toEqual([]);
  writeConfig(home, { port: 7_777 });
  saveRemotes(home, { docs: { url: 'https://example.com/mcp' } });
  put('.gemini/settings.json', {
    fresh: { command: 'fresh' },
    far: { httpUrl: 'https://example.com/mcp' },
    old: { url: 'https://example.com/sse', type: 'sse' },
    ours: { httpUrl: remoteAddressHere(home, 'docs', 7_777) },
    off: { command: 'off', disabled: true },
  });
  put('project/.mcp.json', { shared: { command: 'shared' } });
  expect(found()).toEqual([
    ['shared', join(root, 'project')],
    ['fresh', undefined],
    ['far', undefined],
    ['old', undefined],
  ]);
  const said = tamper()
    .findings([])
    .map(({ message }) => message);
  expect(said).toEqual([
    expect.stringContaining('countersign mcp wrap fresh'),
    expect.stringContaining('countersign mcp wrap far'),
    expect.stringMatching(/its type is "sse".*countersign mcp unwrap old/),
  ]);
  wrap('fresh');
  wrap('far');
  await unwrap('old');
  await unwrap('shared');
  expect(found()).toEqual([]);
  put('project/.mcp.json', { shared: { command: 'other' } });
  expect(found()).toEqual([['shared', join(root, 'project')]]);
});

test('a server that somebody took the gateway from is found', () => {
  wrap();
  put('.cursor/mcp.json', { files: { command: 'files' } });
  expect(found()).toEqual([['files', undefined]]);
});

test('a server that is used past the gateway is found, wherever it is configured', () => {
  wrap();
  used = [
    { agent: 'claude-code', server: 'plugin_tools_docs', cwd: '/x' },
    { agent: 'odd', server: 'files2', cwd: '/y' },
  ];
  expect(found()).toEqual([
    ['plugin_tools_docs', '/x'],
    ['files2', '/y'],
  ]);
});

test('the files of servers are watched once one is behind the gateway, and what is noted always', () => {
  const folders = [join(root, 'project')];
  expect(tamper().files(folders)).toEqual([join(home.backups, 'mcp-servers.json')]);
  wrap();
  expect(tamper().files(folders)).toEqual(
    expect.arrayContaining([join(root, 'project', '.mcp.json'), join(root, '.codex', 'config.toml')]),
  );
});

test('an address that only looks like one of ours is no gateway', () => {
  wrap();
  writeConfig(home, { port: 7_777 });
  saveRemotes(home, { docs: { url: 'https://example.com/mcp' } });
  const ours = remoteAddressHere(home, 'docs', 7_777);
  const alike = [ours.replace('7777', '7778'), ours.replace('/docs/', '/other/'), `${ours.slice(0, -1)}${ours.endsWith('0') ? '1' : '0'}`];
  put('.gemini/settings.json', Object.fromEntries([ours, ...alike].map((httpUrl, index) => [`server-${index}`, { httpUrl }])));
  expect(found().map(([name]) => name)).toEqual(['server-1', 'server-2', 'server-3']);
  expect(tamper().findings([])[0]?.message).toContain('only looks like');
});
