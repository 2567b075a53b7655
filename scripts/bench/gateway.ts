import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { installed } from '../../test/lab/install.ts';
import { measureLatency } from '../../test/lab/claude/latency.ts';
import { McpClient } from '../../test/lab/mcp/client.ts';
import { scratchHome, startBuiltGovernor, stopGovernor } from './scratch-home.ts';

const root = join(import.meta.dirname, '..', '..');
const gateway = join(root, 'dist', 'mcp-gateway.mjs');
const bareProxy = join(import.meta.dirname, 'programs', 'bare-proxy.mjs');
const rounds = 150;
const megabyte = 1_000_000;

/** What the gateway costs a call of a real server, interleaved with the same call through a proxy that reads nothing. */
export async function measureGateway(): Promise<readonly Figure[]> {
  const programs = installed('mcp');
  if (programs === undefined) return [];
  const server = join(programs, 'mcp-server-filesystem');
  using scratch = scratchHome('ordinary');
  const reached = await startBuiltGovernor(scratch.home);
  const folder = join(scratch.home.root, '..', 'mcp-files');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'small.txt'), 'a few words');
  writeFileSync(join(folder, 'large.txt'), 'a line of "quoted" text\n'.repeat(megabyte / 24));
  const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: scratch.home.root, COUNTERSIGN_HOME: scratch.home.root } };
  await using bare = new McpClient([process.execPath, bareProxy, server, folder], options);
  await using ours = new McpClient([process.execPath, gateway, '--name', 'files', '--', server, folder], options);
  const figures: Figure[] = [];
  for (const client of [bare, ours]) await client.initialize();
  for (const [size, file, count] of [
    ['a few words', 'small.txt', rounds],
    ['1 MB', 'large.txt', rounds / 3],
  ] as const) {
    const [proxy, through] = await interleaved([bare, ours], join(folder, file), count);
    figures.push(
      { what: `MCP call of server-filesystem through a bare proxy, ${size}, ${count} calls: median`, value: proxy, unit: 'ms' },
      { what: `the same through the gateway, ${size}: median more`, value: through - proxy, unit: 'ms', limit: 5 },
      { what: `the same through the gateway, ${size}: times the bare proxy`, value: through / proxy, unit: '×', ...limitOf(file) },
    );
  }
  const { proxied, gated } = await measureLatency({
    rounds: 60,
    contenders: { proxied: {}, gated: {} },
    behind: { proxied: [process.execPath, bareProxy], gated: [process.execPath, gateway, '--name', 'lab', '--'] },
    env: { COUNTERSIGN_HOME: scratch.home.root },
  });
  await stopGovernor(reached);
  if (!proxied || !gated) throw new Error('The measured session lacks a contender.');
  return [
    ...figures,
    { what: 'MCP call in the real client through a bare proxy, 60 calls: median', value: proxied.median, unit: 'ms' },
    { what: 'the same through the gateway: times the bare proxy', value: gated.median / proxied.median, unit: '×', limit: 1.3 },
  ];
}

/** A call of a few words is over before anything could be decided: what it takes is in milliseconds, and in the real client. */
function limitOf(file: string): { readonly limit?: number } {
  return file === 'large.txt' ? { limit: 1.3 } : {};
}

/** Medians, in the order of the clients. */
async function interleaved(clients: readonly [McpClient, McpClient], path: string, count: number): Promise<readonly [number, number]> {
  const spent: [number[], number[]] = [[], []];
  for (let round = -count / 5; round < count; round += 1) {
    for (const at of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const start = performance.now();
      await clients[at].ask('tools/call', { name: 'read_text_file', arguments: { path } });
      if (round >= 0) spent[at].push(performance.now() - start);
    }
  }
  return [median(spent[0]), median(spent[1])];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
