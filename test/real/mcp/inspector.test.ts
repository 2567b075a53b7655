import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { installed } from '../../lab/install.ts';
import { everythingOverHttp } from '../../lab/mcp/everything.ts';
import { endProcessesOf } from '../claude/processes.ts';

const cli = join(import.meta.dirname, '../../../dist/cli.mjs');
const gateway = join(import.meta.dirname, '../../../dist/mcp-gateway.mjs');
const programs = installed('mcp');
const inspector = installed('inspector');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
const files = join(root, 'files');
const env = { PATH: process.env['PATH'] ?? '', HOME: root, COUNTERSIGN_HOME: join(root, '.countersign') };
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  mcpServer: [filesystem, everything]
  rules:
    - {name: no-moving, tools: [move_file, get-env], action: deny, message: Nothing is moved or told here.}
    - {name: not-private, tools: [read_text_file], paths: {any: "**/private/**"}, action: deny, message: That is private.}
`;

beforeAll(() => {
  mkdirSync(join(files, 'private'), { recursive: true });
  writeFileSync(join(files, 'a.txt'), 'everybody reads this');
  writeFileSync(join(files, 'private', 'b.txt'), 'nobody reads this');
  writeFileSync(join(openHome(env).policies, 'lab.yaml'), policy);
});
afterAll(async () => {
  await endProcessesOf(root);
  rmSync(root, { recursive: true, force: true });
});

const servers = {
  filesystem: [join(programs ?? '', 'mcp-server-filesystem'), files],
  everything: [join(programs ?? '', 'mcp-server-everything')],
};

/** What the MCP Inspector's command line says of that server behind the gateway, on both its outputs. */
function inspect(name: keyof typeof servers, ...args: readonly string[]): Promise<string> {
  return run(inspector ?? '', '--cli', ...args, '--', process.execPath, gateway, '--name', name, '--', ...servers[name]);
}

function run(program: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { env, cwd: root }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

const read = (file: string): readonly string[] => ['--method', 'tools/call', '--tool-name', 'read_text_file', '--tool-arg', `path=${file}`];

test.skipIf(programs === undefined || inspector === undefined)(
  'over HTTP, at the address that the governor gives a remote server, it is shown and gets the same',
  async () => {
    await using server = await everythingOverHttp(programs ?? '', env);
    // Under the name that the policy knows.
    const address = /^http\S+/m.exec(await run(process.execPath, cli, 'mcp', 'remote', 'add', 'everything', server.url))?.[0] ?? '';
    const there = (...args: readonly string[]) => run(inspector ?? '', '--cli', address, '--transport', 'http', ...args);
    const call = (tool: string, ...args: readonly string[]) => there('--method', 'tools/call', '--tool-name', tool, ...args);
    const [list, echo, environment] = await Promise.all([
      there('--method', 'tools/list'),
      call('echo', '--tool-arg', 'message=over the wire'),
      call('get-env'),
    ]);
    expect([list.includes('"echo"'), list.includes('"get-env"')]).toEqual([true, false]);
    expect(echo).toContain('Echo: over the wire');
    expect(environment).toContain('not found on server');
  },
  60_000,
);

test.skipIf(programs === undefined || inspector === undefined)(
  'the MCP Inspector is shown, and gets, what the policies let through',
  async () => {
    const [list, other, fine, private_, moved] = await Promise.all([
      inspect('filesystem', '--method', 'tools/list'),
      inspect('everything', '--method', 'tools/list'),
      inspect('filesystem', ...read(join(files, 'a.txt'))),
      inspect('filesystem', ...read(join(files, 'private', 'b.txt'))),
      inspect(
        'filesystem',
        '--method',
        'tools/call',
        '--tool-name',
        'move_file',
        '--tool-arg',
        `source=${files}/a.txt`,
        `destination=${files}/c.txt`,
      ),
    ]);
    expect([list.includes('"read_text_file"'), list.includes('"move_file"')]).toEqual([true, false]);
    expect([other.includes('"echo"'), other.includes('"get-env"')]).toEqual([true, false]);
    expect(fine).toContain('everybody reads this');
    expect([private_.includes('That is private'), private_.includes('nobody reads')]).toEqual([true, false]);
    expect(moved).toContain('not found on server');
  },
  60_000,
);
