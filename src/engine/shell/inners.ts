import { containerInner, kubeInner, machineInner, screenInner, tmuxInner } from './inner-containers.ts';
import { findInner, parallelInner, xargsInner } from './inner-find.ts';
import { gitInner } from './inner-git.ts';
import { makeInner, packageInner, runnerInner } from './inner-packages.ts';
import { programInners } from './inner-programs.ts';
import { optionScript, pathInner, shellInner, shells, sourceInner } from './inner-shells.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { awkInner } from './inner-awk.ts';
import { interpreterInner } from './interpreters.ts';
import { readOptions } from './options.ts';
import { isPowerShell, powershellInner } from './powershell/inner.ts';
import { isKnown } from './word-parts.ts';
import { wrapped } from './wrapped.ts';

/** Everything that a program runs besides itself. `program` is as written, the name in the question without its folder. */
export function innersOf(program: string, question: InnerQuestion): readonly Inner[] {
  const { name, args } = question;
  if (shells.has(name)) return shellInner(question);
  if (isPowerShell(name)) return powershell(question);
  const special = Object.hasOwn(readers, name) ? readers[name] : undefined;
  const own = special?.(question) ?? interpreterInner(question);
  const listed = Object.hasOwn(programInners, name) ? (programInners[name]?.(question) ?? nothing) : nothing;
  const found = [...(own ?? nothing), ...listed, ...(own === undefined ? wrapped(question) : nothing)];
  return found.length === 0 && own === undefined && program.includes('/') ? pathInner(program, args) : found;
}

type Reader = (question: InnerQuestion) => readonly Inner[];

const readers: Readonly<Record<string, Reader>> = {
  source: sourceInner,
  '.': sourceInner,
  find: findInner,
  gfind: findInner,
  fd: findInner,
  fdfind: findInner,
  xargs: xargsInner,
  gxargs: xargsInner,
  parallel: parallelInner,
  git: gitInner,
  trap: trapInner,
  su: ({ args, piped }) => suInner(args, piped),
  runuser: runuserInner,
  script: (question) => scriptInner(question),
  flock: flockInner,
  env: envInner,
  sudo: (question) => sudoInner(question),
  docker: containerInner,
  podman: containerInner,
  nerdctl: containerInner,
  finch: containerInner,
  'docker-compose': containerInner,
  'podman-compose': containerInner,
  kubectl: kubeInner,
  oc: kubeInner,
  k3s: ({ args, ...question }) => (args[0] === 'kubectl' ? kubeInner({ ...question, args: args.slice(1) }) : nothing),
  vagrant: machineInner,
  gcloud: machineInner,
  multipass: machineInner,
  lxc: machineInner,
  incus: machineInner,
  machinectl: machineInner,
  wsl: machineInner,
  toolbox: machineInner,
  distrobox: machineInner,
  tmux: tmuxInner,
  byobu: tmuxInner,
  screen: screenInner,
  npm: packageInner,
  pnpm: packageInner,
  yarn: packageInner,
  npx: ({ args }) => runnerInner(args),
  bunx: ({ args }) => runnerInner(args),
  pnpx: ({ args }) => runnerInner(args),
  uvx: ({ args }) => runnerInner(args),
  pipx: ({ args }) => (args[0] === 'run' ? runnerInner(args.slice(1)) : nothing),
  bun: bunInner,
  make: makeInner,
  gmake: makeInner,
  awk: awkInner,
  gawk: awkInner,
  mawk: awkInner,
  nawk: awkInner,
  uv: ({ args, ...question }) => uvInner({ ...question, args }),
};

function trapInner({ args }: InnerQuestion): readonly Inner[] {
  const [text] = args[0] === '--' ? args.slice(1) : args;
  if (text === undefined || text === '-' || text === '' || (isKnown(text) && /^-[lp]$/.test(text))) return nothing;
  return [{ kind: 'script', text, same: true, later: true }];
}

function suInner(args: InnerQuestion['args'], piped: boolean): readonly Inner[] {
  const found = optionScript(args, true);
  return found.length === 0 && piped ? [{ kind: 'input', language: 'shell', args: [], privileged: true }] : found;
}

