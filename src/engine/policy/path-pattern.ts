import { BadGlob, compileGlob, couldMatchGlob, expandBraces, type Glob } from './glob.ts';
import { didYouMean } from './nearest.ts';

/** What `~` and the variables in path patterns stand for. Absolute paths with forward slashes. */
export interface PathVariables {
  readonly home: string;
  readonly workspace: string;
  readonly countersignHome: string;
}

/** A path, or the part of one that is known: `names` follow below it, of which only pieces are known. */
export interface PathCandidate {
  readonly path: string;
  readonly names?: readonly PartialName[];
  /** Whether anything may follow after that, deeper directories included. */
  readonly open?: boolean;
}

/** A name in pieces; `undefined` is an unknown one. */
export type PartialName = readonly (string | undefined)[];

type Segment = { readonly kind: 'globstar' } | { readonly kind: 'name'; readonly text: string; readonly glob: Glob };

export interface PathPattern {
  readonly negated: boolean;
  readonly root: keyof PathVariables | undefined;
  readonly segments: readonly Segment[];
}

export type PathPatterns = readonly PathPattern[];

const variableNames: readonly (keyof PathVariables)[] = ['home', 'workspace', 'countersignHome'];

/** Gitignore-style: the last pattern that matches counts. Throws `BadGlob` with what is wrong. */
export function compilePathPatterns(sources: readonly string[]): PathPatterns {
  const patterns = sources.flatMap(compileOne);
  // "!${workspace}" alone means everything else; read as gitignore would, it would match nothing at all.
  const everything: PathPattern = { negated: false, root: undefined, segments: [{ kind: 'globstar' }] };
  return patterns[0]?.negated === true ? [everything, ...patterns] : patterns;
}

/** Whether the path, or with `possible` something that it may turn out to be, is matched. */
export function matchesPath(
  patterns: PathPatterns,
  candidate: PathCandidate,
  variables: PathVariables,
  certainty: 'possible' | 'certain',
): boolean {
  let matched = false;
  const segments = pathSegments(candidate);
  for (const pattern of patterns) {
    if (matched !== pattern.negated) continue;
    const found = run(pattern, segments, candidate, variables);
    // What may be matched counts for a pattern that serves the question's caution, and not for one that lifts it.
    if (
      found === 'match' ||
      (found === 'maybe' && certainty === 'possible' && !pattern.negated) ||
      (found === 'maybe' && certainty === 'certain' && pattern.negated)
    )
      matched = !pattern.negated;
  }
  return matched;
}

/** Absolute and without `.` and `..`; drive letters and backslashes become what patterns are written with. */
export function normalizePath(path: string): string {
  if (path.startsWith('/') && !/\/(?:\.{0,2}(?:\/|$))/.test(path)) return path;
  const slashed = /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? path.replaceAll('\\', '/') : path;
  return `${slashed.startsWith('/') ? '/' : ''}${split(slashed).join('/')}`;
}

/** A call's few paths are held against hundreds of patterns: each is split once. */
const candidateSegments = new WeakMap<PathCandidate, readonly string[]>();
const variableSegments = new WeakMap<PathVariables, Readonly<Record<keyof PathVariables, readonly string[]>>>();

export function pathSegments(candidate: PathCandidate): readonly string[] {
  const known = candidateSegments.get(candidate) ?? split(candidate.path);
  candidateSegments.set(candidate, known);
  return known;
}

function rootsOf(variables: PathVariables): Readonly<Record<keyof PathVariables, readonly string[]>> {
  const { home, workspace, countersignHome } = variables;
  const known = variableSegments.get(variables) ?? {
    home: split(home),
    workspace: split(workspace),
    countersignHome: split(countersignHome),
  };
  variableSegments.set(variables, known);
  return known;
}

function split(path: string): readonly string[] {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments;
}

function compileOne(source: string): readonly PathPattern[] {
  const negated = source.startsWith('!');
  return expandBraces(negated ? source.slice(1) : source).map((text) => ({
    negated,
    ...compileText(text.startsWith('\\!') ? text.slice(1) : text, source),
  }));
}

