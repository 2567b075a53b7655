import type { Invocation, Word } from '../shell/analysis.ts';
import { Arguments } from './arguments.ts';
import { deletes, either, reads, writes, type Program, type Use } from './effect.ts';
import { filesOfPatch } from './patch.ts';
import { lastName, textOf } from './word.ts';

const globalValued = new Set('-C -c --git-dir --work-tree --namespace --config-env --exec-path --super-prefix'.split(' '));

/** What git does to the files of the working tree, and to those that its options name. */
export const git: Program = {
  uses: ({ all }, invocation) => {
    const { folders, verb, rest } = subcommand(all);
    const own =
      verb === undefined
        ? []
        : (verbs.get(verb)?.(rest, invocation) ?? either(rest.filter((word) => typeof word !== 'string' || !word.startsWith('-'))));
    const from = folders.at(-1);
    return from === undefined ? own : own.map((use) => ({ ...use, from }));
  },
};

/** The subcommand behind the global options, and the folder that it works in. An unknown one may be any. */
export function subcommand(all: readonly Word[]): {
  readonly folders: readonly Word[];
  readonly verb?: string;
  readonly rest: readonly Word[];
} {
  const folders: Word[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const arg = all[at] ?? '';
    if (typeof arg !== 'string') return { folders, rest: all.slice(at) };
    if (!arg.startsWith('-')) return { folders, verb: arg, rest: all.slice(at + 1) };
    const work = /^--work-tree=(.+)$/s.exec(arg)?.[1];
    if (work !== undefined) folders.push(work);
    if ((arg === '-C' || arg === '--work-tree') && all[at + 1] !== undefined) folders.push(all[at + 1] ?? '');
    if (globalValued.has(arg)) at += 1;
  }
  return { folders, rest: [] };
}

type Verb = (rest: readonly Word[], invocation: Invocation) => readonly Use[];

const read = (args: Arguments): readonly Use[] => [...reads(args.operands), ...writes(args.values('--output'))];
const reading =
  'add commit diff log show status blame grep push fetch branch tag ls-files ls-tree ls-remote rev-parse rev-list shortlog describe cat-file reflog stash ' +
  'remote merge-base name-rev whatchanged cherry count-objects fsck show-ref for-each-ref var version help range-diff check-ignore check-attr';

const verbs: ReadonlyMap<string, Verb> = new Map([
  ...reading
    .split(' ')
    .map((name): [string, Verb] => [name, about('-m --message -F --file -C -c --author --date --format --output -b -u -o', read)]),
  [
    'rm',
    about('--pathspec-from-file', (args) =>
      args.has('--cached', '-n', '--dry-run') ? reads(args.operands) : deletes(args.operands, args.has('-r')),
    ),
  ],
  ['clean', about('-e --exclude', clean)],
  ['mv', about('', moved)],
  [
    'restore',
    about('-s --source --pathspec-from-file', (args) =>
      args.has('--staged', '-S') && !args.has('--worktree', '-W') ? reads(args.operands) : writes(args.operands),
    ),
  ],
  ['checkout', about('-b -B --orphan --pathspec-from-file --conflict', checkout)],
  [
    'switch',
    about('-c -C --create --force-create --orphan', (args) => (args.has('-f', '--force', '--discard-changes') ? writes(['.']) : [])),
  ],
  ['reset', about('--pathspec-from-file', (args) => (args.has('--hard', '--merge') ? writes(['.']) : reads(args.operands)))],
  [
    'clone',
    about(
      '-b --branch -o --origin -u --upload-pack -c --config --depth --reference --template --separate-git-dir -j --jobs --filter --bundle-uri',
      clone,
    ),
  ],
  [
    'init',
    about('-b --initial-branch --template --separate-git-dir', (args) => writes(args.operands.length === 0 ? ['.git'] : args.operands)),
  ],
  ['worktree', about('-b -B --reason --expire', worktree)],
  ['archive', about('-o --output --format --prefix --remote', (args) => writes(args.values('-o', '--output')))],
  ['format-patch', about('-o --output-directory', (args) => writes(orHere(args.values('-o', '--output-directory'))))],
  ['bundle', about('', ({ operands }) => (operands[0] === 'create' ? writes(operands.slice(1, 2)) : reads(operands.slice(1, 2))))],
  ['config', about('-f --file --type --default --blob', config)],
  ['apply', about('--directory -p --exclude --include', applied)],
  ['am', about('--directory -p --exclude --include', (args) => [...reads(args.operands), ...writes(['.'])])],
  ['submodule', about('-b --branch --name', ({ operands: [verb, ...rest] }) => (verb === 'add' ? writes(rest.slice(1)) : reads(rest)))],
]);

