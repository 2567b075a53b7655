import type { UsageReader } from '../../src/agents/agent.ts';
import type { ResponseFact, UsageFact } from '../../src/engine/spend/fact.ts';

/** Numbers by a name: input, cache reads, cache writes, output. */
export type Sums = Readonly<Record<string, readonly number[]>>;

/** The lines that the reader wants to see. */
export function linesFor({ marks, starts }: UsageReader, text: string): readonly string[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.filter((line) => marks.some((mark) => line.includes(mark)) || starts.some((start) => line.startsWith(start)));
}

export function factsIn(reader: UsageReader, text: string): readonly UsageFact[] {
  const { read } = reader.open({ session: '', subagent: '' });
  return linesFor(reader, text).flatMap(read);
}

export function responses(facts: readonly UsageFact[]): readonly ResponseFact[] {
  return facts.flatMap((fact) => (fact.kind === 'response' ? fact : []));
}

/** Of several that say the same response, the one with the strongest claim. */
export function countedOnce(facts: readonly UsageFact[]): readonly ResponseFact[] {
  const strongest = new Map<string, ResponseFact>();
  for (const fact of responses(facts)) if (fact.claim > (strongest.get(fact.key)?.claim ?? -1)) strongest.set(fact.key, fact);
  return [...strongest.values()];
}

/** By subagent, or else session, and model. */
export function sumsOf(facts: readonly ResponseFact[]): Sums {
  return summed(
    facts.map(({ session, subagent, model, tokens }) => [
      `${subagent || session} ${model}`,
      [tokens.input, tokens.cacheRead, tokens.cacheWrite5m + tokens.cacheWrite1h, tokens.output],
    ]),
  );
}

export function summed(rows: readonly (readonly [string, readonly number[]])[]): Sums {
  const sums: Record<string, readonly number[]> = {};
  for (const [key, numbers] of rows) sums[key] = numbers.map((value, index) => value + (sums[key]?.[index] ?? 0));
  return sums;
}
