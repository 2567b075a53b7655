import { candidatesAt, comparedAfter, nameAt } from '../../cel/language/expression.ts';
import { bindsLoosely } from '../../cel/language/missing-arguments.ts';
import { Scope } from '../../cel/language/scope.ts';
import { tokensOf } from '../../cel/language/tokens.ts';
import { nearest } from '../nearest.ts';
import { comparedValues } from './condition-completion.ts';
import { conditionAt, type ConditionSpot } from './condition-part.ts';
import type { Fix } from './fix.ts';
import { type RiskyArgument, riskyArguments } from './hints.ts';
import type { KnownNames } from './known-names.ts';
import type { Part, Span } from './part.ts';
import { spanIn } from './spot.ts';

/** What can be done about a problem in a condition. */
export function conditionFixes(source: string, roots: readonly Part[], problem: Span, known: KnownNames): readonly Fix[] {
  const spot = conditionAt(source, roots, problem.start) ?? conditionAt(source, roots, problem.start + 1);
  if (spot === undefined) return [];
  const risky = riskyArguments(source, roots).filter(({ span }) => span.start < problem.end && span.end > problem.start);
  return [
    ...misspelt(source, spot, problem),
    ...impossible(source, spot, problem, known),
    ...untyped(source, spot),
    ...risky.map((one) => guarded(source, one)),
  ];
}

/** A name that nothing has, and one that resembles it. */
function misspelt(source: string, { part, expression, ofArtifacts }: ConditionSpot, problem: Span): readonly Fix[] {
  const tokens = tokensOf(expression);
  return tokens.flatMap((token, at): readonly Fix[] => {
    const span = spanIn(source, part, token.start, token.end);
    if (token.kind !== 'name' || span.end <= problem.start || span.start >= problem.end) return [];
    if (nameAt(expression, token.start, ofArtifacts) !== undefined) return [];
    const guess = nearest(
      token.text,
      candidatesAt(tokens, at, ofArtifacts).map(({ name }) => name),
    );
    return guess === undefined ? [] : [{ title: `Change to "${guess}"`, edits: [{ span, text: guess }], isPreferred: true }];
  });
}

/** A text that what it is compared with never is. */
function impossible(source: string, { part, expression }: ConditionSpot, problem: Span, known: KnownNames): readonly Fix[] {
  return tokensOf(expression).flatMap(({ kind, start, end, text }): readonly Fix[] => {
    const span = spanIn(source, part, start, end);
    if (kind !== 'text' || !/^(["']).*\1$/.test(text) || span.end <= problem.start || span.start >= problem.end) return [];
    const compared = comparedAfter(expression.slice(0, start + 1));
    const names = compared === undefined ? [] : comparedValues(compared.expression, known).map(({ name }) => name);
    const word = text.slice(1, -1);
    const guess = names.includes(word) ? undefined : nearest(word, names);
    if (guess === undefined) return [];
    return [{ title: `Change to "${guess}"`, edits: [{ span: spanIn(source, part, start + 1, end - 1), text: guess }], isPreferred: true }];
  });
}

/** An argument by itself is not known to be true or false. */
function untyped(source: string, { part, expression, ofArtifacts }: ConditionSpot): readonly Fix[] {
  if (Scope.after([], ofArtifacts).typeOf(expression) !== 'dyn') return [];
  const { end } = spanIn(source, part, 0, expression.trimEnd().length);
  return [{ title: 'Compare with true', edits: [{ span: { start: end, end }, text: ' == true' }], isPreferred: true }];
}

function guarded(source: string, { part, expression, missing }: RiskyArgument): Fix {
  const { start, end } = spanIn(source, part, 0, expression.trimEnd().length);
  const test = inStyle(source, part, missing.test);
  const isLoose = bindsLoosely(expression);
  const edits = [
    { span: { start, end: start }, text: `${test} && ${isLoose ? '(' : ''}` },
    ...(isLoose ? [{ span: { start: end, end }, text: ')' }] : []),
  ];
  return { title: `Apply only where the call has it: ${missing.test} && …`, edits, isPreferred: true };
}

/** As it has to be written in the scalar's quotes. */
function inStyle(source: string, part: Part, text: string): string {
  const quote = source.charAt(part.start);
  if (quote === '"') return JSON.stringify(text).slice(1, -1);
  return quote === "'" ? text.replaceAll("'", "''") : text;
}
