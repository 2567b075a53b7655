import { literal } from '../call-patterns.ts';
import type { RuleSource, TestCall } from '../schema.ts';
import type { Draft } from './draft.ts';
import { pathPatterns, type UsedPath } from './files.ts';
import type { SeenCall } from './seen-calls.ts';

/** So many tools of one server that begin with the same verb stand for all that do. */
const enough = 3;

/** Rules that allow what is not a command line: files by folders, pages by hosts, servers by tools, the rest by name. */
export function toolDrafts(ran: readonly SeenCall[], refused: readonly SeenCall[]): readonly Draft[] {
  const kinds = {
    servers: ran.filter(isOfServer),
    files: ran.filter(isAboutFiles),
    pages: ran.filter(isAboutHosts),
    others: ran.filter(isOther),
  };
  return [
    ...fileDrafts(
      'read-files',
      kinds.files.filter(({ call }) => !writes(call)),
      refused,
    ),
    ...fileDrafts(
      'write-files',
      kinds.files.filter(({ call }) => writes(call)),
      refused,
    ),
    ...pageDrafts(kinds.pages),
    ...serverDrafts(kinds.servers, refused),
    ...otherDrafts(kinds.others),
  ];
}

const isOfServer = ({ call }: SeenCall): boolean => call.mcpServer !== undefined;
const isAboutFiles = (seen: SeenCall): boolean => !isOfServer(seen) && pathsOf(seen.call).length > 0;
const isAboutHosts = (seen: SeenCall): boolean => !isOfServer(seen) && !isAboutFiles(seen) && (seen.call.domains ?? []).length > 0;
const isOther = (seen: SeenCall): boolean => !isOfServer(seen) && !isAboutFiles(seen) && !isAboutHosts(seen);

function pathsOf({ paths }: TestCall): readonly string[] {
  return [...(paths?.read ?? []), ...(paths?.write ?? [])];
}

function writes({ paths }: TestCall): boolean {
  return (paths?.write ?? []).length > 0;
}

/** The name by which a rule means a tool: ours, or the agent's where we have none for it. */
function toolName({ tool, nativeTool }: TestCall): string {
  return literal(tool === undefined || tool === 'other' ? (nativeTool ?? '') : tool);
}

function fileDrafts(name: string, ran: readonly SeenCall[], refused: readonly SeenCall[]): readonly Draft[] {
  if (ran.length === 0) return [];
  const side = (which: 'read' | 'write'): ReadonlyMap<string, number> =>
    pathPatterns(
      ran.flatMap((seen) => usedPaths(seen, which)),
      refused.flatMap((seen) => usedPaths(seen, which)),
    );
  const [read, write] = [side('read'), side('write')];
  const tools = new Set(ran.map(({ call }) => toolName(call)));
  const paths = {
    ...(read.size === 0 ? {} : { read: [...read.keys()].sort() }),
    ...(write.size === 0 ? {} : { write: [...write.keys()].sort() }),
  };
  return [{ rule: { name, tools: [...tools].sort(), paths, action: 'allow' }, uses: new Map([...read, ...write]) }];
}

function usedPaths({ call, ran }: SeenCall, which: 'read' | 'write'): readonly UsedPath[] {
  const { paths, workspace, user } = call;
  return (paths?.[which] ?? []).map((path) => ({ path, times: ran, workspace: workspace?.root ?? '/', home: user?.home ?? '/' }));
}

function pageDrafts(ran: readonly SeenCall[]): readonly Draft[] {
  const uses = new Map<string, number>();
  for (const { call, ran: times } of ran) for (const host of call.domains ?? []) add(uses, host, times);
  if (uses.size === 0) return [];
  const hosts = sites(uses);
  const tools = new Set(ran.map(({ call }) => toolName(call)));
  return [{ rule: { name: 'web-pages', tools: [...tools].sort(), domains: [...hosts.keys()].sort(), action: 'allow' }, uses: hosts }];
}

/** `*.example.com` for several hosts below `example.com`, where that itself was visited: nobody visits what is shared by strangers (`co.uk`). */
function sites(uses: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (const [host, times] of uses) {
    const parent = [...uses.keys()].find(
      (one) => host.endsWith(`.${one}`) && [...uses.keys()].filter((other) => other.endsWith(`.${one}`)).length > 1,
    );
    add(result, parent === undefined ? literal(host) : `*.${literal(parent)}`, times);
  }
  return result;
}

function serverDrafts(ran: readonly SeenCall[], refused: readonly SeenCall[]): readonly Draft[] {
  const servers = Map.groupBy(ran, ({ call }) => call.mcpServer ?? '');
  return [...servers].map(([server, calls]) => {
    const uses = new Map<string, number>();
    for (const { call, ran: times } of calls) add(uses, call.tool ?? '', times);
    const taboo = refused.filter(({ call }) => call.mcpServer === server).map(({ call }) => call.tool ?? '');
    const named = new Map([...verbs(uses, taboo)].map(([tool, times]) => [`${literal(server)}/${tool}`, times]));
    return { rule: { name: `server ${server}`, tools: [...named.keys()].sort(), action: 'allow' }, uses: named };
  });
}

/** `list_*` for three tools that begin so; only for words that read. */
function verbs(uses: ReadonlyMap<string, number>, taboo: readonly string[]): ReadonlyMap<string, number> {
  const stems = Map.groupBy(uses.keys(), (tool) => /^(?:get|list|read|search|find|describe|show)(?:_|-)/.exec(tool)?.[0] ?? '');
  const result = new Map<string, number>();
  for (const [tool, times] of uses) {
    const stem = [...stems].find(([, tools]) => tools.includes(tool))?.[0] ?? '';
    const together = stem !== '' && (stems.get(stem)?.length ?? 0) >= enough && !taboo.some((one) => one.startsWith(stem));
    add(result, together ? `${literal(stem)}*` : literal(tool), times);
  }
  return result;
}

function otherDrafts(ran: readonly SeenCall[]): readonly Draft[] {
  const uses = new Map<string, number>();
  for (const { call, ran: times } of ran) add(uses, toolName(call), times);
  if (uses.size === 0) return [];
  const rule: RuleSource = { name: 'other-tools', tools: [...uses.keys()].sort(), action: 'allow' };
  return [{ rule, uses }];
}

function add(uses: Map<string, number>, key: string, times: number): void {
  uses.set(key, (uses.get(key) ?? 0) + times);
}
