import type { CodeSplittingNameFunction } from 'rolldown';

type Graph = Parameters<CodeSplittingNameFunction>[1];

/** A hook is a process for each call: all that it needs on its usual way is in one file, whoever else needs it. */
const quick = 'quick hook';

/** What starts or loads a part of the programs, by its path below `src`. A path that is not named here has a kind of its own. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^hosts\/hook\/run-hook\.ts$/, quick],
  [/^hosts\/(cli\/hook|hook\/(run-gate|ask-governor))\.ts$/, 'hook'],
  [/^hosts\/mcp-gateway\/[\w-]+\.ts$/, 'gateway'],
  // What judges without the governor needs nearly all that the governor does.
  [/^hosts\/(serve\/(main|serve)|hook\/own-judgement)\.ts$/, 'serve'],
  [/^hosts\/extension\/\w+-desk\.ts$/, 'desk'],
  [/^(?!hosts\/)/, 'later'],
  // What only a window can load, because it needs `vscode`: no other program must find it in a file of its own.
  [/^hosts\/extension\/(?!main\.ts)/, 'window'],
];
/** What has to be there when nothing else can be loaded. */
const inEntry = /[\\/]agents[\\/]last-refusal\.ts$/;
/** Commands with the policy engine in them share their files. The others start faster, and stay apart so that they do. */
const engine = /[\\/]node_modules[\\/]@marcbachmann[\\/]cel-js[\\/]/;

/**
 * Puts modules into one file that the same kinds of programs need. A bundler left alone looks at each single command instead, which
 * makes a hundred tiny files: each costs its place in the archive, its imports, and what it could have been compressed with. No two
 * files need each other, because whatever needs a module needs that module's imports.
 */
export function chunkPlan(source: string, entries: readonly string[]): CodeSplittingNameFunction {
  let plan: ReadonlyMap<string, string> | undefined;
  return (id, graph) => {
    plan ??= planOf(graph, source, entries);
    return entries.includes(id) || inEntry.test(id) ? null : plan.get(id);
  };
}

function planOf(graph: Graph, source: string, entries: readonly string[]): ReadonlyMap<string, string> {
  const users = new Map<string, Set<string>>();
  // Grows while it is walked: each part names the parts that it loads later.
  const parts = new Set(entries);
  for (const part of parts) {
    const { needed, later } = reachOf(graph, part);
    for (const id of later) parts.add(id);
    const kind = kindOf(relative(source, part), needed);
    for (const id of needed) users.set(id, (users.get(id) ?? new Set<string>()).add(kind));
  }
  return new Map([...users].map(([id, kindsOfUsers]) => [id, kindsOfUsers.has(quick) ? quick : [...kindsOfUsers].toSorted().join('+')]));
}

function reachOf(graph: Graph, part: string): { readonly needed: ReadonlySet<string>; readonly later: readonly string[] } {
  const needed = new Set([part]);
  const later: string[] = [];
  for (const id of needed) {
    const info = graph.getModuleInfo(id);
    for (const imported of info?.importedIds ?? []) needed.add(imported);
    later.push(...(info?.dynamicallyImportedIds ?? []).filter((loaded) => graph.getModuleInfo(loaded) !== null));
  }
  return { needed, later };
}

function kindOf(path: string, needed: ReadonlySet<string>): string {
  const judges = path.startsWith('hosts/cli/') && [...needed].some((id) => engine.test(id));
  return judges ? 'judging command' : (kinds.find(([pattern]) => pattern.test(path))?.[1] ?? path);
}

function relative(source: string, file: string): string {
  return file.startsWith(source) ? file.slice(source.length + 1).replaceAll('\\', '/') : file;
}
