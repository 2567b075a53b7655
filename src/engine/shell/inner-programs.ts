import type { Word } from './analysis.ts';
import { bangLines, databaseInner, debuggerInner, editorInner, lispInner } from './inner-editors.ts';
import { commandPromptInner } from './command-prompt.ts';
import { scriptRunnerInner, scriptsNamed } from './inner-packages.ts';
import { justInner, taskInner } from './inner-tasks.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { optionValue, readOptions } from './options.ts';
import { isKnown } from './word-parts.ts';
import { joinWords } from './wrapped.ts';

type Reader = (question: InnerQuestion) => readonly Inner[];

/** Programs that run a command for one of their options, or for a part of a text that they are given. */
export const programInners: Readonly<Record<string, Reader>> = {
  tar: tarInner,
  gtar: tarInner,
  bsdtar: tarInner,
  rsync: ({ args }) =>
    shellOption(
      args,
      /^(-[a-zA-Z]*e|--rsh)$/,
      /^--(?:rsh)=([^]+)$/,
      (text) => !/^ssh( |$)/.test(text) || /ProxyCommand|LocalCommand/i.test(text),
    ),
  zip: ({ args }) => shellOption(args, /^(-TT|--unzip-command)$/, /^(?:-TT|--unzip-command=)([^]+)$/),
  ssh: ({ args }) => args.flatMap((arg) => (isKnown(arg) ? proxyCommand(arg) : nothing)),
  scp: ({ args }) => [...shellOption(args, /^-S$/, /^-S([^]+)$/), ...args.flatMap((arg) => (isKnown(arg) ? proxyCommand(arg) : nothing))],
  sftp: ({ args }) => [...shellOption(args, /^-S$/, /^-S([^]+)$/), ...args.flatMap((arg) => (isKnown(arg) ? proxyCommand(arg) : nothing))],
  sort: ({ args }) => shellOption(args, /^--compress-program$/, /^--compress-program=([^]+)$/),
  split: ({ args }) => shellOption(args, /^--filter$/, /^--filter=([^]+)$/),
  man: ({ args }) => shellOption(args, /^(-P|--pager|-H|--html)$/, /^(?:-P|--pager=)([^]+)$/, (text) => text !== 'cat'),
  sed: sedInner,
  gsed: sedInner,
  vim: editorInner,
  nvim: editorInner,
  vi: editorInner,
  ex: editorInner,
  view: editorInner,
  less: editorInner,
  more: editorInner,
  ed: ({ input }) => (isKnown(input) ? bangLines(input) : nothing),
  emacs: ({ args }) => lispInner(args),
  emacsclient: ({ args }) => lispInner(args),
  sqlite3: databaseInner,
  psql: databaseInner,
  mysql: databaseInner,
  mariadb: databaseInner,
  gdb: debuggerInner,
  lldb: debuggerInner,
  socat: ({ args }) => args.flatMap((arg) => (isKnown(arg) ? socatAddress(arg) : nothing)),
  nc: netcatInner,
  ncat: netcatInner,
  netcat: netcatInner,
  'nc.traditional': netcatInner,
  at: scheduleInner,
  batch: scheduleInner,
  crontab: crontabInner,
  expect: ({ args }) => optionCode(args),
  nix: nixInner,
  'nix-shell': nixInner,
  watchexec: ({ args }) => restOf(args, '-w -e -i -s -d -f -n --watch --exts --ignore --signal --debounce --filter --shell'),
  'cargo-watch': ({ args }) => shellOption(args, /^(-s|--shell)$/, /^--shell=([^]+)$/),
  cargo: ({ args }) => (args[0] === 'watch' ? shellOption(args, /^(-s|--shell)$/, /^--shell=([^]+)$/) : nothing),
  nodemon: ({ args }) => shellOption(args, /^(-x|--exec)$/, /^--exec=([^]+)$/),
  concurrently: scriptsInner,
  'npm-run-all': scriptRunnerInner,
  'npm-run-all2': scriptRunnerInner,
  'run-s': scriptRunnerInner,
  'run-p': scriptRunnerInner,
  just: justInner,
  task: taskInner,
  'go-task': taskInner,
  cmd: commandPromptInner,
  wget: ({ args }) => shellOption(args, /^--use-askpass$/, /^--use-askpass=([^]+)$/),
  go: ({ args }) => shellOption(args, /^(-exec|-toolexec)$/, /^-(?:exec|toolexec)=([^]+)$/),
  openssl: ({ args }) => (args.includes('-engine') ? [{ kind: 'doubt', reason: 'a library is loaded by openssl' }] : nothing),
  compgen: ({ args }) => shellOption(args, /^-C$/, /^-C([^]+)$/),
  complete: ({ args }) => shellOption(args, /^-C$/, /^-C([^]+)$/),
};

