import { join } from 'node:path';
import { makeScratch, runPrint } from './client.ts';
import { startModel, type Ask, type MadeCall, type Script } from './model.ts';

/** The hooks of one contender, by event, as they stand in a settings file, but without a matcher. */
export type Hooks = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export interface LatencyOptions {
  /** Each name gets a tool that does nothing, with these hooks and no others. Names: lower-case letters and digits. */
  readonly contenders: Readonly<Record<string, Hooks>>;
  /** How often each is called and counted, after the warm-up. */
  readonly rounds: number;
  readonly warmUp?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What stands before the server of a contender: then it has one of its own, which is started with this command. */
  readonly behind?: Readonly<Record<string, readonly string[]>>;
  /** MCP servers that the contenders' hooks need, by name. */
  readonly servers?: Readonly<Record<string, unknown>>;
}

export interface Latency {
  /** Milliseconds from the tool call leaving the model to its result arriving there, in the order measured. */
  readonly ms: readonly number[];
  readonly median: number;
}

const server = join(import.meta.dirname, 'noop-server.mjs');

/**
 * Calls the tools of the contenders in turn. Each round begins with another one, so that none always
 * comes first, and all of them meet the same load and the same length of conversation.
 */
function roundRobin(contenders: readonly string[], rounds: number, toolOf: (name: string) => string): Script {
  const order = Array.from({ length: rounds }, (_, round) =>
    contenders.map((_name, place) => contenders[(place + round) % contenders.length] ?? ''),
  ).flat();
  return (ask) => {
    const name = order[ask.step];
    if (name === undefined) return {};
    assertOffered(ask, toolOf(name));
    return { calls: [{ name: toolOf(name), input: {} }] };
  };
}

/** Runs one real session, in which the contenders take turns. */
export async function measureLatency(options: LatencyOptions): Promise<Record<string, Latency>> {
  const names = Object.keys(options.contenders);
  const warmUp = options.warmUp ?? 3;
  const behind = options.behind ?? {};
  const toolOf = (name: string): string => noopTool(name, Object.hasOwn(behind, name));
  await using model = await startModel(roundRobin(names, warmUp + options.rounds, toolOf));
  using scratch = makeScratch(model.url);
  const run = await runPrint(scratch, {
    prompt: 'Measure.',
    env: options.env ?? {},
    settings: settingsOf(options.contenders, toolOf),
    args: [
      '--mcp-config',
      JSON.stringify({
        mcpServers: { ...options.servers, ...serversBehind(behind), lab: { command: process.execPath, args: [server, ...names] } },
      }),
      '--strict-mcp-config',
    ],
  });
  const failed = model.calls().find((call) => call.isError !== false);
  if (run.exitCode !== 0 || failed)
    throw new Error(
      `The measured session failed: exit code ${run.exitCode}, ${failed?.name ?? 'no call'}: ${failed?.text ?? ''} ${run.stderr}`,
    );
  return Object.fromEntries(
    names.map((name) => [
      name,
      latencyOf(
        model
          .calls()
          .filter((call) => call.name === toolOf(name))
          .slice(warmUp),
      ),
    ]),
  );
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

function latencyOf(calls: readonly MadeCall[]): Latency {
  const ms = calls.map((call) => (call.receivedAt ?? NaN) - call.sentAt);
  return { ms, median: median(ms) };
}

function settingsOf(contenders: LatencyOptions['contenders'], toolOf: (name: string) => string) {
  const hooks: Record<string, unknown[]> = {};
  for (const [name, byEvent] of Object.entries(contenders)) {
    for (const [event, entries] of Object.entries(byEvent)) (hooks[event] ??= []).push({ matcher: toolOf(name), hooks: entries });
  }
  return { hooks };
}

function assertOffered(ask: Ask, tool: string): void {
  if (!ask.tools.includes(tool)) throw new Error(`The client does not offer ${tool}: the lab's MCP server is not connected.`);
}

function serversBehind(behind: NonNullable<LatencyOptions['behind']>): Readonly<Record<string, unknown>> {
  const started = ([name, [command, ...args]]: readonly [string, readonly string[]]) => [
    `lab${name}`,
    { command, args: [...args, process.execPath, server, name] },
  ];
  return Object.fromEntries(Object.entries(behind).map(started));
}

/** A tool that does nothing, as the client names it. */
function noopTool(contender: string, isOwn: boolean): string {
  return `mcp__lab${isOwn ? contender : ''}__${contender}`;
}
