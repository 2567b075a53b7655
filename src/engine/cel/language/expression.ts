import { type Nameable, Scope, textOfTokens } from './scope.ts';
import { operandBefore, type Token, tokensOf } from './tokens.ts';

export interface Suggestions {
  readonly items: readonly Nameable[];
  /** How much of what stands before the cursor they replace. */
  readonly typed: string;
}

/** A name in an expression, and what it stands for. */
export interface Named {
  readonly start: number;
  readonly end: number;
  readonly what: Nameable;
}

/** What may be written after the beginning of an expression. */
export function suggestionsAfter(beginning: string, ofArtifacts = false): Suggestions {
  const tokens = tokensOf(beginning);
  const last = tokens.at(-1);
  const isTyping = last?.kind === 'name' && last.end === beginning.length;
  const before = isTyping ? tokens.slice(0, -1) : tokens;
  const typed = isTyping ? last.text : '';
  // In a text, or behind a number, nothing can be named.
  if (last?.isOpen === true || (last?.kind === 'number' && last.end === beginning.length)) return { items: [], typed };
  const scope = Scope.after(before, ofArtifacts);
  if (!isDot(before.at(-1))) return { items: scope.globals(), typed };
  const type = scope.typeOf(textOfTokens(operandBefore(before, before.length - 1)));
  return { items: type === undefined ? [] : scope.membersOf(type), typed };
}

/** What the text is compared with that is being written at the end of an expression: `request.tool == "`. */
export function comparedAfter(beginning: string): { readonly expression: string; readonly typed: string } | undefined {
  const tokens = tokensOf(beginning);
  const last = tokens.at(-1);
  if (last?.isOpen !== true) return undefined;
  let at = tokens.length - 2;
  // In a list: the values before do not matter.
  while (tokens[at]?.text === ',' || (tokens[at]?.kind === 'text' && tokens[at + 1]?.text === ',')) at -= 1;
  if (tokens[at]?.text === '[' && tokens[at - 1]?.text === 'in') at -= 1;
  if (!['==', '!=', 'in'].includes(tokens[at]?.text ?? '')) return undefined;
  return {
    expression: operandBefore(tokens, at)
      .map(({ text }) => text)
      .join(''),
    typed: last.text.slice(1),
  };
}

/** The name at an offset; `undefined` where there is none, or none that is known. */
export function nameAt(expression: string, offset: number, ofArtifacts = false): Named | undefined {
  const tokens = tokensOf(expression);
  const at = tokens.findIndex(({ kind, start, end }) => kind === 'name' && start <= offset && offset <= end);
  const token = tokens[at];
  if (token === undefined) return undefined;
  const found = candidatesAt(tokens, at, ofArtifacts).find(({ name }) => name === token.text);
  const what = found ?? argumentAt(tokens, at, ofArtifacts);
  return what === undefined ? undefined : { start: token.start, end: token.end, what };
}

/** All that could be named where a name stands. */
export function candidatesAt(tokens: readonly Token[], at: number, ofArtifacts: boolean): readonly Nameable[] {
  const scope = Scope.after(tokens.slice(0, at), ofArtifacts);
  if (!isDot(tokens[at - 1])) return loopVariable(tokens, at, ofArtifacts) ?? scope.globals();
  const type = scope.typeOf(textOfTokens(operandBefore(tokens, at - 1)));
  return type === undefined ? [] : scope.membersOf(type);
}

/** A field of something whose fields only the call knows. */
function argumentAt(tokens: readonly Token[], at: number, ofArtifacts: boolean): Nameable | undefined {
  const name = tokens[at]?.text ?? '';
  if (!isDot(tokens[at - 1])) return undefined;
  const type = Scope.after(tokens.slice(0, at), ofArtifacts).typeOf(textOfTokens(operandBefore(tokens, at - 1)));
  if (type !== 'dyn' && type?.startsWith('map') !== true) return undefined;
  return { name, kind: 'member', types: ['dyn'], help: 'Known only when the call is made; where it is missing, the condition fails.' };
}

/** `x` in `list.exists(x, …`, where it is introduced. */
function loopVariable(tokens: readonly Token[], at: number, ofArtifacts: boolean): readonly Nameable[] | undefined {
  if (tokens[at - 1]?.text !== '(' || tokens[at + 1]?.text !== ',') return undefined;
  const { variables } = Scope.after(tokens.slice(0, at + 2), ofArtifacts);
  const own = variables.at(-1);
  return own?.name === tokens[at]?.text ? [{ name: own?.name ?? '', kind: 'variable', types: [own?.type ?? 'dyn'] }] : undefined;
}

function isDot(token: Token | undefined): boolean {
  return token?.text === '.' || token?.text === '.?';
}
