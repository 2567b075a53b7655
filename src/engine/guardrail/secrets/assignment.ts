/** A name that is set to a value, in whatever language, header, command line or document: what both say, and where. */
export interface Assignment {
  /** In lower case, without `_`, `-`, `.` and spaces; with up to two words that stand before it. */
  readonly name: string;
  readonly nameEnd: number;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Whether nothing but a space stood between the two: `api key 4f…`. */
  readonly spoken: boolean;
  /** Whether the value stood between quotes: then it is a text, and no expression. */
  readonly quoted: boolean;
  /** `Bearer` and the like, in lower case, if the value began with it. */
  readonly scheme: string;
}

/** Names that are longer are none. */
const longestName = 60;

/** The assignment whose name has a character just before `at`, if there is one. Looks at a few thousand characters at most. */
export function assignmentAt(text: string, at: number): Assignment | undefined {
  const nameEnd = endOfName(text, at);
  const after = operatorAfter(text, nameEnd);
  if (after === undefined) return undefined;
  const value = valueAt(text, after.end, after.needsQuote);
  if (value === undefined) return undefined;
  const nameStart = startOfName(text, at);
  // `"AWS::KMS::Key": "…"` speaks of a type.
  if (text.slice(nameStart - 2, nameStart) === '::' && /["']/.test(text[nameEnd] ?? '')) return undefined;
  const name = text.slice(nameStart, nameEnd);
  return { name: plainName(name), nameEnd, spoken: after.spoken, ...value };
}

/** The name as it is compared: `Api-Key`, `api_key` and `apiKey` are one. */
export function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

const nameCharacter = /[\w.-]/;

const restOfName = /[\w.-]{0,60}/y;

function endOfName(text: string, at: number): number {
  restOfName.lastIndex = at;
  restOfName.test(text);
  return Math.max(at, restOfName.lastIndex);
}

function startOfName(text: string, at: number): number {
  let start = at;
  let words = 0;
  while (start > 0 && at - start < longestName) {
    const before = text[start - 1] ?? '';
    if (before === ' ' && nameCharacter.test(text[start - 2] ?? '')) words += 1;
    else if (!nameCharacter.test(before)) break;
    if (words > 2) break;
    start -= 1;
  }
  return start;
}

// Up to two more words or a type, what closes a quote or an index, then what sets a value. Every part has an end.
const operators =
  /(?<words>(?: [\w.-]{1,20}){0,2})(?<close>\\?["'`]?[\])]?)(?:\s{0,8}(?:(?::\s{0,2}(?:&?(?:'static )?(?:str|string|String|Optional\[str\]|any)\s{0,2})?)?(?:!?={1,3}>?|\|\|=|\?\?=|%3D)|:{1,3}=|[?+.]=|:{1,2}|=>|->)|>|(?<list>\s{0,3},\s{0,3}["']?value["']?\s{0,2}[:=]| {1,4}value=)|(?<call>\s{0,2}[,(]| is:? )|(?<line>\n {0,12}value:| \{\s{1,12}(?:(?:description|type) {0,12}=[^\n]{0,200}\n\s{1,12}){0,2}default {0,12}=)|(?<space> ))/iy;

interface Operator {
  readonly end: number;
  /** `setToken("…")`, `--token …`: what follows without a quote is rarely the value. */
  readonly needsQuote: boolean;
  readonly spoken: boolean;
}

function operatorAfter(text: string, nameEnd: number): Operator | undefined {
  operators.lastIndex = nameEnd;
  const groups = operators.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const end = operators.lastIndex;
  const flag = groups['space'] !== undefined;
  return { end, needsQuote: groups['call'] !== undefined, spoken: flag && !isFlag(text, nameEnd) };
}

/** `--password x`, `-p x`. */
function isFlag(text: string, nameEnd: number): boolean {
  let start = nameEnd;
  while (start > 0 && nameEnd - start < longestName && nameCharacter.test(text[start - 1] ?? '')) start -= 1;
  return text[start] === '-';
}

const opening =
  /[ \t]{0,40}(?:\r?\n[ \t]{0,16})?(?:[|>][+-]?\s{1,16})?(?:[a-z]{0,2}(?<quote>\\?["'`]{1,3}))?(?<scheme>(?:Bearer|Basic|Token|ApiKey|SSWS|Digest) )?/iy;
const unquoted = /[^\s"'`,;<>(){}[\]\\|&]{1,4000}/y;
const closings: Readonly<Record<string, RegExp>> = { '"': /[^"\n\\]{1,4000}/y, "'": /[^'\n\\]{1,4000}/y, '`': /[^`\n\\]{1,4000}/y };

const nextName = /^[A-Za-z_][\w.]*=/;
const nextKey = /^[A-Za-z_][\w.-]*:$/;

type Value = Pick<Assignment, 'value' | 'start' | 'end' | 'quoted' | 'scheme'>;

function valueAt(text: string, at: number, needsQuote: boolean): Value | undefined {
  opening.lastIndex = at;
  const groups = opening.exec(text)?.groups;
  const quotes = groups?.['quote'];
  const quote = quotes?.at(-1);
  // Two quotes are an empty text, and behind them is something else.
  if ((quote === undefined && needsQuote) || (quotes?.length === 2 && quotes[0] === quote)) return undefined;
  const start = opening.lastIndex;
  const body = quote === undefined ? unquoted : (closings[quote] ?? unquoted);
  body.lastIndex = start;
  const value = body.exec(text)?.[0];
  // What is called is no value, nor is the next name, after one that is set to nothing.
  if (value === undefined || (quote === undefined && text[body.lastIndex] === '(' && /^[\w.]+$/.test(value))) return undefined;
  if (quote === undefined && (text[at - 1] === '=' ? nextName : nextKey).test(value) && text.slice(at, start).includes('\n'))
    return undefined;
  return { value, start, end: start + value.length, quoted: quote !== undefined, scheme: (groups?.['scheme'] ?? '').trim().toLowerCase() };
}