function shellOption(
  args: readonly Word[],
  name: RegExp,
  attached: RegExp,
  matters: (text: string) => boolean = () => true,
): readonly Inner[] {
  return args.flatMap((arg, index): readonly Inner[] => {
    if (!isKnown(arg)) return nothing;
    const text = name.test(arg) ? args[index + 1] : attached.exec(arg)?.[1];
    if (text === undefined || (isKnown(text) && !matters(text))) return nothing;
    return [{ kind: 'script', text }];
  });
}

function restOf(args: readonly Word[], valued: string): readonly Inner[] {
  const { rest } = readOptions(args, { valued });
  return rest.length === 0 ? nothing : [{ kind: 'script', text: joinWords(rest) }];
}

function proxyCommand(arg: string): readonly Inner[] {
  const text = /^(?:-o)?\s*(?:ProxyCommand|LocalCommand|KnownHostsCommand|Match\s+exec)\s*[= ]\s*([^]+)$/i.exec(arg)?.[1];
  return text === undefined || text === 'none' ? nothing : [{ kind: 'script', text }];
}

const compressors = /^(gzip|bzip2|xz|zstd|lz4|pigz|pbzip2|lbzip2|lzip|lzma|lzop|compress|pixz|zstdmt|brotli)( |$)/;

function tarInner({ args }: InnerQuestion): readonly Inner[] {
  const actions = args.flatMap((arg, index): readonly Inner[] => {
    const value = isKnown(arg)
      ? (/^--checkpoint-action=([^]*)$/.exec(arg)?.[1] ?? (arg === '--checkpoint-action' ? args[index + 1] : undefined))
      : undefined;
    if (value === undefined) return nothing;
    if (!isKnown(value)) return unknownInner('what tar runs is not known');
    return value.startsWith('exec=') ? [{ kind: 'script', text: value.slice('exec='.length) }] : nothing;
  });
  const others = shellOption(
    args,
    /^(-I|-F|--use-compress-program|--to-command|--info-script|--new-volume-script|--rmt-command|--rsh-command)$/,
    /^(?:-I|--(?:use-compress-program|to-command|info-script|new-volume-script|rmt-command|rsh-command)=)([^]+)$/,
    (text) => !compressors.test(text),
  );
  return [...actions, ...others];
}

/** GNU sed: `e` runs a command, the flag `e` of `s` runs what it made. */
function sedInner({ args }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: '-e --expression -f --file -l -E' });
  const given = read.options.filter(({ name }) => name === '-e' || name === '--expression').map(({ value }) => value);
  const scripts = given.length > 0 || read.options.some(({ name }) => name === '-f' || name === '--file') ? given : read.rest.slice(0, 1);
  if (args.includes('--sandbox')) return nothing;
  return scripts.flatMap((script) => (isKnown(script) ? sedCommands(script) : nothing));
}

function sedCommands(script: string): readonly Inner[] {
  const inners: Inner[] = [];
  const substitution = /(?:^|[;{}\n\s\d$,/!])s([^\w\s\\])((?:\\[^]|(?!\1)[^])*)\1((?:\\[^]|(?!\1)[^])*)\1([a-zA-Z0-9]*)/g;
  const rest = script.replaceAll(substitution, (_, _mark: string, _from: string, to: string, flags: string) => {
    if (/e/.test(flags.replace(/w.*/, '')))
      inners.push(/[&\\]/.test(to) ? { kind: 'unknown', reason: 'sed runs what it replaced' } : { kind: 'script', text: to });
    return ';';
  });
  const direct = /(?:^|[;{}\n]|\d|\$|\/)\s*e(?:\s+([^\n;}]+))?\s*(?:$|[\n;}])/.exec(rest);
  if (direct !== null && !/[aic]\\?\s/.test(rest.slice(0, direct.index)))
    inners.push(
      direct[1] === undefined ? { kind: 'unknown', reason: 'sed runs the lines of its input' } : { kind: 'script', text: direct[1] },
    );
  return inners;
}

