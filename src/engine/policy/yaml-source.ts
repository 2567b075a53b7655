import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node, type Scalar } from 'yaml';
import type { Position } from './position.ts';
import { scalarOffsets } from './scalar-offsets.ts';
import { yamlFaults } from './yaml-errors.ts';

/** A document as plain data, with a way back to where each part of it was written. */
export interface YamlDocument {
  readonly value: unknown;
  readonly where: (path: readonly PropertyKey[]) => Position;
  /** The key of the last step of the path, where it is a field. */
  readonly whereKey: (path: readonly PropertyKey[]) => Position;
  /** A range inside a string, in characters of its value. */
  readonly whereIn: (path: readonly PropertyKey[], start: number, end: number) => Position;
}

export interface YamlProblem {
  readonly position: Position;
  readonly message: string;
}

export interface YamlSource {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

const maxNodes = 50_000;
const maxDepth = 64;

/** Reads YAML into plain data. Never throws; aliases and nesting are bounded. Empty documents are left out. */
export function readYaml(written: string): YamlSource {
  // Neither editors nor people count a byte order mark, and the library takes it for a column.
  const source = written.replace(/^\ufeff/, '');
  const lines = new LineCounter();
  const position = (start: number, end: number): Position => positionOf(lines, source, start, end);
  try {
    const parsed = parseAllDocuments(source, {
      lineCounter: lines,
      schema: 'core',
      uniqueKeys: true,
      stringKeys: true,
      prettyErrors: false,
    });
    const documents = [...parsed];
    const problems = documents
      .flatMap((document) => yamlFaults(document, source))
      .map(({ start, end, message }) => ({ position: position(start, end), message: `YAML: ${message}` }));
    if (problems.length > 0) return { documents: [], problems };
    const budget = { left: maxNodes };
    return collect(
      documents.filter((document) => !isEmpty(document)),
      source,
      budget,
      position,
    );
  } catch (cause) {
    return {
      documents: [],
      problems: [{ position: position(0, 0), message: `YAML: ${cause instanceof Error ? cause.message : String(cause)}` }],
    };
  }
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function collect(
  documents: readonly Document[],
  source: string,
  budget: Budget,
  position: (start: number, end: number) => Position,
): YamlSource {
  const read: YamlDocument[] = [];
  for (const document of documents) {
    const reader = new Reader(document, source, budget, position);
    try {
      read.push(reader.read());
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      return { documents: [], problems: [{ position: position(cause.start, cause.end), message: `YAML: ${cause.message}` }] };
    }
  }
  return { documents: read, problems: [] };
}

interface Budget {
  left: number;
}

class Unreadable extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, node: Node | undefined) {
    super(message);
    this.start = node?.range?.[0] ?? 0;
    this.end = node?.range?.[1] ?? 0;
  }
}

/** Walks the tree itself rather than through the library's `toJS`, so that every step is counted and remembers its place. */
class Reader {
  readonly #document: Document;
  readonly #source: string;
  readonly #budget: Budget;
  readonly #position: (start: number, end: number) => Position;
  readonly #values = new Map<string, Node>();
  readonly #keys = new Map<string, Node>();
  /** Where the value of a path, or of a path that it is inside of, is taken from elsewhere. */
  readonly #aliases = new Map<string, Node>();

  constructor(document: Document, source: string, budget: Budget, position: (start: number, end: number) => Position) {
    this.#document = document;
    this.#source = source;
    this.#budget = budget;
    this.#position = position;
  }

  read(): YamlDocument {
    const value = this.#node(this.#document.contents, [], 0);
    const where = (path: readonly PropertyKey[]): Position => this.#range(this.#alias(path) ?? this.#nearest(path));
    return {
      value,
      where,
      whereKey: (path) => {
        const key = this.#alias(path) ?? this.#keys.get(keyOf(path));
        return key === undefined ? where(path) : this.#range(key);
      },
      whereIn: (path, start, end) => {
        const node = this.#values.get(keyOf(path));
        return isScalar(node) ? this.#inside(node, start, end) : where(path);
      },
    };
  }

