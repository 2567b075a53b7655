import type { FileUse, Word } from '../analysis.ts';
import type { Language } from '../inner.ts';
import { anything, isKnown } from '../word-parts.ts';
import type { Call } from './calls.ts';
import type { Token } from './tokens.ts';
import { isList, valueOf, type CodeValue, type Variables } from './values.ts';

const unknown: Word = { ...anything('a file'), many: false };

/** The files that a call deletes, writes or reads. `script` is given what a file name with a pipe in it runs. */
export function filesOf(
  call: Call,
  values: readonly CodeValue[],
  variables: Variables,
  language: Language,
  script: (text: Word) => void,
): readonly FileUse[] {
  switch (call.effect) {
    case 'delete':
    case 'deleteTree':
      return targets(call, values, variables).map((target) => ({
        mode: 'delete',
        target,
        ...(call.effect === 'deleteTree' ? { recursive: true } : {}),
      }));
    case 'write':
    case 'read':
      return targets(call, values.slice(0, 1), variables)
        .filter((target) => isKnown(target) || !isMethod(call))
        .map((target) => ({ mode: call.effect === 'read' ? 'read' : 'write', target }));
    case 'move':
      return [
        { mode: 'delete', target: word(values[0]), recursive: true },
        { mode: 'write', target: word(values[1]) },
      ];
    case 'copy':
      return [
        { mode: 'read', target: word(values[0]) },
        { mode: 'write', target: word(values[1]) },
      ];
    case 'open':
      return language === 'perl' ? openPerl(values, script) : open(values, script);
    default:
      return [];
  }
}

function word(value: CodeValue | undefined): Word {
  return value === undefined || isList(value) ? unknown : value;
}

/** A method of a value (`path.unlink()`) rather than a function of a module. */
function isMethod({ name, args }: Call): boolean {
  return name.includes('.') && args.length === 0;
}

/** The arguments; without any, what the method is called on. */
function targets({ name, receiver }: Call, values: readonly CodeValue[], variables: Variables): readonly Word[] {
  const ofPath = receiver.length > 0 && (values.length === 0 || /(^|\.)(write_text|write_bytes)$/.test(name));
  const own = ofPath ? valueOf(receiver, variables) : undefined;
  if (own !== undefined) return isList(own) ? own : [own];
  const texts = values.flatMap((value): readonly Word[] => (isList(value) ? value : value === '' ? [] : [value]));
  // Options follow the paths; what is not known behind a known one is one of them.
  const [first, ...rest] = texts;
  return first === undefined
    ? [unknown]
    : [first, ...rest.filter((text) => isKnown(text) || text.parts.some((part) => part !== undefined))];
}

function open(values: readonly CodeValue[], script: (text: Word) => void): readonly FileUse[] {
  const target = word(values[0]);
  if (isKnown(target) && target.startsWith('|')) {
    script(target.slice(1));
    return [];
  }
  const mode = values[1] === undefined ? 'r' : word(values[1]);
  if (!isKnown(mode))
    return [
      { mode: 'read', target },
      { mode: 'write', target },
    ];
  return [{ mode: /[wax+]/.test(mode) ? 'write' : 'read', target }];
}

/** `open(F, ">x")`, `open(F, ">", "x")`, `open(F, "cmd|")`, `open(F, "-|", "cmd")`. */
function openPerl(values: readonly CodeValue[], script: (text: Word) => void): readonly FileUse[] {
  const [, how, ...rest] = values.map(word);
  if (how === undefined) return [];
  if (!isKnown(how)) return [{ mode: 'read', target: how }];
  // A copy of a handle that is open already.
  if (/^[+<>]*&/.test(how.trim())) return [];
  if (rest.length === 0) {
    const text = how.trim();
    if (text.startsWith('|') || text.endsWith('|')) script(text.replaceAll(/^\||\|$/g, ''));
    else return [{ mode: text.startsWith('>') || text.startsWith('+') ? 'write' : 'read', target: text.replace(/^[+<>]+\s*/, '') }];
    return [];
  }
  if (how.includes('|')) {
    script(rest.every(isKnown) ? rest.join(' ') : (rest[0] ?? unknown));
    return [];
  }
  return [{ mode: /[>+]/.test(how) ? 'write' : 'read', target: rest[0] ?? unknown }];
}

/** The hosts in the addresses that a piece of code holds. */
export function hostsOf(tokens: readonly Token[]): readonly string[] {
  const hosts = tokens.flatMap((token) => {
    const text =
      token.kind === 'string' ? token.pieces.map((piece) => (piece !== undefined && 'text' in piece ? piece.text : '')).join('') : '';
    const host =
      /[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\s@]*@)?([A-Za-z0-9.-]+|\[[^\]]*\])/i.exec(text)?.[1] ??
      /^((?:[a-z0-9-]+\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3}|localhost)$/i.exec(text)?.[1];
    return host === undefined ? [] : [host.toLowerCase()];
  });
  return [...new Set(hosts)];
}
