import type { Word } from './analysis.ts';
import { nothing, type Inner, type InnerQuestion } from './inner.ts';
import { readOptions, type ReadOptions } from './options.ts';
import { recipesOf } from './makefile.ts';
import { packageScripts } from './package-scripts.ts';
import { isKnown } from './word-parts.ts';
import { joinWords, quoteWords } from './wrapped.ts';

const packageOptions = '-w -C --workspace --prefix --cwd --filter -F --dir --registry --userconfig --loglevel --cache';

/** `npm run NAME`, `npm test`, `npm exec`, `yarn dlx` …: scripts of package.json where it can be read, and programs of packages. */
export function packageInner({ name, args, file }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: packageOptions });
  const [verb, ...rest] = read.rest;
  if (!isKnown(verb)) return nothing;
  if (/^(exec|dlx)$/.test(verb) || (verb === 'x' && name === 'npm')) return runnerInner(rest);
  const explicit = /^(run|run-script|rum|urn)$/.test(verb);
  const behind = explicit ? readOptions(rest, { valued: packageOptions }) : { options: [], rest: [verb, ...rest] };
  const [script, ...given] = behind.rest;
  const short = name === 'npm' ? /^(test|t|tst|start|stop|restart|install|i|ci|publish|pack|version|prepare)$/.test(verb) : true;
  if (!isKnown(script) || (!explicit && !short)) return nothing;
  const mixed = name === 'npm' ? takenByNpm(given) : { options: [], rest: given };
  const folder = folderOf([...read.options, ...behind.options, ...mixed.options]);
  return scriptsNamed(script === 't' || script === 'tst' ? 'test' : script, mixed.rest, folder, file);
}

type Options = ReadOptions['options'];
type Option = Options[number];

function folderOf(options: Options): Word | undefined {
  return options.find(({ name }) => /^(--prefix|--cwd|-C|--dir)$/.test(name))?.value;
}

/** npm takes its own options from anywhere before `--`; the rest is the script's. */
function takenByNpm(args: readonly Word[]): Pick<ReadOptions, 'options' | 'rest'> {
  const dashes = args.indexOf('--');
  const own = dashes < 0 ? args : args.slice(0, dashes);
  const options: Option[] = [];
  const rest: Word[] = [];
  for (let at = 0; at < own.length; at += 1) {
    const arg = own[at] ?? '';
    const [option] = isKnown(arg) && arg.startsWith('-') ? readOptions(own.slice(at, at + 2), { valued: packageOptions }).options : [];
    if (option === undefined) rest.push(arg);
    else options.push(option);
    if (option?.value !== undefined && option.value === own[at + 1]) at += 1;
  }
  return { options, rest: [...rest, ...(dashes < 0 ? [] : args.slice(dashes + 1))] };
}

/** The scripts of a package, by a name that may have stars in it. */
export function scriptsNamed(
  name: string,
  given: readonly Word[],
  folder: Word | undefined,
  file: InnerQuestion['file'],
): readonly Inner[] {
  const text = file(folder === undefined ? 'package.json' : isKnown(folder) ? `${folder}/package.json` : folder);
  const scripts = isKnown(text) ? packageScripts(text, name) : [];
  return scripts.map((found): Inner => ({
    kind: 'script',
    text: found.main ? joinWords([found.text, ...given.filter((word) => word !== '--').map((word) => quoteWords([word]))]) : found.text,
    fromFile: true,
    ...(folder === undefined ? {} : { directory: folder }),
  }));
}

/** `npm-run-all a "b:*"`, `run-p`, `run-s`: scripts of the package, each with its own arguments. */
export function scriptRunnerInner({ args, file }: InnerQuestion): readonly Inner[] {
  return args.flatMap((arg) => {
    const text = isKnown(arg) ? arg : globText(arg);
    const [name = '', ...given] = text.split(/\s+/);
    return name === '' || name.startsWith('-') ? nothing : scriptsNamed(name, given, undefined, file);
  });
}

/** Where no file fits, `b:*` stays as it is written. */
function globText(word: Exclude<Word, string>): string {
  return word.names ? word.parts.map((part) => part ?? '*').join('') : '';
}

/** `npx PROGRAM ARGUMENTS`, `npx -c TEXT`. */
export function runnerInner(args: readonly Word[]): readonly Inner[] {
  const read = readOptions(args, {
    valued: '-p --package -c --call -w --workspace --node-arg -n --node-options --registry --cache --from --with --python --spec',
  });
  const text = read.options.find(({ name }) => name === '-c' || name === '--call')?.value;
  if (text !== undefined) return [{ kind: 'script', text }];
  const [program, ...rest] = read.rest;
  if (program === undefined) return nothing;
  return [{ kind: 'words', words: [isKnown(program) ? withoutVersion(program) : program, ...rest] }];
}

function withoutVersion(name: string): string {
  return name.replace(/(.)@[^/@]*$/, '$1');
}

const makeOptions = '-C -f -I -j -l -o -W --directory --file --makefile --include-dir --jobs --load-average --old-file --what-if --eval';

/** The recipes of the goals of a Makefile, where it can be read. */
export function makeInner({ args, file }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: makeOptions });
  const words = read.rest;
  const all = [...words, ...args.filter((arg) => !read.options.some((option) => option.value === arg))];
  const goals = words.filter(isKnown).filter((word) => !word.includes('=') && !word.startsWith('-'));
  const assigned = all.filter(isKnown).flatMap((word) => /^([A-Za-z_]\w*):?=([^]*)$/.exec(word)?.slice(1, 3) ?? []);
  const directory = read.options.find(({ name }) => name === '-C' || name === '--directory')?.value;
  const named = read.options.find(({ name }) => name === '-f' || name === '--file' || name === '--makefile')?.value;
  const evaluated = read.options.filter(({ name }) => name === '--eval').map(({ value }) => value);
  const inDirectory = (name: Word): Word => (isKnown(directory) && isKnown(name) ? `${directory}/${name}` : name);
  const candidates = named === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [named];
  const text = candidates.map((name) => file(inDirectory(name))).find((found) => found !== undefined);
  const source = [isKnown(text) ? text : '', ...evaluated.filter(isKnown)].join('\n');
  const variables = new Map<string, string>();
  for (let at = 0; at < assigned.length; at += 2) variables.set(assigned[at] ?? '', assigned[at + 1] ?? '');
  const inners = recipesOf(source, goals, variables).map((recipe): Inner => ({
    kind: 'script',
    text: recipe,
    fromFile: true,
    ...(directory === undefined ? {} : { directory }),
  }));
  return [
    ...inners,
    ...(evaluated.some((value) => !isKnown(value)) ? ([{ kind: 'unknown', reason: 'a part of the Makefile is not known' }] as const) : []),
  ];
}
