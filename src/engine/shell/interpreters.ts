import type { Word } from './analysis.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion, type Language } from './inner.ts';
import { isKnown } from './word-parts.ts';

interface Interpreter {
  readonly language: Language;
  /** Options behind which the code stands, in their own word. */
  readonly code: RegExp;
  /** Options that take the next word. */
  readonly valued?: RegExp;
  /** Options after which no file follows: `-m module`. */
  readonly module?: RegExp;
  /** Words before a file: `deno run FILE`. */
  readonly verbs?: RegExp;
}

const python: Interpreter = { language: 'python', code: /^-[bBdEhiIOqsSuvx]*c$/, valued: /^-[WX]$/, module: /^-[bBdEiIOqsSuvx]*m$/ };
const node: Interpreter = {
  language: 'javascript',
  code: /^(-[a-z]*[ep]|--eval|--print)$/,
  valued: /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|--title|--input-type)$/,
};
const perl: Interpreter = { language: 'perl', code: /^-[acdfilnpstTuUvwWX0-9]*[eE]$/, valued: /^-[IMmx]$/ };
const ruby: Interpreter = { language: 'ruby', code: /^-[aclnpsSvwW0-9]*e$/, valued: /^-[CIrE]$/ };
const lua: Interpreter = { language: 'lua', code: /^-e$/, valued: /^-l$/ };

const other: Interpreter = { language: 'other', code: /^(-c|-e|--eval|--execute|-E|-eval)$/ };

const interpreters: Readonly<Record<string, Interpreter>> = {
  python,
  pypy: python,
  node,
  nodejs: node,
  tsx: node,
  'ts-node': node,
  iojs: node,
  electron: node,
  bun: { ...node, verbs: /^run$/ },
  deno: { ...node, code: /^eval$/, verbs: /^run$/, valued: /^(-c|--config|--import-map)$/ },
  perl,
  ruby,
  jruby: ruby,
  irb: ruby,
  php: { language: 'php', code: /^(-r|--run|-B|-R|-E)$/, valued: /^-[cdz]$/ },
  lua,
  luajit: lua,
  texlua: lua,
  Rscript: { language: 'r', code: /^-e$/ },
  R: { language: 'r', code: /^-e$/, valued: /^(-f|--file)$/ },
  osascript: { language: 'applescript', code: /^-e$/, valued: /^-[ls]$/ },
  tclsh: other,
  guile: other,
  ghci: other,
  runghc: other,
  julia: other,
  groovy: other,
  scala: other,
  elixir: other,
  erl: other,
  raku: other,
  clojure: other,
  sbcl: other,
  racket: other,
  octave: other,
};

function interpreterOf(name: string): Interpreter | undefined {
  const plain = name.replace(/[\d.]+w?$/, '');
  return Object.hasOwn(interpreters, plain) ? interpreters[plain] : undefined;
}

/** Whether a program of this name runs code in a language other than the shell's. */
export function isInterpreter(name: string): boolean {
  return interpreterOf(name) !== undefined;
}

/** What an interpreter of a language other than the shell's runs: code in its arguments, a file, or what is piped into it. */
export function interpreterInner(question: InnerQuestion): readonly Inner[] | undefined {
  const interpreter = interpreterOf(question.name);
  return interpreter === undefined ? undefined : read(interpreter, question);
}

function read(interpreter: Interpreter, { args, piped }: InnerQuestion): readonly Inner[] {
  const { language } = interpreter;
  const code: Inner[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === undefined) break;
    if (!isKnown(arg)) return code.length > 0 ? code : unknownArgument(arg, language, args.slice(at + 1));
    if (interpreter.module?.test(arg) === true) return nothing;
    if (interpreter.code.test(arg)) {
      const text = args[at + 1];
      if (text !== undefined) code.push({ kind: 'code', language, text });
      at += 1;
    } else if (attached(interpreter, arg) !== undefined) code.push({ kind: 'code', language, text: attached(interpreter, arg) ?? '' });
    else if (arg === '-') return [{ kind: 'input', language, args: args.slice(at + 1) }];
    else if (/^(--version|--help|-V|-v|-h|--check)$/.test(arg) && args.length === 1) return nothing;
    else if (interpreter.valued?.test(arg) === true) at += 1;
    else if (arg.startsWith('-') || interpreter.verbs?.test(arg) === true) continue;
    else if (code.length > 0) return code;
    else if (isSubcommand(language, arg)) return nothing;
    else return [{ kind: 'file', language, path: arg, args: args.slice(at + 1), shellFile: false }];
  }
  if (code.length > 0) return code;
  return piped ? [{ kind: 'input', language, args: [] }] : nothing;
}

/** `bun test`, `deno fmt`: a word that names no file. */
function isSubcommand(language: Language, arg: string): boolean {
  return language === 'javascript' && /^[a-z:-]+$/.test(arg);
}

/** `-e'print 1'` in one word, `--eval=…`. */
function attached({ language }: Interpreter, arg: string): string | undefined {
  const eval_ = /^--(?:eval|print|run)=([^]+)$/.exec(arg)?.[1];
  if (eval_ !== undefined) return eval_;
  if (language === 'python') return /^-[bBdEIOqsSuv]*c([^]+)$/.exec(arg)?.[1];
  if (language === 'perl') return /^-[alnpwsi0-9]*[eE]([^]+)$/.exec(arg)?.[1];
  if (language === 'ruby') return /^-[alnpw]*e([^]+)$/.exec(arg)?.[1];
  return language === 'php' ? /^-r([^]+)$/.exec(arg)?.[1] : undefined;
}

/** A file whose name is not known runs something; `python $FLAGS` does, too. */
function unknownArgument(arg: Exclude<Word, string>, language: Language, args: readonly Word[]): readonly Inner[] {
  if (arg.parts[0]?.startsWith('-') === true) return unknownInner('what the interpreter runs is not known');
  return [{ kind: 'file', language, path: arg, args, shellFile: false }];
}

/** The language of a file by its name's end. */
export function languageOf(path: string): Language | undefined {
  const end = /\.([a-z][a-z\d]*)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(ends, end) ? ends[end] : undefined;
}

const ends: Readonly<Record<string, Language>> = {
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'javascript',
  pl: 'perl',
  rb: 'ruby',
  php: 'php',
  lua: 'lua',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  ps1: 'powershell',
};

/** The language that the first line of a file names; `undefined` where the file has no such line. */
export function languageOfText(text: string): Language | undefined {
  const program = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(?:\S*\/)?([\w.-]+)/.exec(text)?.[1];
  if (program === undefined) return undefined;
  return /^(ba|z|da|k|a)?sh$/.test(program) ? 'shell' : interpreterOf(program)?.language;
}
