import { compileGlob } from './glob.ts';
import type { PartialName, PathCandidate, PathPattern, PathPatterns, PathVariables } from './path-pattern.ts';

// The same in small letters, for disks that do not tell them from capitals. Each is made once: hundreds of rules ask.

const patterns = new WeakMap<PathPatterns, PathPatterns>();
const candidates = new WeakMap<readonly PathCandidate[], readonly PathCandidate[]>();
const variables = new WeakMap<PathVariables, PathVariables>();

export function foldedPatterns(of: PathPatterns): PathPatterns {
  return known(patterns, of, () => of.map(foldedPattern));
}

export function foldedCandidates(of: readonly PathCandidate[]): readonly PathCandidate[] {
  return known(candidates, of, () =>
    of.map(({ path, names, ...rest }) => ({
      ...rest,
      path: path.toLowerCase(),
      ...(names === undefined ? {} : { names: names.map((name): PartialName => name.map((part) => part?.toLowerCase())) }),
    })),
  );
}

export function foldedVariables(of: PathVariables): PathVariables {
  return known(variables, of, () => ({
    home: of.home.toLowerCase(),
    workspace: of.workspace.toLowerCase(),
    countersignHome: of.countersignHome.toLowerCase(),
  }));
}

function foldedPattern({ segments, ...rest }: PathPattern): PathPattern {
  return {
    ...rest,
    segments: segments.map((segment) => {
      if (segment.kind === 'globstar') return segment;
      const text = segment.text.toLowerCase();
      return { ...segment, text, glob: compileGlob(text) };
    }),
  };
}

function known<K extends object, V>(made: WeakMap<K, V>, key: K, make: () => V): V {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}
