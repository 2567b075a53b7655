import type { UnknownWord, Word } from '../shell/analysis.ts';

/** A word with known text around it. */
export function around(before: string, word: Word, after = ''): Word {
  if (typeof word === 'string') return `${before}${word}${after}`;
  const [first, ...rest] = word.parts;
  const head = first === undefined ? (before === '' ? [undefined] : [before, undefined]) : [before + first];
  const parts = [...head, ...rest];
  const last = parts.at(-1);
  if (after !== '') {
    if (last === undefined) parts.push(after);
    else parts[parts.length - 1] = last + after;
  }
  return { ...word, parts, text: `${before}${word.text}${after}` };
}

/** `folder/name`, where `name` is the last name of a word. */
export function within(folder: Word, source: Word): Word | undefined {
  const name = lastName(source);
  if (name === undefined) return undefined;
  if (typeof folder === 'string') return around(folder.endsWith('/') ? folder : `${folder}/`, name);
  return typeof name === 'string' ? around('', folder, `/${name}`) : undefined;
}

/** The last name of a path; `undefined` where that is not known. */
export function lastName(word: Word): Word | undefined {
  if (typeof word === 'string') {
    const name = word.replace(/\/+$/, '');
    const last = name.slice(name.lastIndexOf('/') + 1);
    return last === '' || last === '.' || last === '..' ? undefined : last;
  }
  return word.names ? nameOfPattern(word) : undefined;
}

function nameOfPattern(word: UnknownWord): Word | undefined {
  const at = word.parts.findLastIndex((part) => part?.includes('/') === true);
  const part = word.parts[at] ?? '';
  const rest = part.slice(part.lastIndexOf('/') + 1);
  const parts = [...(at >= 0 && rest === '' ? [] : at >= 0 ? [rest] : []), ...word.parts.slice(at + 1)];
  return parts.length === 0 ? undefined : { ...word, parts };
}

/** Whether a word names a folder for sure, by its look. */
export function looksLikeFolder(word: Word): boolean {
  if (typeof word !== 'string') return word.parts.at(-1)?.endsWith('/') === true;
  return word.endsWith('/') || /^(~|\.|\.\.|\/tmp|\/var\/tmp|\/usr\/local\/bin|\/etc)$/.test(word) || /\/\.\.?$/.test(word);
}

/** What follows a known text at the beginning of a word; `undefined` where it does not begin so. */
export function afterPrefix(word: Word, prefix: string): Word | undefined {
  if (typeof word === 'string') return word.startsWith(prefix) ? word.slice(prefix.length) : undefined;
  const [first, ...rest] = word.parts;
  if (first === undefined || !first.startsWith(prefix)) return undefined;
  return { ...word, parts: first.length === prefix.length ? rest : [first.slice(prefix.length), ...rest] };
}

export function textOf(word: Word): string {
  return typeof word === 'string' ? word : word.text;
}
