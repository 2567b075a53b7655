import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { renewGatewayLauncher, type GatewayProgram } from '../../../src/storage/install/gateway-launcher.ts';
import { serverClients } from '../../../src/storage/install/mcp-places.ts';
import { findServers, serverFiles } from '../../../src/storage/install/mcp-servers.ts';
import { applyUnwrap, applyWrap, unwrapPlan, wrapPlan } from '../../../src/storage/install/mcp-wrap.ts';

interface Lab extends Disposable {
  readonly home: Home;
  readonly surroundings: { readonly folder: string; readonly environment: Readonly<Record<string, string>> };
  readonly program: GatewayProgram;
  readonly put: (file: string, text: string) => void;
  readonly read: (file: string) => string;
}

function makeLab(): Lab {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const home = openHome({ COUNTERSIGN_HOME: join(root, '.countersign') });
  const environment = { HOME: root };
  return {
    home,
    surroundings: { folder: join(root, 'project'), environment },
    program: { home, runtime: process.execPath, script: '/opt/mcp-gateway.mjs', environment },
    put: (file, text) => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    read: (file) => readFileSync(join(root, file), 'utf8'),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

const found = ({ surroundings }: Lab) =>
  findServers(surroundings).servers.map(({ agent, name, scope, how, command }) => [agent, name, scope, how, command.join(' ')]);

function wrap(lab: Lab): void {
  applyWrap(lab.program, wrapPlan(findServers(lab.surroundings).servers, lab.program));
}

async function unwrap(lab: Lab): Promise<void> {
  const { servers } = findServers(lab.surroundings);
  applyUnwrap(lab.home, await unwrapPlan(lab.home, servers), servers);
}

const toml = `# mine
model = "x"   # stays

[mcp_servers.files]   # why
command = 'npx' # the program
env = { A = "1" }
args = [
  "-y", # yes
  "server-filesystem",
]

[mcp_servers.files.tools.read]
approval_mode = "auto"

[mcp_servers."far away"]
url = "https://example.com/mcp"

[mcp_servers.memory]
command = "memory-server"
startup_timeout_sec = 20
`;

const inline =
  'mcp_servers.short = { command = "short", tool_timeout_sec = 20 } # one line\r\n[mcp_servers]\r\nlong = {command="long",args=["a"]}\r\n';

const jsonc = `{
  // mine
  "$schema": "https://opencode.ai/config.json",
  "mcp": {
    "files": { "type": "local", /* odd */ "command": ["npx", "-y", "server"], "enabled": true, },
    "far": { "type": "remote", "url": "https://example.com/mcp" },
  },
}
`;

const servers = `{"servers": {"files": {"type": "stdio", "command": "npx", "args": ["\${workspaceFolder}"]}}, "inputs": []} // "}"\n`;
const plain = (more: object = {}): string =>
  JSON.stringify({ mcpServers: { files: { command: 'npx', args: ['-y', 'server'], ...more } } }, null, '\t');

/** Every file, with what stands in it and which servers that are. */
const cases: readonly (readonly [file: string, text: string, servers: readonly (readonly string[])[]])[] = [
  [
    '.codex/config.toml',
    toml,
    [
      ['codex', 'files', 'user', 'direct', 'npx -y server-filesystem'],
      ['codex', 'far away', 'user', 'remote', 'https://example.com/mcp'],
      ['codex', 'memory', 'user', 'direct', 'memory-server'],
    ],
  ],
  [
    'project/.codex/config.toml',
    inline,
    [
      ['codex', 'short', 'project', 'direct', 'short'],
      ['codex', 'long', 'project', 'direct', 'long a'],
    ],
  ],
  ['.gemini/settings.json', plain({ trust: true }), [['gemini-cli', 'files', 'user', 'direct', 'npx -y server']]],
  ['project/.gemini/settings.json', `// mine\n${plain()}`, [['gemini-cli', 'files', 'project', 'direct', 'npx -y server']]],
  ['.qwen/settings.json', plain(), [['qwen-code', 'files', 'user', 'direct', 'npx -y server']]],
  [
    '.config/opencode/opencode.json',
    jsonc,
    [
      ['opencode', 'files', 'user', 'direct', 'npx -y server'],
      ['opencode', 'far', 'user', 'remote', 'https://example.com/mcp'],
    ],
  ],
  [
    'project/opencode.jsonc',
    jsonc.replaceAll('\n', '\r\n'),
    [
      ['opencode', 'files', 'project', 'direct', 'npx -y server'],
      ['opencode', 'far', 'project', 'remote', 'https://example.com/mcp'],
    ],
  ],
  ['project/.vscode/mcp.json', servers, [['vscode', 'files', 'project', 'direct', 'npx ${workspaceFolder}']]],
  ['.copilot/mcp-config.json', plain({ tools: ['*'] }), [['copilot-cli', 'files', 'user', 'direct', 'npx -y server']]],
  ['.cursor/mcp.json', plain(), [['cursor', 'files', 'user', 'direct', 'npx -y server']]],
  ['project/.cursor/mcp.json', plain(), [['cursor', 'files', 'project', 'direct', 'npx -y server']]],
  ['.cline/data/settings/cline_mcp_settings.json', plain({ timeout: 90 }), [['cline', 'files', 'user', 'direct', 'npx -y server']]],
  ['.codeium/windsurf/mcp_config.json', plain(), [['windsurf', 'files', 'user', 'direct', 'npx -y server']]],
  ['.kiro/settings/mcp.json', `\uFEFF${plain()}`, [['kiro', 'files', 'user', 'direct', 'npx -y server']]],
  ['project/.mcp.json', plain(), [['claude-code', 'files', 'project', 'direct', 'npx -y server']]],
];

test('every agent whose servers we find has a file here', () => {
  expect(new Set(cases.flatMap(([, , rows]) => rows.map(([agent]) => agent)))).toEqual(new Set(serverClients.map(({ agent }) => agent)));
});

test.each(cases)('%s: its servers are found, put behind the gateway, and put back to the byte', async (file, text, rows) => {
  using lab = makeLab();
  lab.put(file, text);
  expect(found(lab)).toEqual(rows);
  wrap(lab);
  expect(found(lab)).toEqual(rows.map(([agent, name, scope, , command]) => [agent, name, scope, 'gateway', command]));
  const wrapped = lab.read(file);
  wrap(lab);
  expect(lab.read(file)).toBe(wrapped);
  await unwrap(lab);
  expect(lab.read(file)).toBe(text);
});

test('what stands around a wrapped entry of TOML stays, and Codex waits longer than five minutes for a person', () => {
  using lab = makeLab();
  lab.put('.codex/config.toml', toml);
  wrap(lab);
  const gateway = join(lab.home.agents, 'mcp-gateway');
  expect(lab.read('.codex/config.toml')).toBe(
    toml
      .replace(`'npx'`, `${JSON.stringify(gateway)}\ntool_timeout_sec = 1800`)
      .replace(
        'url = "https://example.com/mcp"',
        `command = ${JSON.stringify(gateway)}\ntool_timeout_sec = 1800\nargs = ["--name", "far away", "--agent", "codex", "--patience", "1800", "--", "https://example.com/mcp"]`,
      )
      .replace(/\[\n[^\]]*\]/, '["--name", "files", "--agent", "codex", "--patience", "1800", "--", "npx", "-y", "server-filesystem"]')
      .replace(
        '"memory-server"',
        `${JSON.stringify(gateway)}\ntool_timeout_sec = 1800\nargs = ["--name", "memory", "--agent", "codex", "--patience", "1800", "--", "memory-server"]`,
      ),
  );
});

test('what a client is told to wait stays, and the gateway knows it', () => {
  using lab = makeLab();
  lab.put('project/.codex/config.toml', inline);
  lab.put('.gemini/settings.json', plain({ timeout: 5000 }));
  wrap(lab);
  expect(lab.read('project/.codex/config.toml')).toContain(
    'args = ["--name", "short", "--agent", "codex", "--patience", "20", "--", "short"], tool_timeout_sec = 20 }',
  );
  expect(JSON.parse(lab.read('.gemini/settings.json')).mcpServers.files).toMatchObject({
    args: ['--name', 'files', '--agent', 'gemini-cli', '--patience', '5', '--', 'npx', '-y', 'server'],
    timeout: 5000,
  });
});

test('of an entry of TOML that was changed since only our part is taken out', async () => {
  using lab = makeLab();
  lab.put('.codex/config.toml', toml);
  wrap(lab);
  lab.put(
    '.codex/config.toml',
    lab.read('.codex/config.toml').replace('"server-filesystem"', '"server-filesystem", "/srv"').replace('A = "1"', 'A = "2"'),
  );
  await unwrap(lab);
  const text = lab.read('.codex/config.toml');
  expect(text).toContain('args = ["-y", "server-filesystem", "/srv"]');
  expect(text).toContain('A = "2"');
  expect(found(lab)[0]).toEqual(['codex', 'files', 'user', 'direct', 'npx -y server-filesystem /srv']);
});

test('an argument that is no text is one all the same', () => {
  using lab = makeLab();
  lab.put('.cursor/mcp.json', JSON.stringify({ mcpServers: { files: { command: 'npx', args: ['-p', 80] } } }));
  wrap(lab);
  expect(JSON.parse(lab.read('.cursor/mcp.json')).mcpServers.files.args.slice(-3)).toEqual(['npx', '-p', '80']);
});

test('a file that cannot be read is named, and the others are read all the same', () => {
  using lab = makeLab();
  lab.put('.codex/config.toml', '[mcp_servers.a\ncommand = "x"');
  lab.put('.cursor/mcp.json', plain());
  const { servers: all, unread } = findServers(lab.surroundings);
  expect([all.map(({ agent }) => agent), unread]).toEqual([['cursor'], [join(dirname(lab.home.root), '.codex', 'config.toml')]]);
});

test('a file that changed between the question and the answer is left alone', () => {
  using lab = makeLab();
  lab.put('.cursor/mcp.json', plain());
  const plan = wrapPlan(findServers(lab.surroundings).servers, lab.program);
  lab.put('.cursor/mcp.json', plain({ env: {} }));
  expect(() => applyWrap(lab.program, plan)).toThrow(/changed meanwhile/);
  expect(lab.read('.cursor/mcp.json')).toBe(plain({ env: {} }));
});

test('the program that clients start is private, and names what it starts', () => {
  using lab = makeLab();
  lab.put('.cursor/mcp.json', plain());
  wrap(lab);
  const file = join(lab.home.agents, 'mcp-gateway');
  expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([0o700, expect.stringContaining(`/opt/mcp-gateway.mjs "$@"`)]);
});

test('what it starts is put right where that is gone, and left alone where nobody wrapped anything', async () => {
  using lab = makeLab();
  const file = join(lab.home.agents, 'mcp-gateway');
  renewGatewayLauncher({ ...lab.program, script: import.meta.filename });
  expect(existsSync(file)).toBe(false);
  lab.put('.cursor/mcp.json', plain());
  wrap(lab);
  renewGatewayLauncher({ ...lab.program, script: import.meta.filename });
  expect(readFileSync(file, 'utf8')).toContain(import.meta.filename);
  renewGatewayLauncher({ ...lab.program, script: '/opt/other.mjs' });
  expect(readFileSync(file, 'utf8')).not.toContain('/opt/other.mjs');
  await unwrap(lab);
  expect(existsSync(file)).toBe(false);
});

test('all files of the table are among those to watch', () => {
  using lab = makeLab();
  const root = dirname(lab.home.root);
  expect(serverFiles(lab.surroundings)).toEqual(expect.arrayContaining(cases.map(([file]) => join(root, file))));
});
