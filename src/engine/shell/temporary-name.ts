import type { Word } from './analysis.ts';
import { readOptions } from './options.ts';
import { concat, isKnown, unknownOutput } from './word-parts.ts';

/** What `mktemp` writes: a name that nobody knows, in a folder that its words tell. */
export function temporaryName(args: readonly Word[]): Word {
  const { options, rest } = readOptions(args, { valued: '-p --suffix' });
  const [template] = rest;
  const folder = options.find(({ name }) => name === '-p' || name === '--tmpdir')?.value;
  const inFolder = options.some(({ name }) => /^(-[dqu]*[pt]|--tmpdir)$/.test(name));
  if (rest.length > 1 || (template !== undefined && !isKnown(template))) return unknownOutput;
  const within = folder === undefined ? (inFolder || template === undefined ? '/tmp/' : '') : concat([folder, '/']);
  // On BSD and macOS a template without its letters to replace is a prefix.
  return within === '' && template !== undefined ? filled(template) : named(within, template ?? '');
}

function filled(template: string): Word {
  const found = /^(.*?)X{3,}([^X/]*)$/s.exec(template);
  return found?.[1] === undefined ? unknownOutput : unknownPath([found[1], undefined, found[2] ?? '']);
}

function named(within: Word, template: string): Word {
  const found = isKnown(within) && !template.includes('/') ? unknownPath([within, undefined]) : concat([within, unknownName]);
  return template.includes('..') ? unknownOutput : found;
}

const unknownName = unknownPath([undefined]);

function unknownPath(parts: readonly (string | undefined)[]): Exclude<Word, string> {
  return { parts: parts.filter((part) => part !== ''), many: false, names: true, text: '$(mktemp)' };
}
