import { pathSegments, type PathCandidate, type PathPattern, type PathPatterns } from './path-pattern.ts';

/**
 * Whether one of the paths may be matched at all: of hundreds of patterns, nearly every path has the names of none. What this lets
 * through is for `matchesPath` to decide.
 */
export function mayMatch(patterns: PathPatterns, candidates: readonly PathCandidate[]): boolean {
  if (candidates.length === 0) return false;
  const index = indexes.get(patterns) ?? indexOf(patterns);
  indexes.set(patterns, index);
  if (index.always) return true;
  const { partial, keys } = keysOf(candidates);
  return partial || keys.some((key) => index.keys.has(key));
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
const known = new WeakMap<readonly PathCandidate[], Keys>();

interface Keys {
  readonly keys: readonly string[];
  /** Whether some path is not wholly known: it may turn out to be anything. */
  readonly partial: boolean;
}

function keysOf(candidates: readonly PathCandidate[]): Keys {
  const found = known.get(candidates) ?? readKeys(candidates);
  known.set(candidates, found);
  return found;
}

function readKeys(candidates: readonly PathCandidate[]): Keys {
  const names = new Set(candidates.flatMap(pathSegments));
  const partial = candidates.some(({ names: unknown, open }) => unknown !== undefined || open === true);
  return { keys: [...new Set([...names].flatMap(keysOfName))], partial };
}

function keysOfName(name: string): readonly string[] {
  const dot = name.lastIndexOf('.');
  const keys = [`/${name}`, `^${name.slice(0, 3)}`];
  return dot < 0 ? keys : [...keys, `.${name.slice(dot + 1)}`];
}