function socatAddress(arg: string): readonly Inner[] {
  const match = /^(EXEC|SYSTEM|SHELL):(.+?)(?:,(?:pty|stderr|setsid|ctty|sane|sigint|su=|fdin|nofork|pipes|echo|raw|rawer)\b.*)?$/is.exec(
    arg,
  );
  const text = match?.[2]?.replace(/^(["'])([^]*)\1$/, '$2');
  return text === undefined ? nothing : [{ kind: 'script', text, apart: true }];
}

function netcatInner({ args }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: '-e -c --exec --sh-exec --lua-exec -p -s -w -i -q -g -G -o -x -X' });
  const text = optionValue(read, '-e', '-c', '--exec', '--sh-exec') ?? later(args);
  return text === undefined ? nothing : [{ kind: 'script', text, apart: true }];
}

/** `nc host 4444 -e /bin/sh`: options after the address. */
function later(args: readonly Word[]): Word | undefined {
  const at = args.findIndex((arg) => isKnown(arg) && /^(-[a-z]*[ec]|--exec|--sh-exec)$/.test(arg));
  return at < 0 ? undefined : args[at + 1];
}

function scheduleInner({ args, input, piped, file }: InnerQuestion): readonly Inner[] {
  const at = args.indexOf('-f');
  const path = at < 0 ? undefined : args[at + 1];
  const text = path === undefined ? input : file(path);
  if (args.some((arg) => isKnown(arg) && /^-[lrcdq]$/.test(arg) && arg !== '-q')) return nothing;
  return text !== undefined
    ? [{ kind: 'script', text, apart: true }]
    : piped || path !== undefined
      ? unknownInner('what is scheduled is not known')
      : nothing;
}

function crontabInner({ args, input, piped, file }: InnerQuestion): readonly Inner[] {
  const { rest, options } = readOptions(args, { valued: '-u' });
  if (options.some(({ name }) => /^-[lr]$/.test(name))) return nothing;
  const [path] = rest;
  const text = path === undefined || path === '-' ? input : file(path);
  if (!isKnown(text)) return path === undefined && !piped ? nothing : unknownInner('what is scheduled is not known');
  return text.split('\n').flatMap((line): readonly Inner[] => {
    const command = /^\s*(?:@\w+|(?:[^\s#=]+\s+){4}[^\s=]+)\s+(.+)$/.exec(line)?.[1];
    return command === undefined ? nothing : [{ kind: 'script', text: command, apart: true }];
  });
}

function optionCode(args: readonly Word[]): readonly Inner[] {
  const at = args.indexOf('-c');
  const text = at < 0 ? undefined : args[at + 1];
  if (text === undefined) return args.length === 0 ? nothing : [{ kind: 'doubt', reason: 'a script of expect was not read' }];
  if (!isKnown(text)) return unknownInner('what expect runs is not known');
  const spawned = [...text.matchAll(/(?:^|[;\n])\s*(?:spawn|exec|system)\s+([^;\n]+)/g)].map(([, command = '']): Inner => ({
    kind: 'script',
    text: command,
  }));
  return spawned.length > 0 || /^[^[\]$]*$/.test(text) ? spawned : unknownInner('what expect runs is not known');
}

function nixInner({ args }: InnerQuestion): readonly Inner[] {
  const scripts = shellOption(args, /^(--run|--command)$/, /^--(?:run|command)=([^]+)$/);
  if (scripts.length > 0) return scripts;
  const at = args.findIndex((arg) => arg === '-c' || arg === '--');
  return at < 0 || at === args.length - 1 ? nothing : [{ kind: 'words', words: args.slice(at + 1) }];
}

/** `concurrently "npm:a" "cmd"`: each argument is a text of its own, or a script of the package. */
function scriptsInner({ args, file }: InnerQuestion): readonly Inner[] {
  return readOptions(args, { valued: '-n -c -m -p -s --names --prefix-colors --max-processes --prefix --success' }).rest.flatMap(
    (text): readonly Inner[] => {
      const [, name, rest = ''] = isKnown(text) ? (/^(?:npm|yarn|pnpm|bun|node|deno):(\S+)([^]*)$/.exec(text) ?? []) : [];
      return name === undefined ? [{ kind: 'script', text }] : scriptsNamed(name, rest.split(/\s+/).filter(Boolean), undefined, file);
    },
  );
}
