import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { callOf, readEveryday, readThemes, type Facts, type LabelledCase, type Part } from '../../test/corpus/case.ts';
import { hookMessage } from '../../test/corpus/judge.ts';
import { committed, home, ignored, project } from '../../test/corpus/project.ts';

/** One call to ask about, and what it should come to; `everyday` has no label. */
export interface Question {
  readonly id: string;
  readonly theme: string;
  readonly verdict: LabelledCase['verdict'] | 'everyday';
  readonly isCommand: boolean;
  readonly message: unknown;
}

/**
 * A home directory with the project that the corpus speaks of: real files, a real repository. It lies in the person's own home, not
 * below /tmp: there everything would be temporary to a guard that knows about places.
 */
export class World {
  readonly home = mkdtempSync(join(homedir(), 'countersign-guards-'));
  readonly #projects = new Map<string, string>();

  questions(part: Part): readonly Question[] {
    const labelled = [...readThemes(part)].flatMap(([theme, cases]) => cases.map((one) => this.#question(theme, one, one.verdict)));
    const everyday = readEveryday(part).map((command, index) => {
      const one = { id: `everyday-${part[0] ?? ''}${index}`, command, verdict: 'pass' as const, reason: '' };
      return this.#question('everyday', one, 'everyday');
    });
    return [...labelled, ...everyday];
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  }

  #question(theme: string, one: LabelledCase, verdict: Question['verdict']): Question {
    const { tool, input } = callOf(one);
    const folder = this.#project(one.facts ?? {});
    const moved: unknown = JSON.parse(JSON.stringify(input).replaceAll(project, folder).replaceAll(home, this.home));
    return {
      id: one.id,
      theme,
      verdict,
      isCommand: tool === 'Bash',
      message: hookMessage(tool, moved, this.#cwd(folder, one.facts?.cwd ?? '')),
    };
  }

  #cwd(folder: string, named: string): string {
    const cwd = isAbsolute(named) ? named.replace(home, this.home) : join(folder, named);
    // Outside of this world nothing is made: the guard is told of a place that may not be there.
    if (cwd.startsWith(this.home)) mkdirSync(cwd, { recursive: true });
    return cwd;
  }

  /** Cases with the same facts share a project. */
  #project(facts: Facts): string {
    const key = JSON.stringify(facts);
    const known = this.#projects.get(key);
    if (known !== undefined) return known;
    const folder = key === '{}' ? join(this.home, 'shop') : join(this.home, `case-${this.#projects.size}`, 'shop');
    this.#projects.set(key, folder);
    makeProject(folder, facts);
    return folder;
  }
}

function makeProject(folder: string, facts: Facts): void {
  mkdirSync(folder, { recursive: true });
  const git = (...args: readonly string[]): void => {
    const identity = ['-c', 'user.name=dev', '-c', 'user.email=dev@acme.example', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' },
    });
  };
  const states = facts.git ?? {};
  const stateOf = (path: string): string | undefined =>
    Object.entries(states).find(([named]) => path === named || path.startsWith(`${named}/`))?.[1];
  const texts = Object.entries({ ...committed, ...facts.files });
  const ignoredToo = Object.keys(states).filter((path) => states[path] === 'ignored');
  write(folder, '.gitignore', `${[...ignored, ...ignoredToo].join('\n')}\n`);
  for (const [path, text] of texts) if (stateOf(path) !== 'untracked') write(folder, path, text);
  git('init', '-q', '-b', 'main');
  git('remote', 'add', 'origin', facts.remote ?? 'git@github.com:acme/shop.git');
  git('add', '-A');
  git('commit', '-q', '-m', 'Start');
  const branch = facts.branch ?? 'feature/cart';
  if (branch !== 'main') git('checkout', '-q', '-b', branch);
  for (const [path, text] of texts) {
    if (stateOf(path) === 'untracked') write(folder, path, text);
    if (stateOf(path) === 'changed') write(folder, path, `${text}\n`);
  }
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
}