  #nearest(path: readonly PropertyKey[]): Node | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const found = this.#values.get(keyOf(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What is right where it was written may be wrong where it is used. */
  #alias(path: readonly PropertyKey[]): Node | undefined {
    if (this.#aliases.size === 0) return undefined;
    for (let length = 1; length <= path.length; length += 1) {
      const found = this.#aliases.get(keyOf(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A list or map is shown by its first line: many lines with marks hide the one that matters. */
  #range(node: Node | undefined): Position {
    const [start = 0, end = 0] = node?.range ?? [];
    const text = this.#source.slice(start, end);
    const shown = isMap(node) || isSeq(node) ? (text.split(/\r?\n/, 1)[0] ?? '') : text;
    // Of an empty item, its dash is what can be seen.
    const dash = text === '' && this.#source[start - 1] === '-' ? 1 : 0;
    return this.#position(start - dash, start + shown.trimEnd().length);
  }

  #inside(scalar: Scalar, start: number, end: number): Position {
    const offsets = scalarOffsets(this.#source, scalar);
    const last = offsets.length - 1;
    const from = offsets[Math.min(start, last)] ?? 0;
    const lastChar = offsets[Math.min(Math.max(end - 1, start), last)] ?? from;
    // An escape is longer in the source than in the value: the end is where the next character starts, on the same line.
    const next = offsets[Math.min(Math.max(end, start + 1), last)] ?? lastChar + 1;
    const sameLine = next > lastChar && !/[\r\n]/.test(this.#source.slice(lastChar, next));
    return this.#position(from, sameLine ? next : lastChar + 1);
  }

  #node(node: unknown, path: readonly PropertyKey[], depth: number): unknown {
    this.#budget.left -= 1;
    const place = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node : undefined;
    if (this.#budget.left < 0) throw new Unreadable(`more than ${maxNodes} values, counting repeated aliases`, place);
    if (depth > maxDepth) throw new Unreadable(`nested deeper than ${maxDepth}`, place);
    if (isAlias(node)) {
      this.#aliases.set(keyOf(path), node);
      return this.#node(node.resolve(this.#document) ?? unresolved(node), path, depth + 1);
    }
    if (place !== undefined) this.#values.set(keyOf(path), place);
    if (isScalar(node)) return plainScalar(node);
    if (isSeq(node)) return node.items.map((item, index) => this.#node(item, [...path, index], depth + 1));
    if (isMap(node)) return this.#map(node.items, path, depth);
    return null;
  }

  #map(items: readonly { readonly key: unknown; readonly value: unknown }[], path: readonly PropertyKey[], depth: number): unknown {
    // No prototype: a key such as __proto__ is data like any other.
    const result: Record<string, unknown> = Object.create(null);
    for (const { key, value } of items) {
      if (!isScalar(key)) throw new Unreadable('a key must be plain text', isMap(key) || isSeq(key) || isAlias(key) ? key : undefined);
      const name = String(key.value);
      if (name === '<<')
        throw new Unreadable('merge keys ("<<") are not supported; repeat the fields or use an alias for the whole value', key);
      const inner = [...path, name];
      this.#keys.set(keyOf(inner), key);
      result[name] = this.#node(value, inner, depth + 1);
      // Nothing was written there: the name of the field is what can be seen.
      if (!this.#values.has(keyOf(inner)) || isAbsent(value)) this.#values.set(keyOf(inner), key);
    }
    return result;
  }
}

function unresolved(node: Node): never {
  throw new Unreadable('this alias has no anchor before it; a pattern that begins with "*" needs quotes', node);
}

function isAbsent(value: unknown): boolean {
  return isScalar(value) && value.range !== undefined && value.range !== null && value.range[0] === value.range[1];
}

function plainScalar(node: Scalar): unknown {
  const value = node.value;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Unreadable('only text, numbers, true, false, null, lists and maps are understood', node);
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function positionOf(lines: LineCounter, source: string, start: number, end: number): Position {
  const from = lines.linePos(Math.min(start, source.length));
  const until = lines.linePos(Math.min(Math.max(end, start), source.length));
  return {
    line: Math.max(from.line, 1),
    column: Math.max(from.col, 1),
    endLine: Math.max(until.line, 1),
    endColumn: Math.max(until.col, 1),
  };
}