function compileText(text: string, source: string): Omit<PathPattern, 'negated'> {
  const variable = /^\$\{(\w+)\}(?=\/|$)/.exec(text);
  if (variable !== null) return { root: variableNamed(variable[1] ?? '', source), segments: toSegments(text.slice(variable[0].length)) };
  if (text.includes('${')) throw new BadGlob(`"${source}": a variable stands at the beginning and is followed by "/"`);
  if (text === '~' || text.startsWith('~/')) return { root: 'home', segments: toSegments(text.slice(1)) };
  if (text.startsWith('~')) throw new BadGlob(`"${source}": only the own home directory (~) is understood`);
  if (text === '' || text === '/') return { root: undefined, segments: text === '/' ? [{ kind: 'globstar' }] : emptyPattern(source) };
  if (text.startsWith('/') || /^[A-Za-z]:\//.test(text) || text.startsWith('**/')) return { root: undefined, segments: toSegments(text) };
  const inner = text.replace(/\/$/, '');
  if (inner.includes('/')) return { root: 'workspace', segments: toSegments(inner) };
  return { root: undefined, segments: [{ kind: 'globstar' }, ...toSegments(inner)] };
}

function emptyPattern(source: string): never {
  throw new BadGlob(`"${source}" is an empty pattern`);
}

function variableNamed(name: string, source: string): keyof PathVariables {
  const found = variableNames.find((known) => known === name);
  if (found === undefined) throw new BadGlob(`"${source}": unknown variable "\${${name}}"${didYouMean(name, variableNames)}`);
  return found;
}

function toSegments(text: string): readonly Segment[] {
  return text
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .map((segment): Segment => (segment === '**' ? { kind: 'globstar' } : { kind: 'name', text: segment, glob: compileGlob(segment) }));
}

type Result = 'match' | 'maybe' | 'no';

/** A pattern that matches a directory matches all that is in it. */
function run(pattern: PathPattern, path: readonly string[], candidate: PathCandidate, variables: PathVariables): Result {
  const root = pattern.root === undefined ? [] : rootsOf(variables)[pattern.root];
  const shared = Math.min(root.length, path.length);
  for (let index = 0; index < shared; index += 1) if (path[index] !== root[index]) return 'no';
  return cannotMatch(pattern.segments, path, root.length) && candidate.names === undefined && candidate.open !== true
    ? 'no'
    : walk(pattern, path, candidate, root);
}

/** The two shapes that nearly every pattern has, a name below a root and a name in any folder, are refused without walking. */
function cannotMatch([first, second, third]: readonly Segment[], path: readonly string[], from: number): boolean {
  if (path.length <= from || first === undefined) return false;
  if (first.kind === 'name') return !first.glob(path[from] ?? '');
  if (second?.kind !== 'name' || third !== undefined) return false;
  for (let index = from; index < path.length; index += 1) if (second.glob(path[index] ?? '')) return false;
  return true;
}

function walk(pattern: PathPattern, path: readonly string[], candidate: PathCandidate, root: readonly string[]): Result {
  const shared = Math.min(root.length, path.length);
  const segments = path.length >= root.length ? pattern.segments : [...root.slice(shared).map(literal), ...pattern.segments];
  let states = close(new Set([0]), segments);
  for (const name of path.slice(shared)) {
    if (states.has(segments.length)) return 'match';
    states = close(
      advance(states, segments, (segment) => segment.glob(name)),
      segments,
    );
    if (states.size === 0) return 'no';
  }
  if (states.has(segments.length)) return 'match';
  return runPartial(states, segments, candidate);
}

function runPartial(start: Set<number>, segments: readonly Segment[], { names = [], open = false }: PathCandidate): Result {
  let states = start;
  for (const name of names) {
    states = close(
      advance(states, segments, (segment) => couldBeName(segment.text, name)),
      segments,
    );
    if (states.has(segments.length)) return 'maybe';
  }
  return open && hasBegun(states, segments) ? 'maybe' : 'no';
}

/** A pattern for any directory would meet every path with an unknown end: it counts once one of its names was found. */
function hasBegun(states: ReadonlySet<number>, segments: readonly Segment[]): boolean {
  const untouched = segments[0]?.kind === 'globstar' ? close(new Set([0]), segments) : new Set<number>();
  return [...states].some((state) => !untouched.has(state));
}

function literal(text: string): Segment {
  return { kind: 'name', text: escapeGlob(text), glob: (name) => name === text };
}

function couldBeName(segment: string, parts: PartialName): boolean {
  // A pattern of names that begins with a wildcard does not find hidden files.
  if (parts[0] === undefined && segment.startsWith('.')) return false;
  return couldMatchGlob(segment, parts);
}

function advance(
  states: ReadonlySet<number>,
  segments: readonly Segment[],
  matches: (segment: Extract<Segment, { readonly kind: 'name' }>) => boolean,
): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const segment = segments[state];
    if (segment?.kind === 'globstar') next.add(state);
    else if (segment !== undefined && matches(segment)) next.add(state + 1);
  }
  return next;
}

function close(states: Set<number>, segments: readonly Segment[]): Set<number> {
  for (const state of states) if (segments[state]?.kind === 'globstar') states.add(state + 1);
  return states;
}

function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?[\]{}]/g, '\\$&');
}
