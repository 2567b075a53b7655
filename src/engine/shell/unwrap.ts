import type { Word } from './analysis.ts';

/** What a program runs on behalf of its arguments. */
export type Inner =
  | { readonly kind: 'words'; readonly words: readonly Word[]; readonly more: boolean }
  | { readonly kind: 'script'; readonly text: Word }
  | { readonly kind: 'unknown' };

interface Wrapper {
  /** Options that take the next word as their value. */
  readonly valued: readonly string[];
  /** Words between the options and the command: a duration, a host. */
  readonly positionals?: number;
  readonly assignments?: boolean;
  /** Whether more arguments are added when it runs. */
  readonly more?: boolean;
  /** The rest is a text for a shell rather than words. */
  readonly script?: boolean;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: {
    valued: [
      '-u',
      '-g',
      '-h',
      '-p',
      '-C',
      '-T',
      '-R',
      '-D',
      '-r',
      '-t',
      '-U',
      '--user',
      '--group',
      '--host',
      '--prompt',
      '--chdir',
      '--chroot',
      '--role',
      '--type',
    ],
    assignments: true,
  },
  doas: { valued: ['-u', '-C', '-a'] },
  env: { valued: ['-u', '-C', '--unset', '--chdir', '-a', '--argv0'], assignments: true },
  nohup: { valued: [] },
  setsid: { valued: [] },
  timeout: { valued: ['-k', '-s', '--kill-after', '--signal'], positionals: 1 },
  gtimeout: { valued: ['-k', '-s', '--kill-after', '--signal'], positionals: 1 },
  nice: { valued: ['-n', '--adjustment'] },
  ionice: { valued: ['-c', '-n', '-p', '-P', '-u', '--class', '--classdata'] },
  chrt: { valued: ['-T', '-P', '-D'], positionals: 1 },
  stdbuf: { valued: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  unbuffer: { valued: [] },
  command: { valued: [] },
  builtin: { valued: [] },
  exec: { valued: ['-a'] },
  time: { valued: ['-f', '-o', '--format', '--output'] },
  caffeinate: { valued: ['-t', '-w'] },
  busybox: { valued: [] },
  coproc: { valued: [] },
  chroot: { valued: [], positionals: 1 },
  xargs: {
    valued: [
      '-I',
      '-n',
      '-P',
      '-L',
      '-d',
      '-E',
      '-s',
      '-a',
      '--max-args',
      '--max-procs',
      '--max-lines',
      '--delimiter',
      '--replace',
      '--arg-file',
      '--max-chars',
      '--eof',
    ],
    more: true,
  },
  parallel: { valued: ['-j', '--jobs', '-a', '--arg-file', '-N', '-n'], more: true },
  watch: { valued: ['-n', '-d', '--interval'], script: true },
  ssh: {
    valued: ['-b', '-c', '-D', '-E', '-e', '-F', '-I', '-i', '-J', '-L', '-l', '-m', '-O', '-o', '-p', '-Q', '-R', '-S', '-W', '-w'],
    positionals: 1,
    script: true,
  },
  eval: { valued: [], script: true },
};

export const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'mksh', 'rbash']);

/** What `program` with these arguments runs, or `undefined` when it runs nothing but itself. */
export function innerOf(program: string, args: readonly Word[]): Inner | undefined {
  if (shells.has(program)) return shellInner(args);
  if (program === 'find' || program === 'fd') return findInner(args);
  if (program === 'trap') return args[0] === undefined ? undefined : { kind: 'script', text: args[0] };
  if (program === 'su' || program === 'runuser' || program === 'script') return optionScript(args);
  if (program === 'source' || program === '.') return { kind: 'unknown' };
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined;
  return wrapper === undefined ? undefined : wrapped(program, wrapper, args);
}

function wrapped(program: string, wrapper: Wrapper, args: readonly Word[]): Inner | undefined {
  let positionals = wrapper.positionals ?? 0;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === undefined) return undefined;
    if (typeof arg !== 'string') {
      if (positionals > 0 && !arg.many) {
        positionals -= 1;
        continue;
      }
      return { kind: 'unknown' };
    }
    const splits = program === 'env' ? envSplit(args, at) : undefined;
    if (splits !== undefined) return splits;
    if (arg === '--') continue;
    if (arg.startsWith('-') && arg.length > 1) {
      if (wrapper.valued.includes(arg)) at += 1;
    } else if (wrapper.assignments === true && /^[A-Za-z_]\w*=/.test(arg)) continue;
    else if (positionals > 0) positionals -= 1;
    else return rest(wrapper, args.slice(at));
  }
  return undefined;
}

function rest(wrapper: Wrapper, words: readonly Word[]): Inner {
  if (wrapper.script !== true) return { kind: 'words', words, more: wrapper.more === true };
  const literal = words.filter((word) => typeof word === 'string');
  return literal.length === words.length ? { kind: 'script', text: literal.join(' ') } : { kind: 'unknown' };
}

function envSplit(args: readonly Word[], at: number): Inner | undefined {
  const arg = args[at];
  if (typeof arg !== 'string') return undefined;
  if (arg === '-S' || arg === '--split-string') return { kind: 'script', text: args[at + 1] ?? '' };
  if (arg.startsWith('--split-string=')) return { kind: 'script', text: arg.slice('--split-string='.length) };
  return /^-[a-zA-Z]*S/.test(arg) ? { kind: 'unknown' } : undefined;
}

/** `sh -c TEXT`, with options in clusters. A shell with a file runs that file, which is not looked into. */
function shellInner(args: readonly Word[]): Inner | undefined {
  let command = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === undefined) return undefined;
    if (typeof arg !== 'string') return command && !arg.many ? { kind: 'script', text: arg } : { kind: 'unknown' };
    if (/^[-+][oO]$/.test(arg) || arg === '--rcfile' || arg === '--init-file') at += 1;
    else if (/^-[A-Za-z]*c[A-Za-z]*$/.test(arg)) {
      command = true;
      if (/^-[A-Za-z]*[oO]/.test(arg)) return { kind: 'unknown' };
    } else if (!/^[-+]./.test(arg)) return command ? { kind: 'script', text: arg } : undefined;
  }
  return command ? { kind: 'unknown' } : undefined;
}

const findRunners = new Set(['-exec', '-execdir', '-ok', '-okdir', '-x', '-X', '--exec', '--exec-batch']);

function findInner(args: readonly Word[]): Inner | undefined {
  const at = args.findIndex((arg) => typeof arg === 'string' && findRunners.has(arg));
  if (at < 0) return undefined;
  const words = args.slice(at + 1);
  const end = words.findIndex((word) => word === ';' || word === '+');
  const from = args[0];
  const start = typeof from === 'string' && !from.startsWith('-') ? [from.endsWith('/') ? from : `${from}/`] : [];
  const found = { parts: [...start, undefined], many: false, names: false, text: '{}' };
  const own = (end < 0 ? words : words.slice(0, end)).map((word): Word => (typeof word === 'string' && word.includes('{}') ? found : word));
  const again = end >= 0 && words.slice(end).some((word) => typeof word === 'string' && findRunners.has(word));
  return again ? { kind: 'unknown' } : { kind: 'words', words: own, more: false };
}

function optionScript(args: readonly Word[]): Inner | undefined {
  const at = args.findIndex((arg) => typeof arg === 'string' && (/^-[a-zA-Z]*c$/.test(arg) || arg === '--command'));
  const text = at < 0 ? undefined : args[at + 1];
  return text === undefined ? undefined : { kind: 'script', text };
}
