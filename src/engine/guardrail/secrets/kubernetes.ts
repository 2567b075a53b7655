import { isPlaceholder } from './worth.ts';

const before = 4_000;
const after = 8_000;

const heading = /(?:^|\n)[ \t]{0,8}["']?(?:data|stringData)["']?:[ \t]{0,4}\{?[ \t]{0,4}\r?\n/g;
/** A comment, or a name with its value, which may stand in the next line (`|`, `>`). */
const line =
  /[ \t]{1,12}(?:#[^\n]{0,300}|["']?[\w.-]{1,80}["']?:[ \t]{0,4}(?:[|>][+-]?[ \t]{0,4}\r?\n[ \t]{1,16})?["']?([A-Za-z0-9+/=_.:@!#$%^&*~-]{6,4000})["']?,?)[ \t]{0,4}(?:\r?\n|$)/y;

/** The values of the manifest around `kind: Secret`, which ends at `end`, as far as manifests go. */
export function kubernetesValues(text: string, end: number): readonly (readonly [number, number])[] {
  const start = Math.max(0, end - before);
  const from = start + text.slice(start, end).lastIndexOf('\n---') + 1;
  const whole = text.slice(from, end + after);
  const next = whole.indexOf('\n---', end - from);
  const manifest = next === -1 ? whole : whole.slice(0, next + 1);
  return [...manifest.matchAll(heading)].flatMap((match) => valuesAt(manifest, match.index + match[0].length, from));
}

function valuesAt(manifest: string, start: number, from: number): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  line.lastIndex = start;
  for (let match = line.exec(manifest); match !== null; match = line.exec(manifest)) {
    const value = match[1] ?? '';
    const at = from + match.index + match[0].lastIndexOf(value);
    if (value !== '' && !isPlaceholder(value)) found.push([at, at + value.length]);
  }
  return found;
}
