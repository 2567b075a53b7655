import { isCollection, isScalar, visit, type Document, type Node, type YAMLError } from 'yaml';

/** What is wrong with the text of a document, and between which of its characters. */
export interface YamlFault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Faults that stand alone. Any other leaves the rest of the text without meaning: what follows from it is not worth a word. */
const independent: ReadonlySet<YAMLError['code']> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_ALIAS']);

/** What to tell a person of the errors that the library found in a document: causes, at the characters that have to change. */
export function yamlFaults(document: Document.Parsed, source: string): readonly YamlFault[] {
  const errors = [...document.errors, ...document.warnings];
  if (errors.length === 0) return [];
  const alone = errors.filter(({ code }) => independent.has(code));
  const cascading = errors.filter(({ code }) => !independent.has(code)).toSorted((a, b) => a.pos[0] - b.pos[0]);
  const cause = cascading.find(({ code }) => code === 'TAB_AS_INDENT') ?? cascading[0];
  if (cause === undefined) return alone.map((error) => faultOf(error, source));
  const open = cause.code === 'TAB_AS_INDENT' ? [] : unclosed(document, source);
  return open.length > 0 ? open : [faultOf(cause, source), ...alone.map((error) => faultOf(error, source))];
}

function faultOf({ code, pos, message }: YAMLError, source: string): YamlFault {
  // A wrong indentation is seen at the word behind it.
  const blanks = code === 'TAB_AS_INDENT' ? 0 : (/^ +/.exec(source.slice(pos[0], pos[0] + 500))?.[0].length ?? 0);
  const start = pos[0] + blanks;
  return { start, end: Math.max(pos[1], wordEnd(source, start)), message: clearer(code, source.slice(start, start + 1), message) };
}

/** The library marks one character of a key; the whole word is easier to see. */
function wordEnd(source: string, start: number): number {
  return start + Math.max(1, /^[\w-]*/.exec(source.slice(start, start + 100))?.[0].length ?? 0);
}

function clearer(code: YAMLError['code'], char: string, message: string): string {
  if (char === '*' && code === 'BAD_ALIAS') return 'a pattern that begins with "*" needs quotes';
  if (message === 'Nested mappings are not allowed in compact mappings')
    return 'a text with ": " in it needs quotes, and the fields of a map begin in one column';
  return message;
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '"': '"', "'": "'" };

/** Brackets and quotes without their end, where they begin: the library notices them at the end of the text. */
function unclosed(document: Document.Parsed, source: string): readonly YamlFault[] {
  const found: YamlFault[] = [];
  visit(document, (_, node) => {
    if (!isDelimited(node)) return;
    const [start = 0, end = 0] = node.range ?? [];
    const open = source.slice(start, start + 1);
    const close = closing[open];
    if (close === undefined || (end - start > 1 && source[end - 1] === close)) return;
    found.push({ start, end: start + 1, message: `this ${open} has no ${close}` });
  });
  return found;
}

function isDelimited(node: unknown): node is Node {
  if (isScalar(node)) return node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  return isCollection(node) && node.flow === true;
}
