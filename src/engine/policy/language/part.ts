import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node, type Scalar } from 'yaml';

export type Path = readonly (string | number)[];

/** Offsets in the source; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a policy file as it is being written: there may be faults around it. */
export interface Part extends Span {
  readonly path: Path;
  readonly kind: 'map' | 'list' | 'text' | 'nothing';
  /** Where it is a field of a map. */
  readonly key?: Span & { readonly name: string };
  readonly parts: readonly Part[];
  /** Where it is a scalar: for the way from its value to its source. */
  readonly scalar?: Scalar;
  /** In `{}` or `[]`. */
  readonly isFlow: boolean;
  /** The column that it begins in, from 0. */
  readonly indent: number;
}

const maxDepth = 64;
const maxParts = 50_000;

export interface Tree {
  /** One for each document. */
  readonly roots: readonly Part[];
  /** Where the syntax is broken. */
  readonly faults: readonly Span[];
}

/** Never throws, and reads what it can of a file with faults. */
export function readTree(source: string): Tree {
  try {
    const documents = [...parseAllDocuments(source, { schema: 'core', uniqueKeys: false, prettyErrors: false })];
    const reader = new Reader(source);
    return {
      roots: documents.map(({ contents }) => reader.part(contents, { path: [], at: 0, depth: 0 })),
      faults: documents.flatMap(({ errors }) => errors.map(({ pos: [start, end] }) => ({ start, end }))),
    };
  } catch {
    // The diagnostics say what is wrong; there is nothing to complete or to fold in here.
    return { roots: [], faults: [{ start: 0, end: source.length }] };
  }
}

/** The documents of a file, each as a tree. */
export function readParts(source: string): readonly Part[] {
  return readTree(source).roots;
}

/** What a scalar says, in text. */
export function textOf(part: Part | undefined): string | undefined {
  const value = part?.scalar?.value;
  return typeof value === 'string' ? value : undefined;
}

/** What a scalar says, as it would be written. */
export function wordOf(part: Part): string {
  const value = part.scalar?.value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function fieldOf(part: Part | undefined, ...names: readonly string[]): Part | undefined {
  let current = part;
  for (const name of names) current = current?.parts.find(({ key }) => key?.name === name);
  return current;
}

/** The list's items; of anything else none. */
export function itemsOf(part: Part | undefined): readonly Part[] {
  return part?.kind === 'list' ? part.parts : [];
}

interface Place {
  readonly path: Path;
  /** Where it would stand, if it is nothing. */
  readonly at: number;
  readonly depth: number;
  readonly key?: Part['key'] | undefined;
}

class Reader {
  readonly #source: string;
  #left = maxParts;

  constructor(source: string) {
    this.#source = source;
  }

  part(node: unknown, place: Place): Part {
    this.#left -= 1;
    const { path, at, key } = place;
    const known = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node : undefined;
    const span = this.#span(known, at);
    const indent = span.start - (this.#source.lastIndexOf('\n', span.start - 1) + 1);
    const common = { path, ...span, ...(key === undefined ? {} : { key }), isFlow: isFlow(known), indent };
    if (this.#left < 0 || place.depth > maxDepth) return { ...common, kind: 'nothing', parts: [] };
    if (isMap(node)) return { ...common, kind: 'map', parts: node.items.flatMap((pair) => this.#field(pair, place)) };
    if (isSeq(node)) return { ...common, kind: 'list', parts: node.items.map((item, index) => this.#item(item, index, place)) };
    if (isScalar(node) && node.value !== null) return { ...common, kind: 'text', parts: [], scalar: node };
    return { ...common, kind: 'nothing', parts: [] };
  }

  #field({ key, value }: { readonly key: unknown; readonly value: unknown }, { path, depth }: Place): readonly Part[] {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    const span = this.#span(key, 0);
    return [this.part(value, { path: [...path, name], at: span.end, depth: depth + 1, key: { ...span, name } })];
  }

  #item(item: unknown, index: number, { path, depth, at }: Place): Part {
    return this.part(item, { path: [...path, index], at, depth: depth + 1 });
  }

  /** Without the white space that the library counts as a part of what stands before it. */
  #span(node: Node | undefined, at: number): Span {
    const [start, end] = node?.range ?? [at, at];
    return { start, end: Math.max(start, start + this.#source.slice(start, end).trimEnd().length) };
  }
}

function isFlow(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}
