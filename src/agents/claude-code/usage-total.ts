import type { UsageFile } from '../agent.ts';
import type { ModelTotal, TotalFact } from '../../engine/spend/fact.ts';
import { countOf, fieldsOf, textOf, type Fields } from './usage-fields.ts';

/** The client's own sum of a session, written when it ends, with the requests that it writes down nowhere. It has no time of its own. */
export function totalOf(fields: Fields, file: UsageFile, at: number, begun: number): readonly TotalFact[] {
  const models = Object.entries(fieldsOf(fields['modelUsage']) ?? {});
  const guesses = fields['hasUnknownModelCost'] === true;
  if (models.length === 0 || at === 0) return [];
  const session = textOf(fields['sessionId']) || file.session;
  return [
    {
      kind: 'total',
      session,
      subagent: '',
      at,
      begun,
      models: models.map(([model, used]) => modelTotal(model, fieldsOf(used) ?? {}, guesses)),
    },
  ];
}

function modelTotal(model: string, used: Fields, guesses: boolean): ModelTotal {
  const long = countOf(used['cacheCreationEphemeral1hInputTokens']);
  const written = countOf(used['cacheCreationInputTokens']) || long + countOf(used['cacheCreationEphemeral5mInputTokens']);
  const cacheWrite1h = Math.min(long, written);
  const { costUSD: usd } = used;
  return {
    model,
    tokens: {
      input: countOf(used['inputTokens']),
      output: countOf(used['outputTokens']),
      cacheRead: countOf(used['cacheReadInputTokens']),
      cacheWrite5m: written - cacheWrite1h,
      cacheWrite1h,
    },
    webSearches: countOf(used['webSearchRequests']),
    ...(typeof usd === 'number' && usd >= 0 && !guesses ? { usd } : {}),
  };
}
