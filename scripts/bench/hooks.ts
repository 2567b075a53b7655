import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Figure } from '../bench.ts';
import { renderHooks, strictGateFile, type HookSettings } from '../../src/agents/claude-code/hooks-config.ts';
import { noObjection, startHookServer } from '../../test/lab/claude/hook-server.ts';
import { measureLatency, type Hooks } from '../../test/lab/claude/latency.ts';
import type { Home } from '../../src/storage/home.ts';
import { scratchHome, startBuiltGovernor, stopGovernor } from './scratch-home.ts';

const rounds = 80;

/** What our hooks cost a tool call inside the real client, interleaved with an unhooked tool in the same session. */
export async function measureHooks(): Promise<readonly Figure[]> {
  using scratch = scratchHome('ordinary');
  const reached = await startBuiltGovernor(scratch.home);
  await using bare = await startHookServer(noObjection);
  const settings = settingsFor(scratch.home, reached.status.port, scratch.hookToken);
  const ours = rendered(settings);
  const { plain, before, both, empty } = await measureLatency({
    rounds,
    servers: z.parse(serversFile, JSON.parse(strictGateFile(settings))).mcpServers,
    contenders: {
      plain: {},
      before: only(ours, 'PreToolUse'),
      both: only(ours, 'PreToolUse', 'PostToolUse'),
      empty: { PreToolUse: [{ type: 'http', url: bare.url, onFailure: 'block', timeout: 60 }] },
    },
  });
  await stopGovernor(reached);
  if (!plain || !before || !both || !empty) throw new Error('The measured session lacks a contender.');
  return [
    { what: `tool call in the real client without a hook, ${rounds} calls: median`, value: plain.median, unit: 'ms' },
    { what: 'our PreToolUse hooks (an ordinary policy): median more', value: before.median - plain.median, unit: 'ms', limit: 5 },
    { what: 'our PreToolUse hooks: times the unhooked call', value: before.median / plain.median, unit: '×', limit: 1.25 },
    { what: 'our Pre and Post hooks: times the unhooked call', value: both.median / plain.median, unit: '×', limit: 1.4 },
    { what: 'our PreToolUse hooks: times a bare HTTP hook that answers {}', value: before.median / empty.median, unit: '×' },
  ];
}

function settingsFor(home: Home, port: number, token: string): HookSettings {
  const script = join(import.meta.dirname, '..', '..', 'dist', 'hook.mjs');
  const environment = { HOME: home.root, COUNTERSIGN_HOME: home.root };
  return { port, token, command: { platform: 'unix', runtime: process.execPath, script, environment } };
}

/** Our hooks exactly as the installer writes them, but for their matcher. */
function rendered(settings: HookSettings): Hooks {
  const { hooks } = z.parse(hooksFile, renderHooks(settings));
  return Object.fromEntries(Object.entries(hooks).map(([event, matchers]) => [event, matchers.flatMap((matcher) => matcher.hooks)]));
}

const serversFile = z.object({ mcpServers: z.record(z.string(), z.unknown()) });
const hooksFile = z.object({ hooks: z.record(z.string(), z.array(z.object({ hooks: z.array(z.record(z.string(), z.unknown())) }))) });

function only(hooks: Hooks, ...events: readonly string[]): Hooks {
  return Object.fromEntries(events.map((event) => [event, hooks[event] ?? []]));
}
