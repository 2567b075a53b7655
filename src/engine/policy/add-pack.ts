import { isMap, isNode, isSeq, parseAllDocuments, type Document, type YAMLSeq } from 'yaml';
import { lineAfter } from './rule-place.ts';

/** A text and what was put into it. */
export interface Inserted {
  readonly source: string;
  readonly inserted: string;
  readonly offset: number;
  /** The line where it is, counted from 1. */
  readonly line: number;
}

/** Whether a policy of this text lists packs for every call, so that one more can stand beside them. */
export function listsPacks(source: string): boolean {
  return documentsOf(source).some((document) => openPacks(document) !== undefined);
}

/** Names a pack beside those that a policy of the text names; where none does, in a policy of its own called `name`. */
export function addPack(source: string, pack: string, name: string): Inserted {
  for (const document of documentsOf(source)) {
    const packs = openPacks(document);
    const added = packs && beside(source, packs, pack);
    if (added) return added;
  }
  const separator = source.trim() === '' ? '' : `${source.endsWith('\n') ? '' : '\n'}---\n`;
  const text = `apiVersion: countersign.dev/v1\nkind: ToolPolicy\nmetadata:\n  name: ${name}\nspec:\n  packs: [${pack}]\n`;
  return put(source, source.length, separator + text, separator.length);
}

function documentsOf(source: string): readonly Document[] {
  return parseAllDocuments(source, { schema: 'core', prettyErrors: false });
}

/** A pack counts for every call: a policy that is about some of them, or only observes, must not name one. */
function openPacks(document: Document): YAMLSeq | undefined {
  if (!isMap(document.contents) || document.getIn(['kind']) !== 'ToolPolicy') return undefined;
  const limited = ['agent', 'mcpServer'].some((field) => document.hasIn(['spec', field])) || document.getIn(['spec', 'mode']) === 'observe';
  const packs = document.getIn(['spec', 'packs'], true);
  return !limited && isSeq(packs) && packs.items.length > 0 ? packs : undefined;
}

function beside(source: string, packs: YAMLSeq, pack: string): Inserted | undefined {
  if (packs.flow === true) {
    const last = packs.items.at(-1);
    const end = isNode(last) ? last.range?.[1] : undefined;
    return end === undefined ? undefined : put(source, end, `, ${pack}`);
  }
  const place = lineAfter(source, packs);
  return place && put(source, place.offset, `${place.before}${place.indent}- ${pack}\n`, place.before.length);
}

function put(source: string, offset: number, inserted: string, skipped = 0): Inserted {
  const all = source.slice(0, offset) + inserted + source.slice(offset);
  return { source: all, inserted, offset, line: all.slice(0, offset + skipped).split('\n').length };
}
