import { type Note, readNote } from './note.ts';

const checkpoint = /([^\s"\\]+)\n(?:0|[1-9]\d*)\n[A-Za-z0-9+/]{43}=\n\n(?:— [^\s"\\]+ [A-Za-z0-9+/]+=*\n)+/g;
/** A note in an entry, the entry in a record, the record in a receiver's own envelope. */
const deepest = 3;

/**
 * The checkpoints in what a receiver of the live export has kept: JSON in JSON, or JSON in a line of syslog. There may be some of
 * other logs among them.
 */
export function notesReceived(text: string): readonly Note[] {
  const found = new Set<string>();
  // Whatever the lines are, those with a note have its line breaks and dashes in them.
  let level = text
    .split('\n')
    .filter((line) => line.includes(String.raw`\n`) && /—|u2014/.test(line))
    .join('\n');
  for (let depth = 0; depth < deepest; depth += 1) {
    level = unescaped(level);
    for (const [note] of level.matchAll(checkpoint)) found.add(note);
  }
  return [...found].map(readNote);
}

const short: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Takes one level of JSON's backslashes away. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, character: string) =>
    code === undefined ? (short[character] ?? character) : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}
