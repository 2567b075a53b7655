import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { McpServerView } from '../../governor/gateway/server-views.ts';
import type { SeenServer } from './mcp-rows.ts';

const mostCalls = 5;

/** What gateways have seen of servers, and what the newest entries of the log tell of them, also where no gateway stands. */
export function seenServers(views: readonly McpServerView[], records: readonly AuditRecord[]): readonly SeenServer[] {
  const logged = seenInActivity(records);
  const known = views.map((view): SeenServer => {
    const told = view.agents.length === 0 ? logged.find(({ name }) => name === view.name) : undefined;
    if (told === undefined) return view;
    const { pins, locks, starts } = view;
    return { ...told, pins, locks, starts };
  });
  return [...known, ...logged.filter(({ name }) => !views.some((view) => view.name === name))];
}

/** Newest first, as they come. */
function seenInActivity(records: readonly AuditRecord[]): readonly SeenServer[] {
  const about = records.filter(({ entry }) => entry.mcpServer !== undefined);
  return [...Map.groupBy(about, ({ entry }) => entry.mcpServer ?? '')].map(([name, of]) => ({
    name,
    agents: [...new Set(of.flatMap(({ entry }) => entry.agent ?? []))],
    lastSeen: of[0]?.entry.time ?? 0,
    items: [],
    lastCalls: of
      .filter(({ entry }) => entry.kind === 'decision')
      .slice(0, mostCalls)
      .map(({ entry }) => ({ at: entry.time, tool: entry.tool ?? '', action: entry.action ?? '' })),
  }));
}
