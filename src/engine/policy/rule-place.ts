import { isMap, isNode, isSeq, parseAllDocuments, type Document, type YAMLSeq } from 'yaml';

/** Where a line more of a list can be put in, and how it has to begin. */
export interface LinePlace {
  readonly offset: number;
  /** Whether the text before ends in the middle of a line. */
  readonly before: '' | '\n';
  readonly indent: string;
}

/** Where a rule can go that is written at this offset: below the rule there, else at the end of the first list of rules. */
export function placeForRule(source: string, at: number): LinePlace | undefined {
  const lists = parseAllDocuments(source, { schema: 'core', prettyErrors: false }).map((document) => ({
    isHere: startOf(document) <= at && at <= endOf(document),
    rules: blockRules(document),
  }));
  const here = lists.find(({ isHere, rules }) => isHere && rules !== undefined) ?? lists.find(({ rules }) => rules !== undefined);
  if (here?.rules === undefined) return undefined;
  const item = here.isHere ? here.rules.items.findLast((one) => isNode(one) && (one.range?.[0] ?? Infinity) <= at) : undefined;
  return lineAfter(source, here.rules, isNode(item) ? item.range?.[1] : undefined);
}

/** The place below the end of a list or a map, or below an earlier item of it. */
export function lineAfter(source: string, list: Pick<YAMLSeq, 'range'>, end = list.range?.[1] ?? 0): LinePlace | undefined {
  const [start = 0] = list.range ?? [];
  const indent = source.slice(source.lastIndexOf('\n', start - 1) + 1, start);
  // A list may begin behind something else in its line; then nobody knows where the next item has to stand.
  if (!/^ *$/.test(indent)) return undefined;
  const offset = source[end - 1] === '\n' ? end : source.indexOf('\n', end) + 1 || source.length;
  return { offset, before: source[offset - 1] === '\n' ? '' : '\n', indent };
}

function blockRules(document: Document): YAMLSeq | undefined {
  if (!isMap(document.contents) || document.getIn(['kind']) !== 'ToolPolicy') return undefined;
  const rules = document.getIn(['spec', 'rules'], true);
  return isSeq(rules) && rules.flow !== true && rules.items.length > 0 ? rules : undefined;
}

function startOf({ contents }: Document): number {
  return isNode(contents) ? (contents.range?.[0] ?? 0) : 0;
}

function endOf({ contents }: Document): number {
  return isNode(contents) ? (contents.range?.[2] ?? 0) : 0;
}
