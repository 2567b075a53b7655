/** Takes secrets that are known out of texts, whichever way they are written there. */
export interface KnownValues {
  readonly inText: (text: string) => string;
  /** A line of JSON: what stands around them stays as it is written, and the line stays JSON. */
  readonly inJson: (line: string) => string;
}

/** Shorter ones would be found in every text. */
export const shortestKnown = 6;

/** `values` by name: raw, in base64 (also as a part of more), and as a part of an address. */
export function knownValues(values: ReadonlyMap<string, string>): KnownValues {
  const spellings = [...values].flatMap(([name, value]) =>
    [...spellingsOf(value)].map((written) => ({ written, mark: `[secret ${name}]` })),
  );
  // The longest first: a part of one may be all of another.
  const sorted = spellings.filter(({ written }) => written.length >= shortestKnown).toSorted((a, b) => b.written.length - a.written.length);
  const inText = (text: string): string =>
    sorted.reduce((left, { written, mark }) => (left.includes(written) ? left.replaceAll(written, mark) : left), text);
  return { inText, inJson: (line) => (mayHold(line, sorted) ? inTokens(line, inText) : line) };
}

/** A value that is written with escapes does not show before they are read. */
function mayHold(line: string, sorted: readonly { readonly written: string }[]): boolean {
  return line.includes('\\') || sorted.some(({ written }) => line.includes(written));
}

function spellingsOf(value: string): ReadonlySet<string> {
  if (value.length < shortestKnown) return new Set();
  const address = encodeURIComponent(value.toWellFormed());
  const small = address.replaceAll(/%../g, (code) => code.toLowerCase());
  return new Set([value, address, small, address.replaceAll('%20', '+'), ...base64Of(value)]);
}

/** Whole, and as it shows inside of more: there it depends on the place in threes where it begins, and its ends mix with what is beside it. */
function base64Of(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const parts = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
  });
  // Six characters of the middle say nothing yet; from nine bytes on they do.
  const standard = [bytes.toString('base64'), ...(bytes.length < 9 ? [] : parts)];
  return [...standard, ...standard.map((text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))];
}

/** Texts and numbers one by one. */
function inTokens(line: string, inText: (text: string) => string): string {
  const out: string[] = [];
  let from = 0;
  while (from < line.length) {
    const start = line.indexOf('"', from);
    out.push(numbersIn(line.slice(from, start === -1 ? line.length : start), inText));
    if (start === -1) break;
    const end = endOfText(line, start);
    out.push(textToken(line.slice(start, end), inText));
    from = end;
  }
  return out.join('');
}

function textToken(written: string, inText: (text: string) => string): string {
  if (!written.includes('\\')) return inText(written);
  const text = read(written);
  if (text === undefined) return inText(written);
  const without = inText(text);
  return without === text ? written : JSON.stringify(without);
}

function numbersIn(text: string, inText: (text: string) => string): string {
  return inText(text) === text
    ? text
    : text.replaceAll(/[^\s,:[\]{}]+/g, (token) => (inText(token) === token ? token : JSON.stringify(inText(token))));
}

function endOfText(line: string, start: number): number {
  for (let at = line.indexOf('"', start + 1); at !== -1; at = line.indexOf('"', at + 1)) {
    let escapes = 0;
    while (line[at - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return line.length;
}

function read(written: string): string | undefined {
  try {
    return String(JSON.parse(written));
  } catch {
    return undefined;
  }
}
