import type { Word } from './analysis.ts';
import { nothing, type Inner, type InnerQuestion } from './inner.ts';
import { readOptions } from './options.ts';
import { isKnown } from './word-parts.ts';
import { joinWords } from './wrapped.ts';

/** Settings whose value is a command: with `git -c name=value` it runs at once, with `git config` at some later time. */
const commands =
  /^(core\.(pager|editor|sshcommand|askpass|fsmonitor|gitproxy|alternaterefscommand)|sequence\.editor|credential(\..*)?\.helper|diff\.external|diff\..*\.(command|textconv)|difftool\..*\.cmd|mergetool\..*\.cmd|merge\..*\.driver|filter\..*\.(clean|smudge|process)|gpg(\..*)?\.program|pager\..*|interactive\.difffilter|uploadpack\.packobjectshook|remote\..*\.(uploadpack|receivepack)|sendemail\..*cmd|browser\..*\.cmd|man\..*\.cmd|web\.browser)$/i;

const globalValued = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--exec-path',
  '--super-prefix',
  '--config-env',
  '--attr-source',
]);

/** The commands that git runs for its arguments: aliases, settings, `bisect run`, `rebase --exec`, `submodule foreach` … */
export function gitInner({ args }: InnerQuestion): readonly Inner[] {
  const inners: Inner[] = [];
  const aliases = new Map<string, Word>();
  let directory: Word | undefined;
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at];
    if (!isKnown(arg) || !arg.startsWith('-')) break;
    if (arg === '-c') setting(args[at + 1], aliases, inners);
    if (arg === '-C') directory = args[at + 1];
    if (globalValued.has(arg)) at += 1;
  }
  const [command, ...rest] = args.slice(at);
  const own = isKnown(command) ? [...aliasInner(aliases.get(command), rest), ...commandInner(command, rest)] : [];
  return [...inners, ...own].map((inner) => (directory === undefined ? inner : { ...inner, directory }));
}

function setting(word: Word | undefined, aliases: Map<string, Word>, inners: Inner[]): void {
  if (word === undefined) return;
  const text = isKnown(word) ? word : (word.parts[0] ?? '');
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals));
  const value: Word = isKnown(word) ? word.slice(equals + 1) : { ...word, parts: [text.slice(equals + 1), ...word.parts.slice(1)] };
  if (name.toLowerCase().startsWith('alias.')) aliases.set(name.slice('alias.'.length), value);
  else if (equals < 0 && !isKnown(word)) inners.push({ kind: 'unknown', reason: 'a setting of git is not known' });
  else if (commands.test(name)) inners.push(...settingInner(name, value));
}

/** A helper without `!` or a path is a name of git's own. Booleans switch a built-in on. */
function settingInner(name: string, value: Word): readonly Inner[] {
  if (!isKnown(value)) return [{ kind: 'script', text: value }];
  if (/^(true|false|)$/i.test(value) || /^(cat|less|more)$/.test(value)) return nothing;
  if (/helper$/i.test(name))
    return value.startsWith('!')
      ? [{ kind: 'script', text: value.slice(1) }]
      : value.includes('/')
        ? [{ kind: 'script', text: value }]
        : nothing;
  return [{ kind: 'script', text: value }];
}

function aliasInner(alias: Word | undefined, rest: readonly Word[]): readonly Inner[] {
  if (alias === undefined) return nothing;
  if (!isKnown(alias)) return [{ kind: 'unknown', reason: 'an alias of git is not known' }];
  if (!alias.startsWith('!')) return [{ kind: 'words', words: ['git', ...alias.split(/\s+/).filter(Boolean), ...rest] }];
  return [{ kind: 'script', text: joinWords([alias.slice(1), ...rest]) }];
}

function commandInner(command: string, args: readonly Word[]): readonly Inner[] {
  switch (command) {
    case 'bisect':
      return args[0] === 'run' && args.length > 1 ? [{ kind: 'words', words: args.slice(1) }] : nothing;
    case 'rebase':
      return optionTexts(args, /^(--exec|-x)$/, /^(?:--exec=|-x)([^]+)$/);
    case 'submodule': {
      const at = args.indexOf('foreach');
      const words = at < 0 ? [] : readOptions(args.slice(at + 1), { valued: '' }).rest;
      return words.length === 0 ? nothing : [{ kind: 'script', text: joinWords(words) }];
    }
    case 'filter-branch':
      return optionTexts(args, /^--[a-z]+-filter$/, /^--[a-z]+-filter=([^]+)$/);
    case 'filter-repo':
      return optionTexts(args, /^--[a-z-]+-callback$/, /^--[a-z-]+-callback=([^]+)$/).map((inner): Inner =>
        inner.kind === 'script' ? { kind: 'code', language: 'python', text: inner.text } : inner,
      );
    case 'difftool':
    case 'mergetool':
      return optionTexts(args, /^(-x|--extcmd)$/, /^--extcmd=([^]+)$/);
    case 'grep':
      return optionTexts(args, /^$/, /^(?:-O|--open-files-in-pager=)([^]+)$/);
    case 'clone':
    case 'fetch':
    case 'pull':
    case 'push':
    case 'ls-remote':
      return [
        ...optionTexts(
          args,
          command === 'clone' ? /^(-u|--upload-pack)$/ : /^--(upload-pack|receive-pack|exec)$/,
          /^--(?:upload-pack|receive-pack|exec)=([^]+)$/,
        ),
        ...extTransport(args),
        ...cloneSettings(command, args),
      ];
    case 'config':
      return configInner(args);
    default:
      return nothing;
  }
}

function optionTexts(args: readonly Word[], name: RegExp, attached: RegExp): readonly Inner[] {
  return args.flatMap((arg, index): readonly Inner[] => {
    if (!isKnown(arg)) return nothing;
    const text = name.test(arg) && arg !== '' ? args[index + 1] : attached.exec(arg)?.[1];
    return text === undefined ? nothing : [{ kind: 'script', text }];
  });
}

/** `ext::command` is an address that runs a command. */
function extTransport(args: readonly Word[]): readonly Inner[] {
  return args.flatMap((arg): readonly Inner[] => {
    const text = isKnown(arg) ? arg : (arg.parts[0] ?? '');
    if (!text.startsWith('ext::')) return nothing;
    return isKnown(arg)
      ? [{ kind: 'script', text: arg.slice('ext::'.length) }]
      : [{ kind: 'unknown', reason: 'an address runs a command that is not known' }];
  });
}

function cloneSettings(command: string, args: readonly Word[]): readonly Inner[] {
  const inners: Inner[] = [];
  if (command === 'clone')
    for (const [at, arg] of args.entries()) if (arg === '-c' || arg === '--config') setting(args[at + 1], new Map(), inners);
  return inners;
}

/** `git config alias.x '!cmd'` and `core.pager cmd`: what is set now runs with a later call of git. */
function configInner(args: readonly Word[]): readonly Inner[] {
  const words = args.filter((word) => !(isKnown(word) && (word.startsWith('--') || word === 'set')));
  const [name, value] = words;
  if (!isKnown(name) || value === undefined) return nothing;
  if (name.toLowerCase().startsWith('alias.'))
    return isKnown(value) && value.startsWith('!') ? [{ kind: 'script', text: value.slice(1) }] : nothing;
  return commands.test(name) ? settingInner(name, value) : nothing;
}
