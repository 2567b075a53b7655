import type { ExpressionContext } from './expressions.ts';

const conditions = new Set(['if', 'elseif', 'while', 'until', 'switch', 'for', 'foreach']);
const blocks = new Set(['else', 'try', 'finally', 'do', 'catch', 'trap']);
/** Keywords only before a block: elsewhere they are names of commands. */
const softBlocks = new Set(['begin', 'process', 'end', 'clean', 'default']);
const jumps = new Set(['return', 'throw', 'exit', 'break', 'continue']);
/** They define what later commands are, or run in other places: not looked into. */
const others = new Set([
  'class',
  'enum',
  'using',
  'workflow',
  'configuration',
  'data',
  'inlinescript',
  'parallel',
  'sequence',
  'dynamicparam',
]);

/** Reads a keyword with its parentheses and block. `no`: a pipeline stands here, perhaps behind `return`. */
export function readKeyword(context: ExpressionContext): 'block' | 'done' | 'no' {
  const { scan } = context;
  const word = scan.look(/(?::[A-Za-z]\w*\s+)?([A-Za-z]+)(?![\w.:\\/-])/y);
  const keyword = (word?.[1] ?? '').toLowerCase();
  if (word === undefined || keyword === '') return 'no';
  if (others.has(keyword)) scan.fail(`"${keyword}" is not looked into`);
  const behind = scan.at + word[0].length;
  if (conditions.has(keyword)) return condition(context, keyword, behind);
  if (blocks.has(keyword) || (softBlocks.has(keyword) && /^\s*\{/.test(scan.text.slice(behind, behind + 200))))
    return block(context, behind);
  if (keyword === 'function' || keyword === 'filter') return definition(context, behind);
  if (keyword === 'param') return group(context, behind);
  return jumps.has(keyword) ? jump(context, behind, keyword) : 'no';
}

function condition(context: ExpressionContext, keyword: string, behind: number): 'block' | 'done' {
  const { scan, nested } = context;
  scan.at = behind;
  scan.skipLines();
  while (scan.take(/-(?:regex|wildcard|exact|casesensitive|parallel)\b/iy) !== undefined) scan.skipLines();
  if (keyword === 'foreach') each(context);
  else nested.group();
  const end = scan.at;
  scan.skipLines();
  // The condition of `do { … } while ( … )` has no block.
  if (!scan.sees('{')) {
    scan.at = end;
    return 'done';
  }
  nested.block();
  return 'block';
}

/** `foreach ($x in …)`. */
function each({ scan, nested, script }: ExpressionContext): void {
  const open = scan.take(/\(\s*\$([\p{L}\p{N}_]+)\s+in(?=[\s$(@'"])/iuy);
  if (open === undefined) scan.fail('a loop is not understood');
  script.assigned.add((open?.[1] ?? '').toLowerCase());
  // What is left is read as if the parenthesis began here.
  nested.rest();
}

function block({ scan, nested }: ExpressionContext, behind: number): 'block' {
  scan.at = behind;
  scan.skipLines();
  // The errors that are caught do nothing themselves.
  while (scan.take(/\[[\w.+]+\]\s*,?\s*/y) !== undefined);
  nested.block();
  return 'block';
}

function definition({ scan, nested, script }: ExpressionContext, behind: number): 'block' {
  scan.at = behind;
  scan.skipLines();
  const name = scan.take(/[\p{L}\p{N}_:?%.-]+/uy);
  if (name === undefined) scan.fail('a function has no name');
  script.redefined.add((name?.[0] ?? '').toLowerCase().replace(/^(?:global|script|local|private):/, ''));
  scan.skipLines();
  if (scan.sees('(')) nested.group();
  scan.skipLines();
  nested.block();
  return 'block';
}

function group({ scan, nested }: ExpressionContext, behind: number): 'block' {
  scan.at = behind;
  scan.skipLines();
  nested.group();
  return 'block';
}

/** `return` and the like may be followed by what they return. */
function jump({ scan }: ExpressionContext, behind: number, keyword: string): 'done' | 'no' {
  scan.at = behind;
  scan.skipBlanks();
  if (keyword === 'break' || keyword === 'continue') scan.take(/[A-Za-z]\w*/y);
  return scan.look(/[\r\n;)}]|$(?![^])/y) === undefined ? 'no' : 'done';
}
