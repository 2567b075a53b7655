import { scalarOffsets } from '../scalar-offsets.ts';
import { fieldOf, itemsOf, textOf, type Part } from './part.ts';

/** A condition in a policy file, and how far into it the cursor is. */
export interface ConditionSpot {
  readonly part: Part;
  readonly rule: Part;
  readonly expression: string;
  /** In characters of the expression; it may lie behind its end, where white space follows. */
  readonly index: number;
  /** The expression up to the cursor. */
  readonly beginning: string;
  /** It speaks of an MCP server that starts, besides `request`; `rule` is the server's entry then. */
  readonly ofArtifacts: boolean;
}

export interface RuleConditions {
  readonly conditions: readonly Part[];
  readonly unless: readonly Part[];
}

export function conditionsOf(rule: Part): RuleConditions {
  const of = (field: string): readonly Part[] => itemsOf(fieldOf(rule, field)).flatMap((item) => fieldOf(item, 'cel') ?? []);
  return { conditions: of('conditions'), unless: of('unless') };
}

export function rulesOf(root: Part): readonly Part[] {
  return itemsOf(fieldOf(root, 'spec', 'rules'));
}

/** The condition that the cursor is in, also behind what is written of it so far. */
export function conditionAt(source: string, roots: readonly Part[], offset: number): ConditionSpot | undefined {
  const rules = roots.flatMap(rulesOf).map((one) => ({ rule: one, ofArtifacts: false }));
  const servers = roots.flatMap(serversOf).map((one) => ({ rule: one, ofArtifacts: true }));
  for (const { rule, ofArtifacts } of [...rules, ...servers]) {
    const { conditions, unless } = conditionsOf(rule);
    const part = [...conditions, ...unless].find((one) => holds(source, one, offset));
    if (part !== undefined) return { rule, ofArtifacts, ...spotIn(source, part, offset) };
  }
  return undefined;
}

/** An ArtifactPolicy's servers: the only other place of conditions. */
function serversOf(root: Part): readonly Part[] {
  return itemsOf(fieldOf(root, 'spec', 'servers'));
}

function holds(source: string, part: Part, offset: number): boolean {
  const { key } = part;
  if (key === undefined || offset <= key.end || offset < part.start) return false;
  if (part.kind === 'nothing') return /^:[ \t]+$/.test(source.slice(key.end, offset));
  if (part.kind !== 'text') return false;
  const quote = /^["']/.test(source.slice(part.start, part.start + 1)) ? 1 : 0;
  if (quote === 1) return offset > part.start && offset < part.end;
  if (offset <= part.end) return true;
  const between = source.slice(part.end, offset);
  if (between.trim() !== '') return false;
  // In a block, white space goes on as long as it is indented further than the field.
  const column = offset - (source.lastIndexOf('\n', offset - 1) + 1);
  const own = key.start - (source.lastIndexOf('\n', key.start - 1) + 1);
  return /^[|>]/.test(source.slice(part.start, part.start + 1)) ? column > own : !/[\r\n]/.test(between);
}

function spotIn(source: string, part: Part, offset: number): Omit<ConditionSpot, 'rule' | 'ofArtifacts'> {
  const expression = textOf(part) ?? '';
  if (part.scalar === undefined) return { part, expression: '', index: 0, beginning: '' };
  const offsets = scalarOffsets(source, part.scalar).slice(0, -1);
  const index = offsets.filter((at) => at < offset).length;
  const trailing = offset > part.end ? ' ' : '';
  return { part, expression, index, beginning: expression.slice(0, index) + trailing };
}
