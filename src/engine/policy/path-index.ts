import { pathSegments, type PathCandidate, type PathPattern, type PathPatterns } from './path-pattern.ts';

/**
 * Whether a path that is wholly known may be matched at all: of hundreds of patterns, nearly every path has the names of none. What
 * this lets through is for `matchesPath` to decide.
 */
export function mayMatch(patterns: PathPatterns, candidate: PathCandidate): boolean {
  if (candidate.names !== undefined || candidate.open === true) return true;
  const index = indexes.get(patterns) ?? indexOf(patterns);
  indexes.set(patterns, index);
  return index.always || keysOf(candidate).some((key) => index.keys.has(key));
}

interface Index {
  readonly keys: ReadonlySet<string>;
  /** Whether some pattern has no name to look for. */
  readonly always: boolean;
}

const indexes = new WeakMap<PathPatterns, Index>();

function indexOf(patterns: PathPatterns): Index {
  const keys = patterns.filter(({ negated }) => !negated).map(keyOf);
  return { keys: new Set(keys.filter((key) => key !== undefined)), always: keys.includes(undefined) };
}

/** A name that every match has in it, the last one being the rarest; or the beginning or the ending of one. */
function keyOf({ segments }: PathPattern): string | undefined {
  const names = segments.flatMap((segment) => (segment.kind === 'name' ? [segment.text] : []));
  const literal = names.findLast((name) => /^[^*?[\]{}\\]+$/.test(name));
  if (literal !== undefined) return `/${literal}`;
  const beginning = names.map((name) => /^[^*?[\]{}\\]{3}/.exec(name)?.[0]).find((found) => found !== undefined);
  if (beginning !== undefined) return `^${beginning}`;
  const ending = names.map((name) => /\.([A-Za-z0-9]+)$/.exec(name)?.[1]).find((found) => found !== undefined);
  return ending === undefined ? undefined : `.${ending}`;
}

/** Asked for every rule: worked out once. */
const known = new WeakMap<PathCandidate, readonly string[]>();

function keysOf(candidate: PathCandidate): readonly string[] {
  const found = known.get(candidate) ?? pathSegments(candidate).flatMap(keysOfName);
  known.set(candidate, found);
  return found;
}

function keysOfName(name: string): readonly string[] {
  const dot = name.lastIndexOf('.');
  const keys = [`/${name}`, `^${name.slice(0, 3)}`];
  return dot < 0 ? keys : [...keys, `.${name.slice(dot + 1)}`];
}
