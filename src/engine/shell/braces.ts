const maxWords = 128;
const maxLength = 1_000;

/**
 * What a word with braces becomes before anything else is expanded: `a{b,c}` and `{1..3}`, quotes left in place. `undefined` when it
 * would be too many words.
 */
export function expandBraces(text: string): readonly string[] | undefined {
  if (text.length > maxLength) return undefined;
  const found = firstBrace(text);
  if (found === undefined) return [text];
  const { start, end, items } = found;
  const tails = expandBraces(text.slice(end));
  if (tails === undefined || tails.length * items.length > maxWords) return undefined;
  const words: string[] = [];
  for (const item of items) {
    const heads = found.sequence ? [item] : expandBraces(item);
    if (heads === undefined) return undefined;
    for (const head of heads) for (const tail of tails) words.push(text.slice(0, start) + head + tail);
    if (words.length > maxWords) return undefined;
  }
  return words;
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly items: readonly string[];
  readonly sequence: boolean;
}

function firstBrace(text: string): Brace | undefined {
  for (let at = 0; at < text.length; at = skip(text, at)) {
    if (text[at] !== '{') continue;
    const brace = readBrace(text, at);
    if (brace !== undefined) return brace;
  }
  return undefined;
}

function readBrace(text: string, start: number): Brace | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let at = start; at < text.length; at = skip(text, at)) {
    const char = text[at];
    if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) commas.push(at);
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return closed(text, start, at, commas);
    }
  }
  return undefined;
}

function closed(text: string, start: number, end: number, commas: readonly number[]): Brace | undefined {
  if (commas.length === 0) {
    const items = sequence(text.slice(start + 1, end));
    return items === undefined ? undefined : { start, end: end + 1, items, sequence: true };
  }
  const edges = [start, ...commas, end];
  return { start, end: end + 1, items: edges.slice(1).map((edge, index) => text.slice((edges[index] ?? 0) + 1, edge)), sequence: false };
}

function sequence(text: string): readonly string[] | undefined {
  const match = /^(-?\d{1,9}|[A-Za-z])\.\.(-?\d{1,9}|[A-Za-z])(?:\.\.(-?\d{1,9}))?$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const letters = /[A-Za-z]/.test(match[1]) && /[A-Za-z]/.test(match[2]);
  if (!letters && (/[A-Za-z]/.test(match[1]) || /[A-Za-z]/.test(match[2]))) return undefined;
  const [from, to] = letters ? [match[1].charCodeAt(0), match[2].charCodeAt(0)] : [Number(match[1]), Number(match[2])];
  const step = Math.max(1, Math.abs(Number(match[3] ?? 1)));
  if (Math.abs(to - from) / step >= maxWords) return undefined;
  const width = !letters && /^-?0\d/.test(match[1]) ? match[1].length : 0;
  const items: string[] = [];
  for (let at = from; from <= to ? at <= to : at >= to; at += from <= to ? step : -step)
    items.push(letters ? String.fromCharCode(at) : String(at).padStart(width, '0'));
  return items;
}

/** The place after a character, or after a quoted or escaped piece or an expansion that begins there. */
function skip(text: string, at: number): number {
  const char = text[at];
  if (char === '\\') return at + 2;
  if (char === "'" || char === '`') return past(text, at, char);
  if (char === '"') return pastDouble(text, at);
  if (char === '$' && (text[at + 1] === '{' || text[at + 1] === '(')) return pastNested(text, at + 1);
  return at + 1;
}

function past(text: string, at: number, quote: string): number {
  const end = text.indexOf(quote, at + 1);
  return end < 0 ? text.length : end + 1;
}

function pastDouble(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next += text[next] === '\\' ? 2 : 1) if (text[next] === '"') return next + 1;
  return text.length;
}

function pastNested(text: string, at: number): number {
  const close = text[at] === '{' ? '}' : ')';
  let depth = 0;
  for (let next = at; next < text.length;) {
    const char = text[next];
    if (char === text[at]) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return next + 1;
    }
    next = char === '\\' ? next + 2 : char === "'" ? past(text, next, char) : char === '"' ? pastDouble(text, next) : next + 1;
  }
  return text.length;
}