function runuserInner({ args, piped }: InnerQuestion): readonly Inner[] {
  const { rest, options } = readOptions(args, { valued: '-u --user -g --group -G --supp-group -s --shell -c --command' });
  const found = options.some(({ name }) => name === '-u') ? nothing : suInner(args, piped);
  if (found.length > 0) return found;
  return options.some(({ name }) => name === '-u' || name === '--user') && rest.length > 0
    ? [{ kind: 'words', words: rest, privileged: true }]
    : nothing;
}

/** `script -c TEXT FILE`; on BSD and macOS `script FILE COMMAND`. */
function scriptInner({ args }: InnerQuestion): readonly Inner[] {
  const { rest } = readOptions(args, { valued: '-c --command -T -t -I -O -B -m -E -o' });
  const found = optionScript(args.slice(0, args.length - Math.max(0, rest.length - 1)), false);
  if (found.length > 0) return found;
  return isKnown(rest[1]) && rest[1].startsWith('-')
    ? optionScript(rest.slice(1), false)
    : rest.length < 2
      ? nothing
      : [{ kind: 'words', words: rest.slice(1) }];
}

/** `flock FILE COMMAND`, `flock FILE -c TEXT`. */
function flockInner(question: InnerQuestion): readonly Inner[] {
  const { rest } = readOptions(question.args, { valued: '-w -E --timeout --wait --conflict-exit-code' });
  return rest[1] === '-c' || rest[1] === '--command' ? optionScript(rest.slice(1), false) : wrapped(question);
}

/** `env`, with `-S`, which splits a text into words. */
function envInner({ args }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: '-u -C -S -a -P --unset --chdir --split-string --argv0', assignments: true });
  const splits = read.options.find(({ name }) => name === '-S' || name === '--split-string');
  const directory = read.options.find(({ name }) => name === '-C' || name === '--chdir')?.value;
  const shared = {
    ...(read.assignments.length > 0 ? { assignments: read.assignments } : {}),
    ...(directory === undefined ? {} : { directory }),
  };
  if (splits === undefined) return read.rest.length === 0 ? nothing : [{ kind: 'words', words: read.rest, ...shared }];
  if (!isKnown(splits.value)) return unknownInner('what env splits into words is not known');
  const words = [...splits.value.matchAll(/(?:'[^']*'|"[^"]*"|\\[^]|[^\s'"\\])+/g)].map(([word]) =>
    word.replaceAll(
      /'([^']*)'|"([^"]*)"|\\_|\\([^])/g,
      (_, single?: string, double?: string, one?: string) => single ?? double ?? one ?? ' ',
    ),
  );
  return envInner({ name: 'env', args: [...words, ...read.rest], input: undefined, piped: false, file: () => undefined });
}

/** `sudo -s TEXT` and `sudo -i TEXT` give their words to a shell; `sudo -e` edits. */
function sudoInner(question: InnerQuestion): readonly Inner[] {
  const { args, piped } = question;
  const found = wrapped(question);
  const shell = args.some((arg) => isKnown(arg) && /^(-[a-zA-Z]*[si]|--shell|--login)$/.test(arg));
  return found.length === 0 && shell && piped ? [{ kind: 'input', language: 'shell', args: [], privileged: true }] : found;
}

function bunInner(question: InnerQuestion): readonly Inner[] {
  const { args } = question;
  if (args[0] === 'x') return runnerInner(args.slice(1));
  const script = args[0] === 'run' ? args[1] : undefined;
  const isFile = script !== undefined && isKnown(script) && /[./]/.test(script);
  return args[0] === 'run' && !isFile ? packageInner(question) : (interpreterInner(question) ?? nothing);
}

function uvInner(question: InnerQuestion): readonly Inner[] {
  const { args } = question;
  return args[0] === 'tool' && args[1] === 'run' ? runnerInner(args.slice(2)) : wrapped(question);
}

/** What PowerShell is given: a text of its own language, a file, or its standard input. */
function powershell({ name, args, piped }: InnerQuestion): readonly Inner[] {
  const inner = powershellInner(name, args);
  const language = 'powershell';
  if (inner === undefined || (inner.kind === 'input' && !piped)) return nothing;
  if (inner.kind === 'script') return [{ kind: 'code', language, text: inner.text }];
  if (inner.kind === 'file') return [{ kind: 'file', language, path: inner.path, args: inner.args, shellFile: false }];
  return inner.kind === 'input' ? [{ kind: 'input', language, args: [] }] : unknownInner(inner.reason);
}
