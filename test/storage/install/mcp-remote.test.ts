import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { serverClients } from '../../../src/storage/install/mcp-places.ts';
import { findServers } from '../../../src/storage/install/mcp-servers.ts';
import { applyUnwrap, applyWrap, unwrapPlan, wrapPlan } from '../../../src/storage/install/mcp-wrap.ts';
import { remoteAddress } from '../../../src/storage/install/remote-address.ts';
import { serverFormats } from '../../../src/storage/install/server-formats.ts';

let root: string;
let home: Home;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  home = openHome({ COUNTERSIGN_HOME: join(root, '.countersign') });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const surroundings = () => ({ folder: join(root, 'project'), environment: { HOME: root } });
const servers = () => findServers(surroundings()).servers;
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function put(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

function wrap(): void {
  const program = { home, runtime: process.execPath, script: '/opt/mcp-gateway.mjs' };
  applyWrap(program, wrapPlan(servers(), program));
}

async function unwrap(): Promise<void> {
  applyUnwrap(home, await unwrapPlan(home, servers()), servers());
}

const url = 'https://docs.example.com/mcp';
const started = (agent: string, options: readonly string[] = []) => ({
  command: join(home.agents, 'mcp-gateway'),
  args: ['--name', 'docs', '--agent', agent, ...options, '--', url],
});
const headers = (text: string) => ({ COUNTERSIGN_MCP_HEADERS: text });

interface Case {
  readonly agent: string;
  readonly file: string;
  readonly entry: Readonly<Record<string, unknown>>;
  /** What it becomes, without its command. */
  readonly wrapped: Readonly<Record<string, unknown>>;
  readonly options?: readonly string[];
}

/** An entry over the network as each client has it, and what stands there behind the gateway. */
const cases: readonly Case[] = [
  {
    agent: 'claude-code',
    file: 'project/.mcp.json',
    entry: { type: 'http', url, headers: { Authorization: 'Bearer ${TOKEN:-none}', 'X-Team': 'a: b' }, timeout: 5000 },
    wrapped: { type: 'stdio', timeout: 5000, env: headers('Authorization: Bearer ${TOKEN:-none}\nX-Team: a: b') },
    options: ['--patience', '5'],
  },
  {
    agent: 'gemini-cli',
    file: '.gemini/settings.json',
    entry: { httpUrl: url, command: 'never', headers: { 'X-Key': '$KEY' }, trust: true, includeTools: ['look'], timeout: 9000 },
    wrapped: { trust: true, includeTools: ['look'], timeout: 9000, env: headers('X-Key: $KEY') },
    options: ['--patience', '9'],
  },
  {
    agent: 'gemini-cli',
    file: 'project/.gemini/settings.json',
    entry: { url, type: 'http', timeout: 1000 },
    wrapped: { timeout: 1000 },
    options: ['--patience', '1'],
  },
  { agent: 'qwen-code', file: '.qwen/settings.json', entry: { httpUrl: url, headers: {} }, wrapped: {} },
  {
    agent: 'opencode',
    file: '.config/opencode/opencode.json',
    entry: { type: 'remote', url, headers: { Authorization: 'Bearer {env:TOKEN}' }, oauth: false, enabled: true },
    wrapped: { type: 'local', enabled: true, environment: headers('Authorization: Bearer {env:TOKEN}') },
  },
  {
    agent: 'vscode',
    file: 'project/.vscode/mcp.json',
    entry: { type: 'http', url, headers: { Authorization: 'Bearer ${input:token}' } },
    wrapped: { type: 'stdio', env: headers('Authorization: Bearer ${input:token}') },
  },
  {
    agent: 'copilot-cli',
    file: '.copilot/mcp-config.json',
    entry: { type: 'http', url, tools: ['*'] },
    wrapped: { type: 'local', tools: ['*'] },
  },
  {
    agent: 'cursor',
    file: '.cursor/mcp.json',
    entry: { url, headers: { Authorization: 'Bearer ${env:TOKEN}' }, env: { A: '1' } },
    wrapped: { env: { A: '1', ...headers('Authorization: Bearer ${env:TOKEN}') } },
  },
  {
    agent: 'cline',
    file: '.cline/data/settings/cline_mcp_settings.json',
    entry: { type: 'streamableHttp', url, timeout: 90, disabled: false },
    wrapped: { type: 'stdio', timeout: 90, disabled: false },
    options: ['--patience', '90'],
  },
  {
    agent: 'windsurf',
    file: '.codeium/windsurf/mcp_config.json',
    entry: { serverUrl: url, headers: { A: '${env:B}' } },
    wrapped: { env: headers('A: ${env:B}') },
  },
  {
    agent: 'kiro',
    file: '.kiro/settings/mcp.json',
    entry: { url, headers: { A: '${B}' }, autoApprove: [] },
    wrapped: { autoApprove: [], env: headers('A: ${B}') },
  },
];

const textOf = ({ agent, entry }: Pick<Case, 'agent' | 'entry'>): string =>
  JSON.stringify({ [agent === 'opencode' ? 'mcp' : agent === 'vscode' ? 'servers' : 'mcpServers']: { docs: entry } }, undefined, 2);

test('every agent has a case, Codex in TOML', () => {
  expect(new Set([...cases.map(({ agent }) => agent), 'codex'])).toEqual(new Set(serverClients.map(({ agent }) => agent)));
});

test.each(cases)('$agent, $file: it becomes a server that is started, with its headers, and comes back to the byte', async (one) => {
  const { agent, file, wrapped, options } = one;
  const text = textOf(one);
  put(file, text);
  wrap();
  const at = servers()[0]?.path.slice(0, -1) ?? [];
  const { command, args } = started(agent, options);
  expect(serverFormats.json.entries(read(file), at)['docs']).toEqual(
    agent === 'opencode' ? { ...wrapped, command: [command, ...args] } : { ...wrapped, command, args },
  );
  expect(servers()).toMatchObject([{ agent, how: 'gateway', command: [url] }]);
  expect(remoteAddress(surroundings(), 'docs')).toBe(url);
  const once = read(file);
  wrap();
  expect(read(file)).toBe(once);
  await unwrap();
  expect(read(file)).toBe(text);
});

test.each(cases)('$agent, $file: changed since, it gets its address and headers again, and what is new stays', async (one) => {
  const { agent, file, entry } = one;
  put(file, textOf(one));
  wrap();
  const key = agent === 'opencode' ? 'mcp' : agent === 'vscode' ? 'servers' : 'mcpServers';
  const value = JSON.parse(read(file));
  value[key].docs.fresh = 1;
  put(file, JSON.stringify(value).replaceAll(url, `${url}/v2`));
  await unwrap();
  const address = entry['httpUrl'] === undefined ? (entry['serverUrl'] === undefined ? 'url' : 'serverUrl') : 'httpUrl';
  const { command: _, ...rest } = entry;
  expect(JSON.parse(read(file))[key].docs).toEqual({ ...rest, [address]: `${url}/v2`, fresh: 1 });
});

/** Codex's, as its text becomes another and the same again. */
const toml: readonly (readonly [what: string, before: string, after: string])[] = [
  [
    'an address alone',
    `[mcp_servers.docs] # mine\nurl = "${url}" # there\nstartup_timeout_sec = 20\n`,
    `[mcp_servers.docs] # mine\ncommand = GATEWAY\ntool_timeout_sec = 1800\nargs = [ARGS] # there\nstartup_timeout_sec = 20\n`,
  ],
  [
    'variables by their names, with a line between that stays',
    `[mcp_servers.docs]\nurl = '${url}'\nbearer_token_env_var = "TOKEN" # secret\ntool_timeout_sec = 1800\nenv_http_headers = { "X-Key" = "KEY" }\nhttp_headers = { X-Team = "a\\"b" }\nenabled = true\n`,
    `[mcp_servers.docs]\ncommand = GATEWAY\nenv = { COUNTERSIGN_MCP_HEADERS = "X-Team: a\\"b\\nX-Key: \${env:KEY:-}\\nAuthorization: Bearer \${env:TOKEN}" }\nenv_vars = ["KEY", "TOKEN"]\n # secret\ntool_timeout_sec = 1800\nargs = [ARGS]\nenabled = true\n`,
  ],
  [
    'all in one line',
    `mcp_servers.docs = { url = "${url}", http_headers = { A = "b" }, tool_timeout_sec = 1800, bearer_token_env_var = "T" }\r\n`,
    `mcp_servers.docs = { command = GATEWAY, env = { COUNTERSIGN_MCP_HEADERS = "A: b\\nAuthorization: Bearer \${env:T}" }, env_vars = ["T"], tool_timeout_sec = 1800, args = [ARGS] }\r\n`,
  ],
  [
    'keys with dots',
    `[mcp_servers]\ndocs.url = "${url}"\ndocs.tool_timeout_sec = 1800\n`,
    `[mcp_servers]\ndocs.command = GATEWAY\ndocs.args = [ARGS]\ndocs.tool_timeout_sec = 1800\n`,
  ],
];

test.each(toml)('codex, %s: it becomes a server that is started, and comes back to the byte', async (_, before, after) => {
  put('.codex/config.toml', before);
  wrap();
  const { command, args } = started('codex', ['--patience', '1800']);
  const list = args.map((one) => JSON.stringify(one)).join(', ');
  expect(read('.codex/config.toml')).toBe(after.replace('GATEWAY', JSON.stringify(command)).replace('ARGS', list));
  expect(servers()).toMatchObject([{ how: 'gateway', command: [url], patienceMs: 1_800_000 }]);
  wrap();
  expect(read('.codex/config.toml')).toBe(after.replace('GATEWAY', JSON.stringify(command)).replace('ARGS', list));
  await unwrap();
  expect(read('.codex/config.toml')).toBe(before);
});

test.each(toml)('codex, %s: changed since, it says the same as before', async (_, before) => {
  put('.codex/config.toml', before);
  const entry = serverFormats.toml.entries(before, ['mcp_servers'])['docs'];
  wrap();
  put('.codex/config.toml', read('.codex/config.toml').replace('"--agent", "codex", ', '').replaceAll(url, `${url}/v2`));
  await unwrap();
  const now = serverFormats.toml.entries(read('.codex/config.toml'), ['mcp_servers'])['docs'];
  expect(now).toMatchObject(Object.assign({}, entry, { url: `${url}/v2` }));
  expect(now).not.toHaveProperty('command');
});

test.each<[string, string, object, RegExp]>([
  ['Claude Code', 'project/.mcp.json', { type: 'sse', url }, /its type is "sse"/],
  ['Claude Code', 'project/.mcp.json', { type: 'ws', url: 'wss://x' }, /does not begin with https/],
  ['Claude Code', 'project/.mcp.json', { type: 'http', url: '${BASE}/mcp' }, /does not begin with https/],
  ['Claude Code', 'project/.mcp.json', { type: 'http', url, headersHelper: '/opt/headers' }, /come from a program/],
  ['Claude Code', 'project/.mcp.json', { type: 'http', url, oauth: { clientId: 'x' } }, /"oauth" says how its client logs in/],
  ['Claude Code', 'project/.mcp.json', { type: 'http', url, headers: { A: 'b\nC: d' } }, /its header A has a line break/],
  ['Claude Code', 'project/.mcp.json', { type: 'http', url, headers: { A: 1 } }, /its header A is no text/],
  ['Claude Code', 'project/.mcp.json', { type: 'http', url, headers: { 'A B': '1' } }, /"A B" cannot be the name/],
  ['Qwen Code', '.qwen/settings.json', { url }, /the older transport/],
  ['Cline', '.cline/data/settings/cline_mcp_settings.json', { url }, /the older transport/],
  ['Cursor', '.cursor/mcp.json', { url: 'https://x/sse' }, /ends in \/sse/],
  ['Gemini CLI', '.gemini/settings.json', { httpUrl: url, authProviderType: 'google_credentials' }, /authProviderType/],
])('%s: what the gateway cannot do as its client does is left, and said (%#)', (_, file, entry, why) => {
  const text = JSON.stringify({ mcpServers: { docs: entry } });
  put(file, text);
  expect(servers()[0]?.obstacle).toMatch(why);
  wrap();
  expect(read(file)).toBe(text);
});

test('headers in a table of their own are not lost: the entry is left, and said', () => {
  const text = `[mcp_servers.docs]\nurl = "${url}"\n[mcp_servers.docs.http_headers]\nA = "b"\n`;
  put('.codex/config.toml', text);
  expect(servers()[0]?.obstacle).toContain('write them as http_headers = { … }');
  wrap();
  expect(read('.codex/config.toml')).toBe(text);
});

test('our own endpoint is the gateway already, and is left as it is', async () => {
  const text = JSON.stringify({ mcpServers: { docs: { url: 'http://127.0.0.1:7777/v1/mcp/docs' } } });
  put('.cursor/mcp.json', text);
  expect(servers()).toMatchObject([{ how: 'gateway' }]);
  wrap();
  await unwrap();
  expect(read('.cursor/mcp.json')).toBe(text);
});

test('what another wrote before the gateway itself is not guessed at', async () => {
  const text = JSON.stringify({ mcpServers: { docs: { command: 'countersign', args: ['mcp', 'run', '--', url] } } });
  put('.cursor/mcp.json', text);
  expect(await unwrapPlan(home, servers())).toEqual([]);
});
