import { RequestView } from '../cel/request-view.ts';
import type { ConditionSubject } from '../cel/condition.ts';
import type { Request } from '../request.ts';
import { analyzeCommand } from '../shell/analyze.ts';
import type { CommandAnalysis, ShellSurroundings, UnknownWord, Word } from '../shell/analysis.ts';
import { fileWords, type FileWord } from '../shell/file-words.ts';
import { hostsOf } from '../shell/hosts.ts';
import { analyzePowerShell } from '../shell/powershell/analyze.ts';
import { anyCommandMatches, compileCommandPattern } from './command-pattern.ts';
import { compilePathPatterns, matchesPath, normalizePath, type PathCandidate, type PathVariables } from './path-pattern.ts';

/** The call that is being decided, with what can be derived from it. Each part is worked out when it is first needed. */
export class Subject implements ConditionSubject {
  readonly request: Request;
  readonly variables: PathVariables;
  /** What the `tools` of a rule are compared with. */
  readonly toolNames: readonly string[];
  #analysis: CommandAnalysis | undefined;
  #view: RequestView | undefined;
  #read: readonly PathCandidate[] | undefined;
  #write: readonly PathCandidate[] | undefined;
  #fileWords: readonly FileWord[] | undefined;
  #domains: readonly string[] | undefined;

  constructor(request: Request) {
    const { call, user, workspace } = request;
    this.request = request;
    this.variables = {
      home: normalizePath(user.home),
      workspace: normalizePath(workspace.root),
      countersignHome: normalizePath(request.countersignHome ?? `${user.home}/.countersign`),
    };
    this.toolNames =
      call.mcpServer === undefined ? [call.tool, call.nativeTool] : [call.tool, call.nativeTool, `${call.mcpServer}/${call.tool}`];
  }

  get analysis(): CommandAnalysis {
    this.#analysis ??= this.#analyze();
    return this.#analysis;
  }

  get view(): RequestView {
    this.#view ??= new RequestView(this.request, this.analysis);
    return this.#view;
  }

  get read(): readonly PathCandidate[] {
    this.#read ??= once([...this.request.paths.read.map(known), ...this.#fromCommand('read')]);
    return this.#read;
  }

  get write(): readonly PathCandidate[] {
    this.#write ??= once([...this.request.paths.write.map(known), ...this.#fromCommand('write')]);
    return this.#write;
  }

  /** Host names, lower case. */
  get domains(): readonly string[] {
    this.#domains ??= [...this.request.domains.map((domain) => domain.toLowerCase()), ...hostsOf(this.analysis)];
    return this.#domains;
  }

  inside(path: string, dir: string): boolean {
    const target = normalizePath(dir);
    const normalized = normalizePath(path);
    if (!target.startsWith('/') && !/^[A-Za-z]:/.test(target)) throw new Error('inside() needs an absolute directory');
    return normalized === target || normalized.startsWith(target === '/' ? '/' : `${target}/`);
  }

  glob(path: string, pattern: string): boolean {
    if (pattern.length > 1_000) throw new Error('a glob has at most 1000 characters');
    return matchesPath(compilePathPatterns([pattern]), known(path), this.variables, 'certain');
  }

  command(pattern: string): boolean {
    return anyCommandMatches([compileCommandPattern(pattern)], this.analysis);
  }

  #analyze(): CommandAnalysis {
    const { command, shell } = this.request.call;
    const surroundings = this.#surroundings();
    if (command === undefined || shell !== 'powershell') return analyzeCommand(command, surroundings);
    return analyzePowerShell(command, { ...surroundings, shell: (text) => analyzeCommand(text, surroundings) });
  }

  #surroundings(): ShellSurroundings {
    const { call, readText } = this.request;
    return { cwd: call.cwd, home: this.variables.home, ...(readText === undefined ? {} : { readText }) };
  }

  #fromCommand(mode: 'read' | 'write'): readonly PathCandidate[] {
    this.#fileWords ??= fileWords(this.analysis);
    return this.#fileWords.filter((use) => use.mode === mode || use.mode === 'either').flatMap(({ word }) => this.#resolve(word));
  }

  /** Where a word may lead, from the working directory and every directory the text changes to. A wholly unknown word leads nowhere known. */
  #resolve(word: Word): readonly PathCandidate[] {
    const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
    if (text === '' && typeof word !== 'string' && !word.names) return [];
    const bases = [
      this.request.call.cwd,
      ...this.analysis.directories.flatMap((directory) =>
        typeof directory === 'string' ? [this.#absolute(directory, this.request.call.cwd)] : [],
      ),
    ];
    const paths = [...new Set(bases.map((base) => this.#absolute(text, base)))];
    if (typeof word === 'string') return paths.flatMap((path) => this.#alsoBehindLinks(path)).map((path) => ({ path }));
    const rest = namesOf(word);
    return paths.flatMap((path) => this.#alsoBehindLinks(path.slice(0, path.lastIndexOf('/') + 1))).map((path) => ({ path, ...rest }));
  }

  /** As it is written, and where it leads: a rule may name either. */
  #alsoBehindLinks(path: string): readonly string[] {
    const written = normalizePath(path);
    const reached = normalizePath(this.request.resolve?.(path || '/') ?? path);
    return written === reached ? [written] : [written, reached];
  }

  #absolute(text: string, base: string): string {
    if (text === '~' || text.startsWith('~/')) return `${this.variables.home}${text.slice(1)}`;
    if (text.startsWith('$COUNTERSIGN_HOME')) return `${this.variables.countersignHome}${text.slice('$COUNTERSIGN_HOME'.length)}`;
    return text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text) ? text : `${base}/${text}`;
  }
}

/** A path that is wholly known is held against the patterns once, however often the command names it. */
function once(candidates: readonly PathCandidate[]): readonly PathCandidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ path, names, open }) => names !== undefined || open === true || (!seen.has(path) && seen.add(path)));
}

function known(path: string): PathCandidate {
  return { path: normalizePath(path) };
}

/** What follows the known directory of a word. A variable may hold slashes: after it, anything can follow. */
function namesOf({ parts, names: onlyNames, text }: UnknownWord): Pick<PathCandidate, 'names' | 'open'> {
  const names: (string | undefined)[][] = [[]];
  const [first = '', ...others] = parts[0] === undefined ? ['', ...parts] : parts;
  for (const part of [first.slice(first.lastIndexOf('/') + 1), ...others]) {
    if (part === undefined && (!onlyNames || text.includes('**')))
      return { names: [...names.slice(0, -1), [...(names.at(-1) ?? []), undefined]], open: true };
    const [head, ...tail] = part === undefined ? [undefined] : part.split('/');
    if (head !== '') names.at(-1)?.push(head);
    for (const name of tail) names.push(name === '' ? [] : [name]);
  }
  return { names: names.filter((name) => name.length > 0) };
}
