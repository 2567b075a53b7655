import { basename } from 'node:path';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { McpItemView, McpServerView } from '../../governor/gateway/server-views.ts';
import { mcpItems } from './contributions.ts';
import { heldRows, type Held } from './mcp-pin-rows.ts';
import { isWaiting, toolRow } from './mcp-tool-row.ts';
import { age, lineOf, plural } from './session-words.ts';
import type { TreeRow } from './tree-row.ts';

/** A server's entry in an agent's configuration. */
export interface McpEntry {
  readonly agent: string;
  readonly name: string;
  readonly file: string;
  readonly scope: string;
  readonly how: 'direct' | 'gateway' | 'remote';
  readonly command: readonly string[];
  /** Why the gateway cannot be put before it. */
  readonly obstacle?: string;
  /** Behind a gateway that is not ours, or no more. */
  readonly isOurs?: boolean;
  /** Its client is told not to start it. */
  readonly isOff?: boolean;
  /** The folder in which it was found. */
  readonly folder?: string;
}

/** What the governor has seen of a server. */
export interface SeenServer extends Held {
  readonly name: string;
  readonly agents: readonly string[];
  readonly lastSeen: number;
  readonly items: readonly McpItemView[];
  readonly lastCalls: McpServerView['lastCalls'];
}

/** A line of the MCP Servers view. What servers call themselves and their tools is their affair: what cannot be seen in it is spelt out. */
export interface McpRow extends TreeRow {
  readonly id: string;
  readonly children: readonly McpRow[];
  /** What a click opens. */
  readonly entry?: McpEntry;
  readonly item?: McpItemView & { readonly server: string };
}

/** The servers that agents are configured for here, and those that were seen: what needs a person first. */
export function mcpRows(entries: readonly McpEntry[], seen: readonly SeenServer[], now: number): readonly McpRow[] {
  const names = [...new Set([...entries, ...seen].map(({ name }) => name))].toSorted();
  const rows = names.map((name) =>
    serverRow(
      name,
      entries.filter((entry) => entry.name === name),
      seen.find((server) => server.name === name),
      now,
    ),
  );
  return [...rows.filter(({ tone }) => tone !== undefined), ...rows.filter(({ tone }) => tone === undefined)];
}

function serverRow(name: string, entries: readonly McpEntry[], seen: SeenServer | undefined, now: number): McpRow {
  const tools = seen?.items ?? [];
  const waiting = tools.filter(isWaiting);
  const look = lookAt(entries, waiting.length > 0);
  // What policies hold is held at the gateway: of a server that its client starts itself it would only look so.
  const isHeld = tools.length > 0 || entries.some(({ how, isOurs }) => how === 'gateway' && isOurs !== false);
  const held: Held = isHeld ? (seen ?? {}) : {};
  const { pins } = held;
  const calls = seen === undefined || seen.lastCalls.length === 0 ? [] : [callsRow(seen, now)];
  return {
    // The editor keeps a line closed that it has shown closed: what waits for a person is another line.
    id: `server:${waiting.length > 0 ? 'waits:' : ''}${name}`,
    label: visibleText(name),
    description: lineOf([
      entries.length === 0 ? 'seen, not configured here' : [...new Set(entries.map((entry) => standing(entry).say))].join(', '),
      tools.length === 0 ? '' : plural(tools.length, 'tool'),
      pins === undefined || pins.sources.length === 0 ? '' : `tools: ${pins.tools}`,
      waiting.length === 0 ? '' : `${waiting.length} for you to look at`,
    ]),
    tooltip:
      seen === undefined || seen.agents.length === 0
        ? 'No call of it has come through the gateway yet.'
        : `Used by ${visibleText(seen.agents.join(', '))}, last seen ${new Date(seen.lastSeen).toLocaleString()}.`,
    icon: look.icon,
    ...(look.tone === undefined ? {} : { tone: look.tone }),
    children: [
      ...entries.map(entryRow),
      ...heldRows(name, held, now),
      ...tools.map((tool) => toolRow(name, seen?.agents ?? [], tool)),
      ...calls,
    ],
    ...(waiting.length > 0 ? { isOpen: true as const } : {}),
  };
}

/** What needs a person shows. */
function lookAt(entries: readonly McpEntry[], isWaitedFor: boolean): Look {
  if (isWaitedFor) return lookOf.changed;
  const all = entries.map(standing);
  return all.find(({ tone }) => tone !== undefined) ?? all[0] ?? lookOf.seen;
}

interface Look {
  readonly say: string;
  readonly icon: string;
  readonly tone?: 'warning';
}

const lookOf = {
  gateway: { say: 'behind policies', icon: 'shield' },
  stranger: { say: 'behind a gateway that is not ours', icon: 'warning', tone: 'warning' },
  direct: { say: 'not behind policies', icon: 'warning', tone: 'warning' },
  remote: { say: 'not behind policies', icon: 'warning', tone: 'warning' },
  apart: { say: 'remote, cannot be behind policies', icon: 'globe' },
  changed: { say: '', icon: 'diff', tone: 'warning' },
  off: { say: 'switched off', icon: 'circle-slash' },
  own: { say: 'Countersign’s own', icon: 'verified' },
  seen: { say: '', icon: 'server' },
} as const satisfies Readonly<Record<string, Look>>;

function standing({ how, isOurs, isOff, command, obstacle }: McpEntry): Look {
  if (isOff === true) return lookOf.off;
  if (obstacle !== undefined) return lookOf.apart;
  if (how === 'direct' && command.slice(0, 3).join(' ') === 'countersign mcp serve') return lookOf.own;
  return how === 'gateway' && isOurs === false ? lookOf.stranger : lookOf[how];
}

function entryRow(entry: McpEntry): McpRow {
  const { agent, name, file, scope, how, command, obstacle } = entry;
  const { icon, say } = standing(entry);
  return {
    id: `entry:${name}:${agent}:${file}:${scope}`,
    label: visibleText(basename(file)),
    description: lineOf([agent, visibleText(command.join(' ')), scope]),
    tooltip: visibleText([file, `${agent}, ${scope}: ${say}`, obstacle, command.join(' ')].filter(Boolean).join('\n')),
    icon: icon === 'shield' ? 'gear' : icon,
    contextValue: {
      gateway: mcpItems.wrapped,
      direct: mcpItems.direct,
      remote: obstacle === undefined ? mcpItems.direct : mcpItems.remote,
    }[how],
    children: [],
    entry,
  };
}

const actions: Readonly<Record<string, string>> = {
  allow: 'allowed',
  abstain: 'no policy spoke',
  deny: 'denied',
  require_approval: 'asked about',
};

function callsRow({ name, lastCalls }: SeenServer, now: number): McpRow {
  const children = lastCalls.map(({ at, tool, action }, i) => ({
    id: `call:${name}:${i}`,
    label: visibleText(tool),
    description: lineOf([actions[action] ?? action, age(now - at)]),
    tooltip: new Date(at).toLocaleString(),
    icon: action === 'deny' ? 'circle-slash' : 'arrow-small-right',
    children: [],
  }));
  return {
    id: `calls:${name}`,
    label: 'Last calls',
    description: String(children.length),
    tooltip: 'The newest first',
    icon: 'history',
    children,
  };
}
