import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { installed } from '../../lab/install.ts';
import { McpClient } from '../../lab/mcp/client.ts';
import { everythingOverHttp } from '../../lab/mcp/everything.ts';
import { makeScratch, startPrint } from '../../lab/claude/client.ts';
import { startModel } from '../../lab/claude/model.ts';
import { HttpMcpServer, json, said } from '../../hosts/mcp-gateway/http-mcp-server.ts';
import { Governed } from '../claude/governed.ts';
import { endProcessesOf } from '../claude/processes.ts';

const gateway = join(import.meta.dirname, '../../../dist/mcp-gateway.mjs');
const programs = installed('mcp');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
const env = { PATH: process.env['PATH'] ?? '', HOME: root, COUNTERSIGN_HOME: join(root, '.countersign') };
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  mcpServer: everything
  rules:
    - {name: no-environment, tools: [get-env], action: deny, message: The environment stays here.}
`;

beforeAll(() => writeFileSync(join(openHome(env).policies, 'lab.yaml'), policy));
afterAll(async () => {
  await endProcessesOf(root);
  rmSync(root, { recursive: true, force: true });
});

test.skipIf(programs === undefined)(
  'the real server over HTTP: its tools but the denied one, its answers and progress as they are; a denied call never runs',
  { timeout: 60_000 },
  async () => {
    await using server = await everythingOverHttp(programs ?? '', env);
    await using client = new McpClient([process.execPath, gateway, '--name', 'everything', '--', server.url], { cwd: root, env });
    expect(JSON.stringify(await client.initialize())).toContain('2025-11-25');
    const tools = await client.ask('tools/list');
    expect(tools).toContain('"echo"');
    expect(tools).not.toContain('"get-env"');
    const call = (name: string, args: Readonly<Record<string, unknown>>) => client.ask('tools/call', { name, arguments: args });
    expect(await call('echo', { message: 'over the wire' })).toContain('Echo: over the wire');
    expect(await call('get-env', {})).toContain('The environment stays here.');
    const many = await Promise.all(Array.from({ length: 50 }, (_, index) => call('echo', { message: `call ${index}.` })));
    expect(many.map((line, index) => line.includes(`Echo: call ${index}.`))).toEqual(many.map(() => true));
    expect(await call('trigger-long-running-operation', { duration: 1, steps: 2 })).toContain('completed');
    expect(await client.ask('resources/list')).toContain('"resources"');
  },
);

const toolOf = (name: string) => ({ name, description: 'Does nothing.', inputSchema: { type: 'object', properties: {} } });

const farPolicy = `
kind: ToolPolicy
metadata: {name: far}
spec:
  mcpServer: far
  rules:
    - {name: forbidden, tools: [forbidden], action: deny, message: Nobody does that.}
    - {name: no-nine, tools: [paged], action: deny, message: Page nine is private., conditions: [{cel: request.arguments.page == 9}]}
`;

test('Claude Code with a remote server that was wrapped: only what is allowed is offered, and reaches it, with its header', async () => {
  await using server = new HttpMcpServer({
    initialize: (response, id) =>
      json(response, id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'far', version: '1' } }),
    'server/discover': (response) => response.writeHead(404).end(),
    'tools/list': (response, id) => json(response, id, { tools: ['look', 'paged', 'forbidden'].map(toolOf) }),
    look: (response, id) => json(response, id, said('seen from afar')),
  });
  const url = await server.listen();
  const call = (name: string, input: Readonly<Record<string, unknown>> = {}) => ({ name: `mcp__far__${name}`, input });
  const model = await startModel([
    // It does not wait for servers otherwise.
    { calls: [{ name: 'WaitForMcpServers', input: {} }] },
    { calls: [call('look')] },
    { calls: [call('paged', { page: 9 })] },
    { text: 'That was it.' },
  ]);
  // Without hooks, so that it is the gateway that says no.
  await using lab = new Governed(model, makeScratch(model.url));
  lab.writePolicy(farPolicy);
  const file = join(lab.scratch.project, '.mcp.json');
  const before = `{ "mcpServers": {"far": {"type": "http", "url": "${url}",  "headers": {"Authorization": "Bearer \${FAR_TOKEN:-none}", "X-Team": "\${TEAM:-a}"}}} }`;
  writeFileSync(file, before);
  await lab.succeeds('mcp', 'wrap', '--yes');
  await startPrint(lab.scratch, { prompt: 'go', env: { FAR_TOKEN: 't0k3n' } }).done;
  const offered = lab.model.asks.at(-1)?.tools.filter((name) => name.startsWith('mcp__far__'));
  expect(offered?.toSorted()).toEqual(['mcp__far__look', 'mcp__far__paged']);
  const [, look, paged] = lab.model.calls();
  expect([look?.text, paged?.text]).toEqual(['seen from afar', expect.stringContaining('Page nine is private')]);
  expect(server.calls().map(({ headers }) => [headers.authorization, headers['x-team']])).toEqual([['Bearer t0k3n', 'a']]);
  await lab.succeeds('mcp', 'unwrap', '--yes');
  expect(readFileSync(file, 'utf8')).toBe(before);
});
