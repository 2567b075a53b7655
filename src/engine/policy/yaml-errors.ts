import { isCollection, isScalar, visit, type Document, type Node, type YAMLError } from 'yaml';

/** What is wrong with the text of a document, and between which of its characters. */
export interface YamlFault {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Faults that stand alone. Any other leaves the text without meaning: what follows from it is not worth a word. */
const independent: ReadonlySet<YAMLError['code']> = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_ALIAS']);

/** What to tell a person of the errors that the library found in a document: causes, at the characters that have to change. */
export function yamlFaults(document: Document.Parsed, source: string): readonly YamlFault[] {
  const errors = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const cause = errors.find(({ code }) => !independent.has(code));
  if (cause === undefined) return errors.map((error) => faultOf(error, source));
  const tab = errors.flatMap(({ pos }) => tabBefore(source, pos[0]))[0];
  if (tab !== undefined) return [tab];
  const open = unclosed(document, source);
  return open.length > 0 ? open : [faultOf(cause, source)];
}

/** A tab in front of what could not be understood, which is seldom what the library complains about. */
function tabBefore(source: string, at: number): readonly YamlFault[] {
  const line = source.lastIndexOf('\n', at - 1) + 1;
  const tabs = /^ *(?<tabs>\t+)/.exec(source.slice(line, line + 200));
  if (tabs === null) return [];
  const end = line + tabs[0].length;
  return [{ start: end - (tabs.groups?.['tabs']?.length ?? 1), end, message: 'Tabs are not allowed as indentation' }];
}

function faultOf({ code, pos, message }: YAMLError, source: string): YamlFault {
  // A wrong indentation is seen at the word behind it.
  const start = pos[0] + (/^ +/.exec(source.slice(pos[0], pos[0] + 500))?.[0].length ?? 0);
  const line = source.slice(start, Math.max(pos[1], wordEnd(source, start))).split(/\r?\n/, 1)[0] ?? '';
  return { start, end: start + line.length, message: clearer(code, source.slice(start, start + 1), message) };
}

/** The library marks one character of a key; the whole word is easier to see. */
function wordEnd(source: string, start: number): number {
  return start + Math.max(1, /^([\w-]+|\\.)/.exec(source.slice(start, start + 100))?.[0].length ?? 0);
}

const clearerMessages: Readonly<Record<string, string>> = {
  'Nested mappings are not allowed in compact mappings': 'a text with ": " in it needs quotes, and the fields of a map begin in one column',
  'A block sequence may not be used as an implicit map key': 'the items of a list begin in one column',
  'Sequence item without - indicator': 'an item of a list begins with "- ", and its fields in one column',
  'Implicit keys need to be on a single line': 'a field is followed by ":"',
  'Implicit map keys need to be followed by map values': 'a field is followed by ": "',
  'Missing directives-end/doc-start indicator line': 'a document after a directive begins with "---"',
};

function clearer(code: YAMLError['code'], char: string, message: string): string {
  if (char === '*' && code === 'BAD_ALIAS') return 'a pattern that begins with "*" needs quotes';
  if (char === '!' && code === 'TAG_RESOLVE_FAILED') return `${message}; a text that begins with "!" needs quotes`;
  return clearerMessages[message] ?? message;
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
