import { pinningOf, type Pinning } from '../../engine/artifact/tools-trust.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { differenceOf } from '../../engine/artifact/pins/review.ts';
import type { KnownItem, KnownServer, PinnedKind, Suspicion } from '../../engine/artifact/pins/known.ts';
import type { Office } from '../office.ts';
import type { LockedStart } from '../ports.ts';
import { outlooksOf, type OutlookView } from './outlooks.ts';

/** For whom servers are looked at. */
export interface ServersQuestion {
  /** Whose policies count; left out: those of the person alone. */
  readonly folders?: readonly string[];
  /** Servers to tell of even where no gateway has stood before them. */
  readonly names?: readonly string[];
}

/** A call of what a server has, without arguments, as that agent would make it there. */
export type CallOf = (by: { readonly agent: string; readonly cwd: string; readonly server: string }, item: KnownItem) => ToolCall;

/** An MCP server that a gateway has stood before, for people to see. All texts are the server's own: show them as text. */
export interface McpServerView {
  readonly name: string;
  /** Who was connected to it, the latest last. */
  readonly agents: readonly string[];
  readonly lastSeen: number;
  readonly pins: Pinning;
  /** What repositories hold it to, one file each. */
  readonly locks: readonly LockedStart[];
  /** Starts of it that a person approved, the latest first. */
  readonly starts: readonly { readonly what: string; readonly by: string; readonly at: number }[];
  readonly items: readonly McpItemView[];
  /** Newest first. */
  readonly lastCalls: readonly { readonly at: number; readonly tool: string; readonly action: string }[];
}

export interface McpItemView {
  readonly kind: PinnedKind;
  readonly name: string;
  /** `changed`: nobody has accepted what it is now; `refused`: a person has said no to it. */
  readonly state: 'accepted' | 'changed' | 'refused';
  readonly since: number;
  /** Who accepted or refused it; left out: it is as it was first seen. */
  readonly by?: string;
  /** What is different from what was accepted, in words. */
  readonly change: readonly string[];
  readonly suspicions: readonly Suspicion[];
  /** What policies say of every call of it, the strictest first. */
  readonly outlooks: readonly OutlookView[];
}

const lookedThrough = 500;
const mostCalls = 5;

export function serverViews(office: Office, { folders, names = [] }: ServersQuestion, callOf: CallOf): readonly McpServerView[] {
  const { ports } = office;
  const places = folders === undefined || folders.length === 0 ? [ports.surroundings.user().home] : folders;
  const sets = places.map((folder) => ports.policies.inForce(folder));
  const roots = [...new Set(places.map((folder) => ports.surroundings.workspace(folder).root))];
  const records = ports.audit.list({ limit: lookedThrough });
  const callsOf = (server: string): McpServerView['lastCalls'] =>
    records
      .filter(({ entry }) => entry.kind === 'decision' && entry.mcpServer === server)
      .slice(0, mostCalls)
      .map(({ entry }) => ({ at: entry.time, tool: entry.tool ?? entry.nativeTool ?? '', action: entry.action ?? '' }));
  const all = ports.pins?.all() ?? [];
  const others = names.filter((name) => !all.some(({ server }) => server === name));
  const unseen = others.map((server): KnownServer => ({ server, agents: [], lastSeen: 0, items: [] }));
  return [...all, ...unseen].map(({ server, agents, lastSeen, items }) => {
    const who = agents.flatMap((agent) => places.map((cwd) => ({ agent, cwd, server })));
    const outlooks = (item: KnownItem): readonly OutlookView[] =>
      item.kind === 'instructions'
        ? []
        : outlooksOf(
            office,
            who.map((by) => callOf(by, item)),
          );
    return {
      name: server,
      agents,
      lastSeen,
      pins: pinningOf(sets, server),
      locks: roots.flatMap((root) => ports.starts?.locked(root, server) ?? []),
      starts: startsOf(office, server),
      items: items.flatMap((item) => itemView(item, outlooks)),
      lastCalls: callsOf(server),
    };
  });
}

/** What cannot be read refuses starts, and says so then. */
function startsOf({ ports }: Office, server: string): McpServerView['starts'] {
  try {
    const approved = ports.starts?.approvedOf(server) ?? [];
    return approved
      .slice(-mostCalls)
      .map(({ what, by, at }) => ({ what, by, at }))
      .toReversed();
  } catch {
    return [];
  }
}

const states = { accepted: 'accepted', asked: 'changed', denied: 'refused' } as const;

function itemView(item: KnownItem, outlooks: (item: KnownItem) => readonly OutlookView[]): readonly McpItemView[] {
  const version = item.versions.find(({ digest }) => digest === item.current);
  if (version === undefined) return [];
  const { kind, name } = item;
  const { state, since, by, suspicions } = version;
  const change = state === 'accepted' ? [] : differenceOf(item, version);
  return [{ kind, name, state: states[state], since, ...(by === undefined ? {} : { by }), change, suspicions, outlooks: outlooks(item) }];
}
