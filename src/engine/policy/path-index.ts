import { couldMatchGlob } from './glob.ts';
import { pathSegments, type PartialName, type PathCandidate, type PathPattern, type PathPatterns } from './path-pattern.ts';

/**
 * Whether one of the paths may be matched at all: of hundreds of patterns, nearly every path has the names of none. What this lets
 * through is for `matchesPath` to decide.
 */
export function mayMatch(patterns: PathPatterns, candidates: readonly PathCandidate[]): boolean {
  if (candidates.length === 0) return false;
  const index = indexes.get(patterns) ?? indexOf(patterns);
  indexes.set(patterns, index);
  if (index.always) return true;
  const { open, partial, keys } = keysOf(candidates);
  return open || keys.some((key) => index.keys.has(key)) || (partial.length > 0 && index.list.some((key) => meets(key, partial)));
}

/** Whether a name of which only pieces are known may turn out to have what a key stands for. */
function meets(key: string, partial: readonly PartialName[]): boolean {
  const text = key.slice(1);
  const glob = key.startsWith('/') ? text : key.startsWith('^') ? `${text}*` : `*.${text}`;
  return partial.some((name) => couldMatchGlob(glob, name));
}

interface Index {
  readonly keys: ReadonlySet<string>;
  readonly list: readonly string[];
  /** Whether some pattern has no name to look for. */
  readonly always: boolean;
}

const indexes = new WeakMap<PathPatterns, Index>();

function indexOf(patterns: PathPatterns): Index {
  const found = patterns.filter(({ negated }) => !negated).map(keyOf);
  const keys = new Set(found.filter((key) => key !== undefined));
  return { keys, list: [...keys], always: found.includes(undefined) };
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
  /** Names of which only pieces are known. */
  readonly partial: readonly PartialName[];
  /** Whether anything may follow some path: it may turn out to be everything below. */
  readonly open: boolean;
}

function keysOf(candidates: readonly PathCandidate[]): Keys {
  const found = known.get(candidates) ?? readKeys(candidates);
  known.set(candidates, found);
  return found;
}

function readKeys(candidates: readonly PathCandidate[]): Keys {
  const names = new Set(candidates.flatMap(pathSegments));
  const partial = candidates.flatMap(({ names: unknown = [] }) => unknown);
  return { keys: [...new Set([...names].flatMap(keysOfName))], partial, open: candidates.some(({ open }) => open === true) };
}

function keysOfName(name: string): readonly string[] {
  const dot = name.lastIndexOf('.');
  const keys = [`/${name}`, `^${name.slice(0, 3)}`];
  return dot < 0 ? keys : [...keys, `.${name.slice(dot + 1)}`];
}
