import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';

/**
 * A shipped policy file without the tests beside its rules: they have passed when a package is made, and are nearly half of the text. They
 * stay in the sources, and on the page of the rules. Throws where anything else would be lost.
 */
export function withoutTests(text: string): string {
  const kept: string[] = [];
  let deeper: number | undefined;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (deeper !== undefined && (indent === -1 || indent > deeper)) continue;
    deeper = /^\s+tests:\s*(#.*)?$/.test(line) ? indent : undefined;
    if (deeper === undefined) kept.push(line);
  }
  const short = kept.join('\n');
  if (!isDeepStrictEqual(parse(short), stripped(parse(text)))) throw new Error('Leaving out the tests of a policy would leave out more.');
  return short;
}

function stripped(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((item) => stripped(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name, member]) => !(name === 'tests' && typeof member === 'object' && depth > 0));
  return Object.fromEntries(members.map(([name, member]) => [name, stripped(member, depth + 1)]));
}
