import type { UnknownWord, Word } from './analysis.ts';
import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { optionValue, readOptions } from './options.ts';
import { anything, concat, isKnown } from './word-parts.ts';
import { joinWords } from './wrapped.ts';

const findRunners = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const fdRunners = new Set(['-x', '-X', '--exec', '--exec-batch']);

/** Every `-exec … ;` of a `find`; what is found stands for `{}`. */
export function findInner({ name, args }: InnerQuestion): readonly Inner[] {
  const runners = name === 'find' || name === 'gfind' ? findRunners : fdRunners;
  const found = foundBy(name, args);
  const inners: Inner[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (!isKnown(arg) || !runners.has(arg)) continue;
    const tail = args.slice(at + 1);
    const end = tail.findIndex((word, index) => word === ';' || (word === '+' && tail[index - 1] === '{}'));
    const words = (end < 0 ? tail : tail.slice(0, end)).map((word) => replaced(word, '{}', found));
    const more = runners === fdRunners && words.every((word) => isKnown(word)) && !tail.includes('{}') ? [found] : [];
    if (words.length > 0) inners.push({ kind: 'words', words: [...words, ...more], apart: true });
    if (end < 0) break;
    at += end + 1;
  }
  return inners;
}

/** What `find` may find: something below one of its starting points. */
function foundBy(name: string, args: readonly Word[]): Word {
  const starts =
    name === 'find' || name === 'gfind'
      ? args.slice(
          0,
          args.findIndex((arg) => isKnown(arg) && /^[-(!]/.test(arg) && !/^-[HLP]$/.test(arg)),
        )
      : [];
  const [first] = starts.filter((word) => !(isKnown(word) && /^-[HLP]$/.test(word)));
  const names = { many: false, names: false, text: '{}' };
  if (starts.length > 1) return { ...names, parts: [undefined] };
  if (first === undefined || first === '.') return { ...names, parts: ['./', undefined] };
  if (!isKnown(first)) return { ...first, parts: [...first.parts, '/', undefined], text: '{}', many: false };
  return { ...names, parts: [first.endsWith('/') ? first : `${first}/`, undefined] };
}

/** A word with something in place of a mark in it. */
function replaced(word: Word, mark: string, value: Word): Word {
  if (!isKnown(word) || !word.includes(mark)) return word;
  if (word === mark) return value;
  return concat(
    word.split(mark).flatMap((piece, index) => (index === 0 ? [piece] : [value, piece])),
    word,
  );
}

const xargsOptions =
  '-I -n -P -L -l -d -E -e -s -a -J -R --max-args --max-procs --max-lines --delimiter --replace --arg-file --max-chars --eof --process-slot-var';
const maxRuns = 32;

/** `xargs`: with what is piped into it as arguments, where that is known. */
export function xargsInner({ args, input, file }: InnerQuestion): readonly Inner[] {
  const read = readOptions(
    args.filter((word) => word !== '-i'),
    { valued: xargsOptions },
  );
  const command = read.rest.length === 0 ? ['echo'] : read.rest;
  const from = optionValue(read, '-a', '--arg-file');
  const text = from === undefined ? input : file(from);
  const mark = args.includes('-i') ? '{}' : (optionValue(read, '-I', '-J') ?? optionValue(read, '--replace'));
  if (mark !== undefined && !isKnown(mark)) return unknownInner('what xargs puts where is not known');
  const items = isKnown(text)
    ? itemsOf(
        text,
        read.options.map(({ name }) => name),
        optionValue(read, '-d', '--delimiter'),
        mark !== undefined,
      )
    : undefined;
  if (mark !== undefined) return withMark(command, mark, items);
  if (items === undefined) return [{ kind: 'words', words: [...command, unknownItems(text)], apart: true }];
  const size = Number(optionValue(read, '-n', '-L', '--max-args') ?? Infinity);
  return chunks(items, Number.isInteger(size) && size > 0 ? size : Infinity).map((chunk) => ({
    kind: 'words',
    words: [...command, ...chunk],
    apart: true,
  }));
}

function unknownItems(text: Word | undefined): UnknownWord {
  const word = anything('…');
  return text !== undefined && !isKnown(text) && text.origin !== undefined ? { ...word, origin: text.origin } : word;
}

function withMark(command: readonly Word[], mark: string, items: readonly string[] | undefined): readonly Inner[] {
  if (items === undefined || items.length > maxRuns) {
    const value: Word = { parts: [undefined], many: false, names: false, text: mark, origin: 'output' };
    return [{ kind: 'words', words: command.map((word) => replaced(word, mark, value)), apart: true }];
  }
  return items.map((item) => ({ kind: 'words', words: command.map((word) => replaced(word, mark, item)), apart: true }));
}

function itemsOf(text: string, options: readonly string[], delimiter: Word | undefined, lines: boolean): readonly string[] | undefined {
  if (options.some((name) => name === '-0' || name === '--null')) return text.split('\0').filter((item) => item !== '');
  if (delimiter !== undefined) return isKnown(delimiter) && delimiter.length === 1 ? text.split(delimiter) : undefined;
  if (/['"\\]/.test(text)) return quotedItems(text);
  return text
    .split(lines ? '\n' : /\s+/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function quotedItems(text: string): readonly string[] | undefined {
  const items = [...text.matchAll(/(?:'[^'\n]*'|"[^"\n]*"|\\[^]|[^\s'"\\])+/g)].map(([item]) =>
    item.replaceAll(
      /'([^'\n]*)'|"([^"\n]*)"|\\([^])/g,
      (_, single?: string, double?: string, one?: string) => single ?? double ?? one ?? '',
    ),
  );
  return items;
}

function chunks(items: readonly string[], size: number): readonly (readonly string[])[] {
  if (size >= items.length || items.length / size > maxRuns) return [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** GNU parallel: its command is a text for a shell; arguments follow `:::` or come from its input. */
export function parallelInner({ args, input }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, {
    valued:
      '-j --jobs -a --arg-file -N -n -I --joblog --results --delay --timeout --colsep -C -S --sshlogin --tmpdir --workdir --retries -L -P --max-procs -s',
  });
  const marks = read.rest.findIndex((word) => isKnown(word) && /^:{3,4}\+?$/.test(word));
  const command = marks < 0 ? read.rest : read.rest.slice(0, marks);
  const values =
    marks >= 0 && read.rest[marks] === ':::'
      ? read.rest.slice(marks + 1)
      : isKnown(input) && marks < 0
        ? input.split('\n').filter(Boolean)
        : undefined;
  if (command.length === 0) {
    if (values === undefined) return unknownInner('parallel runs what it reads');
    return values.slice(0, maxRuns).map((text) => ({ kind: 'script', text, apart: true }));
  }
  const text = joinWords(command);
  if (values === undefined || values.length > maxRuns)
    return [{ kind: 'script', text: filled(text, { ...anything('{}'), origin: 'environment' }), apart: true }];
  return values.length === 0 ? nothing : values.map((value) => ({ kind: 'script', text: filled(text, value), apart: true }));
}

function filled(text: Word, value: Word): Word {
  if (!isKnown(text)) return text;
  return text.includes('{}') ? replaced(text, '{}', value) : concat([text, ' ', value]);
}
