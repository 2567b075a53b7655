import type { Word } from './analysis.ts';
import { decode, decoding } from './decode.ts';
import { printed } from './printf.ts';
import { temporaryName } from './temporary-name.ts';
import { anything, concat, isKnown, unknownOutput } from './word-parts.ts';

/** What a command is asked about its output with. */
export interface OutputQuestion {
  readonly args: readonly Word[];
  /** Standard input, where it is known. */
  readonly input: Word | undefined;
  /** The text of a file, where it is known. */
  readonly file: (path: Word) => Word | undefined;
  readonly directory: () => Word;
}

/** What a program writes to its standard output, as far as that follows from its words and its input. */
export function outputOf(name: string, question: OutputQuestion): Word {
  const { args, input } = question;
  if (silent.has(name)) return '';
  if (name === 'echo') return echoed(args);
  if (name === 'printf') return args[0] === '-v' ? '' : printed(args);
  if (name === 'cat' || name === 'tee' || name === 'bat') return cat(name, question);
  if (name === 'pwd') return concat([question.directory(), '\n']);
  if (name === 'which' || name === 'command' || name === 'type') return located(name, args);
  if (name === 'basename' && isKnown(args[0]) && args.length === 1) return `${args[0].slice(args[0].lastIndexOf('/') + 1)}\n`;
  if (name === 'dirname' && isKnown(args[0]) && args.length === 1) return `${directoryOf(args[0])}\n`;
  if (name === 'mktemp') return temporaryName(args);
  if (plain.has(name) || isSetup(name, args)) return anything(`$(${name})`, 'environment');
  // Reading a file takes longer than all the rest: only for the programs whose output can be worked out.
  if (!decoding.has(name)) return unknownOutput;
  return decode(name, args, input ?? fileInput(question)) ?? unknownOutput;
}

const silent = new Set([
  ':',
  'true',
  'false',
  'cd',
  'export',
  'set',
  'shift',
  'unset',
  'read',
  'test',
  '[',
  'local',
  'readonly',
  'exit',
  'return',
  'mkdir',
  'touch',
  'rm',
  'cp',
  'mv',
  'chmod',
  'sleep',
  'wait',
  'shopt',
  'trap',
  'alias',
  'unalias',
]);
/** Programs that write a number, a date or a name about the machine or the repository. */
const plain = new Set([
  'date',
  'nproc',
  'uname',
  'hostname',
  'whoami',
  'id',
  'wc',
  'arch',
  'sysctl',
  'getconf',
  'tput',
  'sw_vers',
  'dpkg-architecture',
  'uuidgen',
  'pgrep',
  'pidof',
  'lsof',
]);

function echoed(args: readonly Word[]): Word {
  let at = 0;
  let escapes = false;
  let end = '\n';
  for (let option = args[at]; isKnown(option) && /^-[neE]+$/.test(option); option = args[at]) {
    if (option.includes('n')) end = '';
    if (option.includes('e')) escapes = true;
    at += 1;
  }
  const words = args.slice(at).flatMap((word, index) => (index === 0 ? [word] : [' ', word]));
  const text = concat([...words, end]);
  return escapes && isKnown(text) ? printed(['%b', text]) : text;
}

function cat(name: string, { args, input, file }: OutputQuestion): Word {
  const files = args.filter((word) => !isKnown(word) || word === '-' || !word.startsWith('-'));
  if (name === 'tee' || files.length === 0) return input ?? unknownOutput;
  return concat(files.map((word) => (word === '-' ? input : file(word)) ?? unknownOutput));
}

function located(name: string, args: readonly Word[]): Word {
  const words = name === 'which' ? args : args.slice(1);
  const wanted = words[0];
  if (name !== 'which' && !(isKnown(args[0]) && /^-[vpPt]+$/.test(args[0]))) return unknownOutput;
  return words.length === 1 && isKnown(wanted) && !wanted.startsWith('-') ? `${wanted}\n` : unknownOutput;
}

function directoryOf(path: string): string {
  const at = path.replace(/\/+$/, '').lastIndexOf('/');
  return at < 0 ? '.' : at === 0 ? '/' : path.slice(0, at);
}

const environmentTools = new Set([
  'pyenv',
  'rbenv',
  'nodenv',
  'goenv',
  'jenv',
  'starship',
  'zoxide',
  'direnv',
  'opam',
  'fnm',
  'mise',
  'asdf',
  'rtx',
  'conda',
  'mamba',
  'micromamba',
  'luarocks',
  'thefuck',
  'atuin',
  'fzf',
  'minikube',
]);

/** Programs whose output is made to be evaluated by a shell when it starts. */
function isSetup(name: string, args: readonly Word[]): boolean {
  const [first, second] = args;
  if (name === 'ssh-agent' || name === 'dircolors' || name === 'gpg-agent') return true;
  if (name === 'git')
    return args.includes('rev-parse') || args.includes('branch') || args.includes('merge-base') || args.includes('rev-list');
  if (name === 'brew') return first === 'shellenv' || first === '--prefix';
  if (environmentTools.has(name))
    return (
      typeof first === 'string' &&
      /^(init|virtualenv-init|hook|env|activate|path|shell\.\w+|export|docker-env|--bash|--zsh|--alias|shell)$/.test(first)
    );
  return first === 'completion' && (second === 'bash' || second === 'zsh');
}

/** The one file that a filter reads when nothing is piped into it. */
function fileInput({ args, file }: OutputQuestion): Word | undefined {
  const files = args.filter((word) => !isKnown(word) || !word.startsWith('-'));
  return files.length === 1 && files[0] !== undefined ? file(files[0]) : undefined;
}
