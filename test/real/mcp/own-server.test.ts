import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { startPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { installed } from '../../lab/install.ts';
import { govern, lastWord } from '../claude/governed.ts';
import { endProcessesOf } from '../claude/processes.ts';

const cli = join(import.meta.dirname, '../../../dist/cli.mjs');
const programs = installed('mcp');
const servers = { countersign: { command: process.execPath, args: [cli, 'mcp', 'serve'] } };
const own = (name: string, input: Readonly<Record<string, unknown>> = {}) => ({ name: `mcp__countersign__${name}`, input });

/** What is used of the official SDK. */
interface Sdk {
  readonly Client: new (info: object) => {
    readonly connect: (transport: unknown) => Promise<void>;
    readonly listTools: () => Promise<{ readonly tools: readonly { readonly name: string }[] }>;
    readonly callTool: (call: object) => Promise<unknown>;
    readonly close: () => Promise<void>;
  };
  readonly StdioClientTransport: new (options: object) => unknown;
}

async function sdk(): Promise<Sdk> {
  const client = join(dirname(programs ?? ''), '@modelcontextprotocol/sdk/dist/esm/client');
  return { ...(await import(join(client, 'index.js'))), ...(await import(join(client, 'stdio.js'))) };
}

test.skipIf(programs === undefined)('the official client lists our tools and calls one', async () => {
  const { Client, StdioClientTransport } = await sdk();
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, COUNTERSIGN_HOME: join(root, '.countersign') };
  const client = new Client({ name: 'official', version: '1' });
  try {
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp', 'serve'], env, cwd: root }));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['explain', 'status', 'request', 'search_log']);
    expect(await client.callTool({ name: 'explain', arguments: { call: '$ rm -rf /' } })).toMatchObject({
      content: [{ type: 'text', text: expect.stringMatching(/^(It is denied|A person is asked)/) }],
    });
    const behind = { command: 'countersign', args: ['mcp', 'run', '--name', 'here', '--', process.execPath, cli, 'mcp', 'serve'] };
    writeFileSync(join(root, '.mcp.json'), JSON.stringify({ mcpServers: { here: behind } }));
    expect(await client.callTool({ name: 'explain', arguments: { server: 'here' } })).toMatchObject({
      content: [
        { type: 'text', text: expect.stringContaining(`MCP server "here" (${process.execPath} ${cli} mcp serve):\nNo policy speaks`) },
      ],
    });
  } finally {
    await client.close();
    await endProcessesOf(root);
    rmSync(root, { recursive: true, force: true });
  }
});

test('Claude asks why it was refused, asks a person ahead, and makes the call that was approved', async () => {
  const ahead = (input: unknown) => ({ call: JSON.stringify({ tool: 'Bash', arguments: input }), reason: 'The release is due.' });
  await using lab = await govern((governed) => {
    const [wanted] = governed.mark('asked-ahead').turn.calls ?? [];
    return [
      governed.mark('denied').turn,
      { calls: [own('explain', { about: 'last' })] },
      // What it asks about is nothing that it touches.
      { calls: [own('explain', { call: JSON.stringify({ tool: 'Write', arguments: { file_path: '/etc/passwd', content: 'x' } }) })] },
      { calls: [own('request', ahead(wanted?.input))] },
      governed.mark('asked-between').turn,
      governed.mark('asked-ahead').turn,
      { calls: [own('search_log', { text: 'asked-between' })] },
      { calls: [own('status')] },
      { text: lastWord },
    ];
  });
  const { done } = startPrint(lab.scratch, {
    prompt: 'go',
    args: ['--mcp-config', JSON.stringify({ mcpServers: servers })],
  });
  const between = await lab.question(lab.mark('asked-between'));
  const asked = await until('the request', async () => (await lab.call('approvals', {})).find(({ requested }) => requested !== undefined));
  expect([asked.requested, asked.waiting, lab.mark('asked-ahead').runs()]).toEqual(['The release is due.', false, 0]);
  await lab.answer(asked.id, 'approved');
  await lab.answer(between.id, 'approved');
  await done;
  expect([lab.mark('asked-ahead').runs(), lab.mark('asked-between').runs()]).toEqual([1, 1]);
  const heard = lab.model.calls().filter(({ name }) => name.startsWith('mcp__countersign__'));
  expect(heard.map(({ isError }) => isError)).toEqual([false, false, false, false, false]);
  const said = [
    /It was denied: The policy of the lab says no/,
    /\/etc\/passwd|denied|asked|allowed/,
    /^Asked: approval a/,
    /asked-between/,
    /Session .* of claude-code/,
  ];
  said.forEach((pattern, at) => expect(heard[at]?.text).toMatch(pattern));
  expect(await lab.call('approvals', {})).toEqual([]);
});
