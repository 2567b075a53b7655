import { isMap, isScalar, parseAllDocuments, type Document, type YAMLMap } from 'yaml';
import type { Mode } from '../decision.ts';

/** A change of a policy's text: everything that stood there stands there still, to the letter, but for `length` characters at `offset`. */
export interface TextChange {
  readonly source: string;
  readonly offset: number;
  readonly length: number;
  readonly inserted: string;
}

/** The text with another mode for the policy of that name. `undefined` where it is not in there, or is written in a way that cannot be changed. */
export function setMode(source: string, policy: string, mode: Mode): TextChange | undefined {
  for (const document of parseAllDocuments(source, { schema: 'core', prettyErrors: false })) {
    if (document.errors.length > 0 || document.getIn(['metadata', 'name']) !== policy) continue;
    const spec = document.getIn(['spec'], true);
    return isMap(spec) ? (replaced(source, document, mode) ?? added(source, spec, mode)) : undefined;
  }
  return undefined;
}

function replaced(source: string, document: Document, mode: Mode): TextChange | undefined {
  const known = document.getIn(['spec', 'mode'], true);
  if (!isScalar(known) || known.range === null || known.range === undefined) return undefined;
  const [start, end] = known.range;
  return changed(source, start, end - start, mode);
}

function added(source: string, spec: YAMLMap, mode: Mode): TextChange | undefined {
  const [start = 0] = spec.range ?? [];
  if (spec.flow === true) return changed(source, start + 1, 0, spec.items.length === 0 ? `mode: ${mode}` : `mode: ${mode}, `);
  const indent = source.slice(source.lastIndexOf('\n', start - 1) + 1, start);
  // A map that begins behind something else in its line has no line of its own to stand above.
  return /^ +$/.test(indent) ? changed(source, start, 0, `mode: ${mode}\n${indent}`) : undefined;
}

function changed(source: string, offset: number, length: number, inserted: string): TextChange {
  return { source: source.slice(0, offset) + inserted + source.slice(offset + length), offset, length, inserted };
}