function about(valued: string, uses: (args: Arguments, invocation: Invocation) => readonly Use[]): Verb {
  const options = new Set(valued.split(' '));
  return (rest, invocation) => uses(new Arguments(rest, options), invocation);
}

/** Only with force does it delete; `-x` takes what is ignored along, `-X` nothing else. */
function clean(args: Arguments): readonly Use[] {
  if (args.has('-n', '--dry-run') || !args.has('-f', '--force')) return [];
  return deletes(orHere(args.operands), true);
}

/** Paths after `--` are written. Before it, the first word may be a branch, and a path that is only that may be one. */
function checkout(args: Arguments): readonly Use[] {
  const paths = args.operands.slice(args.beforeDashes);
  const before = args.operands.slice(0, args.beforeDashes);
  if (args.has('-b', '-B', '--orphan')) return [];
  if (paths.length > 0) return writes(paths);
  const [first, ...rest] = before;
  if (first === undefined) return args.has('-f', '--force') ? writes(['.']) : [];
  const sure = typeof first === 'string' && /^(\.|\.\/.*|.*\/\.?|\*)$/.test(first);
  const forced = args.has('-f', '--force') ? writes(['.']) : [];
  return [...forced, sure ? { mode: 'write', target: first } : { mode: 'write', target: first, guessed: true }, ...writes(rest)];
}

function moved({ operands }: Arguments): readonly Use[] {
  const from = operands.slice(0, -1);
  return [...from.map((target): Use => ({ mode: 'delete', target, moved: true })), ...writes(operands.slice(-1))];
}

function clone(args: Arguments): readonly Use[] {
  const [source, folder] = args.operands;
  const name = source === undefined ? undefined : lastName(source);
  const local = source !== undefined && /^[~./]/.test(textOf(source)) ? reads([source]) : [];
  const inferred = typeof name === 'string' ? name.replace(/^.*:/, '').replace(/\.git$/, '') : undefined;
  return [...local, ...writes([folder ?? inferred ?? '.'])];
}

function worktree({ operands: [verb, path] }: Arguments): readonly Use[] {
  if (path === undefined) return [];
  if (verb === 'remove') return deletes([path], true);
  return verb === 'add' || verb === 'move' ? writes([path]) : reads([path]);
}

function config(args: Arguments): readonly Use[] {
  const file = args.values('-f', '--file');
  const [first] = args.operands;
  const asks = args.has('--get', '--get-all', '--get-regexp', '--get-urlmatch', '-l', '--list') || first === 'get' || first === 'list';
  const where =
    file.length > 0 ? file : args.has('--global') ? ['~/.gitconfig'] : args.has('--system') ? ['/etc/gitconfig'] : ['.git/config'];
  if (asks || (args.operands.length < 2 && !args.has('--unset', '--unset-all', '--add', '-e', '--edit'))) return reads(file);
  return writes(where);
}

function applied(args: Arguments, { input }: Invocation): readonly Use[] {
  if (args.has('--check', '--stat', '--numstat', '--summary') && !args.has('--apply')) return reads(args.operands);
  const { written, deleted } = filesOfPatch(input === undefined ? '' : textOf(input));
  return [...reads(args.operands), ...writes(written), ...deletes(deleted, false), ...(args.operands.length > 0 ? writes(['.']) : [])];
}

function orHere(words: readonly Word[]): readonly Word[] {
  return words.length === 0 ? ['.'] : words;
}
