/** The line, counted from 1, in which the member at `path` begins. The text is valid JSON; where the path ends early, so does the search. */
export function lineOf(text: string, path: readonly (string | number)[]): number {
  let at = skipSpace(text, 0);
  for (const step of path) {
    const found = childOf(text, at, step);
    if (found === undefined) break;
    at = found;
  }
  return text.slice(0, at).split('\n').length;
}

/** The line of which `JSON.parse` complains. */
export function lineOfFault(text: string, fault: unknown): number {
  const said = fault instanceof Error ? fault.message : '';
  const position = /at position (\d+)/.exec(said)?.[1];
  const end = position !== undefined ? Number(position) : /end of JSON/.test(said) ? text.length : 0;
  return text.slice(0, end).split('\n').length;
}

/** Where a member's value begins; of two with the same name the last one, which is the one that counts. */
function childOf(text: string, start: number, step: string | number): number | undefined {
  const open = text[start];
  if (open !== '{' && open !== '[') return undefined;
  let found: number | undefined;
  let index = 0;
  let at = skipSpace(text, start + 1);
  while (at < text.length && text[at] !== '}' && text[at] !== ']') {
    const nameEnd = open === '{' ? skipString(text, at) : at;
    const name = open === '{' ? String(JSON.parse(text.slice(at, nameEnd))) : index;
    const value = open === '{' ? skipSpace(text, skipSpace(text, nameEnd) + 1) : at;
    if (name === (open === '{' ? String(step) : Number(step))) found = value;
    index += 1;
    at = skipSpace(text, skipValue(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

function skipValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') at = skipString(text, at) - 1;
    else if ('{['.includes(character)) depth += 1;
    else if ('}]'.includes(character) && depth > 0) depth -= 1;
    else if ('}],'.includes(character) && depth === 0) return at;
  }
  return text.length;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
