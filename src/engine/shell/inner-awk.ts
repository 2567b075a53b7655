import { nothing, unknownInner, type Inner, type InnerQuestion } from './inner.ts';
import { readOptions } from './options.ts';
import { isKnown } from './word-parts.ts';

/** The program text of awk: in its first word, behind `-e`, or in a file. */
export function awkInner({ args, file }: InnerQuestion): readonly Inner[] {
  const read = readOptions(args, { valued: '-F -v -f -e -i -E --file --source --assign --field-separator --include' });
  const texts = read.options.filter(({ name }) => name === '-e' || name === '--source').map(({ value }) => value);
  const files = read.options.filter(({ name }) => /^(-f|-E|--file)$/.test(name)).map(({ value }) => value);
  if (files.length > 0)
    return files.flatMap((path): readonly Inner[] => {
      const text = path === undefined ? undefined : file(path);
      return text === undefined ? nothing : [{ kind: 'code', language: 'awk', text }];
    });
  const programs = texts.length > 0 ? texts : read.rest.slice(0, 1);
  return programs.flatMap((text): readonly Inner[] => {
    if (text === undefined) return nothing;
    // Values of the environment in a program of awk are how people give it a column or a name.
    if (!isKnown(text) && text.origin !== 'environment') return unknownInner('what awk runs is not known');
    return [{ kind: 'code', language: 'awk', text }];
  });
}
