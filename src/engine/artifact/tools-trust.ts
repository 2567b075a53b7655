import { modeOf, type PolicySet } from '../policy/policy-set.ts';
import type { ArtifactEntry, EntrySource, ToolsTrust } from './document.ts';

const strictness: Record<ToolsTrust, number> = { any: 0, reviewed: 1, pinned: 2 };

/** What policies hold of a server. */
export interface Pinning {
  readonly tools: ToolsTrust;
  /** What it may start as, in words: version or digest, as policies have it. Empty: no policy names the server. */
  readonly sources: readonly string[];
}

/** What becomes of a server's changed tools: the strictest that policies say of it. Where none says anything, they are reviewed. */
export function toolsTrust(set: PolicySet, server: string): ToolsTrust {
  return strictest(saidOf(set, server).map(({ tools }) => tools));
}

/** The same over several sets, such as those of several folders. */
export function pinningOf(sets: readonly PolicySet[], server: string): Pinning {
  const said = sets.flatMap((set) => saidOf(set, server));
  return {
    tools: strictest(sets.map((set) => toolsTrust(set, server))),
    sources: [...new Set(said.map(({ source }) => pinInWords(source)))],
  };
}

function strictest(said: readonly ToolsTrust[]): ToolsTrust {
  return said.toSorted((a, b) => strictness[b] - strictness[a])[0] ?? 'reviewed';
}

function saidOf({ files }: PolicySet, server: string): readonly Pick<ArtifactEntry, 'tools' | 'source'>[] {
  return files.flatMap((file) =>
    file.artifacts
      .filter((document) => modeOf(file, document) === 'enforce')
      .flatMap(({ servers }) => servers.filter(({ name }) => name === server))
      // What a workspace brings can make nobody freer before a person has accepted it.
      .map(({ tools, source }) => ({ source, tools: file.trusted || tools !== 'any' ? tools : 'reviewed' })),
  );
}

function pinInWords(source: EntrySource): string {
  switch (source.kind) {
    case 'npm':
      return [source.name, source.version, source.integrity ?? source.tree].filter(Boolean).join(' ');
    case 'image':
      return `${source.image}@${source.digest}`;
    case 'file':
      return `${source.path} sha256:${source.sha256}`;
    case 'url':
      return source.origin;
  }
}
