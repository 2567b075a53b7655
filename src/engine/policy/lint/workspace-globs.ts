import { compilePathPatterns, matchesPath, type PathCandidate } from '../path-pattern.ts';
import { finding, patternsAt, type LintContext, type LintedRule, type LintFinding } from './finding.ts';

const kinds = ['read', 'write', 'any'] as const;

/** Patterns about this workspace that none of its files matches. What is about other places, or is excluded, is left alone. */
export function globsWithoutFiles(linted: LintedRule): readonly LintFinding[] {
  const { workspace } = linted.context;
  if (workspace === undefined || workspace.paths.length === 0) return [];
  return kinds.flatMap((kind) =>
    patternsAt(linted.rule.source.paths?.[kind], [...linted.path, 'paths', kind])
      .filter(({ text }) => isAboutWorkspace(text) && !matchesSome(text, workspace))
      .map(({ path }) => finding(linted, 'matches-nothing-here', path, 'No file of this workspace matches this', 'hint')),
  );
}

function isAboutWorkspace(text: string): boolean {
  return text.startsWith('${workspace}') || !/^([!/~$]|[A-Za-z]:)/.test(text);
}

type Workspace = NonNullable<LintContext['workspace']>;

/** The files in the order of their names, so that those below a folder stand together. */
const sorted = new WeakMap<Workspace, readonly PathCandidate[]>();

function filesOf(workspace: Workspace): readonly PathCandidate[] {
  const known = sorted.get(workspace) ?? workspace.paths.toSorted(byCode).map((path) => ({ path: `${workspace.root}/${path}` }));
  sorted.set(workspace, known);
  return known;
}

function matchesSome(text: string, workspace: Workspace): boolean {
  const { root, home } = workspace;
  const variables = { home, workspace: root, countersignHome: `${home}/.countersign` };
  const patterns = compilePathPatterns([text]);
  const files = filesOf(workspace);
  const start = beginningOf(text, root);
  for (let index = start === undefined ? 0 : firstFrom(files, start); index < files.length; index += 1) {
    const file = files[index];
    if (file === undefined || (start !== undefined && !file.path.startsWith(start))) return false;
    if (matchesPath(patterns, file, variables, 'certain')) return true;
  }
  return false;
}

/** With what every path begins that the pattern matches; `undefined` where it may be in any folder. */
function beginningOf(text: string, root: string): string | undefined {
  const below = text.startsWith('${workspace}') ? text.slice('${workspace}'.length).replace(/^\//, '') : text.replace(/\/$/, '');
  if (!text.startsWith('${workspace}') && (!below.includes('/') || below.startsWith('**/'))) return undefined;
  return `${root}/${/^[^*?[{\\]*/.exec(below.replace(/^(\.?\/)+/, ''))?.[0] ?? ''}`.replace(/\/$/, '');
}

function firstFrom(files: readonly PathCandidate[], start: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byCode(files[middle]?.path ?? '', start) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
