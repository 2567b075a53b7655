import { missingArguments, type MissingArgument } from '../../cel/language/missing-arguments.ts';
import { conditionsOf, rulesOf } from './condition-part.ts';
import { type Part, type Span, textOf } from './part.ts';
import { spanIn } from './spot.ts';

/** A place in a condition that fails where the call does not have an argument. */
export interface RiskyArgument {
  readonly part: Part;
  readonly expression: string;
  readonly missing: MissingArgument;
  readonly span: Span;
}

export function riskyArguments(source: string, roots: readonly Part[]): readonly RiskyArgument[] {
  return roots.flatMap(rulesOf).flatMap((rule) => riskyIn(source, rule));
}

export function riskText({ missing: { argument, test } }: RiskyArgument): string {
  return `Where the call has no ${argument}, this condition fails and the rule denies. Write ${test} && … where absence is fine.`;
}

function riskyIn(source: string, rule: Part): readonly RiskyArgument[] {
  const { conditions, unless } = conditionsOf(rule);
  const parts = [...conditions, ...unless];
  // Most rules have no conditions, and most conditions ask nothing of the arguments.
  if (!parts.some((part) => textOf(part)?.includes('arguments') === true)) return [];
  const wanted = parts.map((part, index) => ({ expression: textOf(part) ?? '', wanted: index < conditions.length }));
  return missingArguments(wanted).flatMap((missing) => {
    const part = parts[missing.index];
    if (part === undefined) return [];
    return [{ part, expression: textOf(part) ?? '', missing, span: spanIn(source, part, missing.start, missing.end) }];
  });
}
