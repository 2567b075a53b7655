import { readDockerRun, withDigest } from './docker-run.ts';

/** What a command line starts, as far as it says so itself. */
export type Plan =
  | {
      readonly kind: 'npm';
      readonly name: string;
      /** A version, a range or a tag; `latest` where nothing is said. */
      readonly spec: string;
      /** The program of the package, where it is named. */
      readonly bin?: string;
      readonly args: readonly string[];
    }
  | { readonly kind: 'pypi'; readonly name: string; readonly spec: string }
  | {
      readonly kind: 'image';
      readonly image: string;
      readonly digest?: string;
      readonly options: readonly string[];
      readonly risky: readonly string[];
    }
  | { readonly kind: 'script'; readonly file: string }
  /** `fetches`: it would run what it downloads, in a way that nobody can read from outside. */
  | { readonly kind: 'program'; readonly program: string; readonly fetches: boolean };

/** What is about to start. A line that is not understood is a program of which nothing is known. */
export function planOf(command: string, args: readonly string[]): Plan {
  const program = bare(command);
  const [first = '', second = '', ...rest] = args;
  if (program === 'cmd' && /^\/[cC]$/.test(first) && second !== '') return planOf(second, rest);
  const opaque: Plan = { kind: 'program', program: command, fetches: [program, ...args].some((word) => fetching.test(word)) };
  const packaged = runners.find(({ words }) => [program, ...args].slice(0, words.length).join(' ') === words.join(' '));
  if (packaged !== undefined) return packaged.read(args.slice(packaged.words.length - 1)) ?? { ...opaque, fetches: true };
  if ((program === 'docker' || program === 'podman') && first === 'run') return imageOf(args.slice(1)) ?? opaque;
  const script = runtimes.has(program) ? args.find((word) => !word.startsWith('-')) : undefined;
  // Behind an option may stand code, or a module, or the option's value.
  return script !== undefined && script === first ? { kind: 'script', file: script } : opaque;
}

const fetching = /\b(npx|bunx|uvx|pipx|dlx|npm\s+exec|npm\s+x)\b/;
const runtimes: ReadonlySet<string> = new Set(['node', 'bun', 'deno', 'python', 'python3', 'ruby', 'tsx']);
const runners: readonly { readonly words: readonly string[]; readonly read: (args: readonly string[]) => Plan | undefined }[] = [
  { words: ['npx'], read: npmOf },
  { words: ['bunx'], read: npmOf },
  { words: ['npm', 'exec'], read: npmOf },
  { words: ['npm', 'x'], read: npmOf },
  { words: ['pnpm', 'dlx'], read: npmOf },
  { words: ['yarn', 'dlx'], read: npmOf },
  { words: ['uvx'], read: pypiOf },
  { words: ['pipx', 'run'], read: pypiOf },
];

const silent: ReadonlySet<string> = new Set(['-y', '--yes', '-q', '--quiet', '--prefer-offline', '--prefer-online']);

/** `[-y] PACKAGE[@SPEC] ARGUMENT…`, or `-p PACKAGE[@SPEC] PROGRAM ARGUMENT…`. Other options may lead anywhere. */
function npmOf(args: readonly string[]): Plan | undefined {
  let chosen: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    const given = /^(?:-p=?|--package=)(.+)$/.exec(word)?.[1];
    if (silent.has(word) || word === '--') continue;
    if (given !== undefined || word === '-p' || word === '--package') {
      // Several packages are more than one thing to hold.
      if (chosen !== undefined) return undefined;
      chosen = given ?? args[(i += 1)];
      continue;
    }
    if (word.startsWith('-')) return undefined;
    const rest = args.slice(args[i + 1] === '--' ? i + 2 : i + 1);
    return chosen === undefined ? packageOf(word, rest) : packageOf(chosen, rest, word);
  }
  return undefined;
}

/** Of a registry: folders, addresses and repositories are not held. */
function packageOf(text: string, args: readonly string[], bin?: string): Plan | undefined {
  const [, name, spec] = /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)(?:@([\w.^~<>=*+ -]+))?$/i.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { kind: 'npm', name, spec: spec ?? 'latest', ...(bin === undefined ? {} : { bin }), args };
}

function pypiOf(args: readonly string[]): Plan | undefined {
  const text = /^--from$/.test(args[0] ?? '') ? args[1] : args.find((word) => !word.startsWith('-'));
  const [, name, spec] = /^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?(?:(?:==|@)([\w.]+))?$/.exec(text ?? '') ?? [];
  return name === undefined ? undefined : { kind: 'pypi', name, spec: spec ?? 'latest' };
}

/** The line of `planOf` with its image named by this digest. Throws where there is none to be named so. */
export function imageByDigest(command: string, args: readonly string[], digest: string): readonly string[] {
  if (bare(command) === 'cmd') return [...args.slice(0, 2), ...imageByDigest(args[1] ?? '', args.slice(2), digest)];
  const run = args[0] === 'run' ? readDockerRun(args.slice(1)) : undefined;
  if (run === undefined) throw new Error('The line to start has no image whose digest could be named.');
  return ['run', ...withDigest(args.slice(1), run, digest)];
}

function imageOf(args: readonly string[]): Plan | undefined {
  const run = readDockerRun(args);
  if (run === undefined) return undefined;
  const { at: _at, ...rest } = run;
  return { kind: 'image', ...rest };
}

function bare(path: string): string {
  return path
    .replace(/^.*[\\/]/, '')
    .replace(/\.(exe|cmd|ps1)$/i, '')
    .toLowerCase();
}
