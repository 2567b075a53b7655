import * as z from 'zod/mini';
import { described, documentFields, duration, modes, oneOrMore, optional } from '../policy/schema-parts.ts';
import { parseDuration } from '../policy/duration.ts';

/** The shape of a budget as it is written. */

const whose = ['session', 'agent', 'workspace', 'user'] as const;
const windows = ['hour', 'day', 'week', 'month'] as const;
const scopes = [...whose, ...windows, ...whose.flatMap((one) => windows.map((window) => `${one}/${window}` as const))] as const;

const onLimit = optional(
  z.enum(['alert', 'require_approval', 'deny', 'kill']),
  'What becomes of calls once it is used up. Left out: deny.',
);
const share = z
  .string()
  .check(
    z.refine(
      (text) => /^\d{1,2}(\.\d+)?%$/.test(text) && Number.parseFloat(text) > 0,
      'a share is written like 80%, above 0% and below 100%',
    ),
  );
const count = (most: number) => z.int().check(z.gte(1, 'it must be at least 1'), z.lte(most, `it must be at most ${most}`));
const dayMs = 86_400_000;
const within = z.clone(duration).check(z.refine((text) => (parseDuration(text) ?? 0) <= dayMs, 'a circuit breaker looks back at most 24h'));

const limit = z.strictObject({
  per: described(
    z.enum(scopes),
    'What is added up: a session, an agent, a workspace or everything of the user; with a window as in "workspace/day". "day" alone is "user/day".',
  ),
  tokens: optional(count(Number.MAX_SAFE_INTEGER), 'Tokens of any sort: input, output, and what was read from and written to the cache.'),
  costUsd: optional(z.number().check(z.gt(0, 'it must be more than 0')), 'US dollars.'),
  calls: optional(count(1_000_000_000), 'Tool calls that the agent asked for, refused ones included.'),
  onLimit,
  alertAt: optional(z.array(share), 'Shares of the limit at which people are told, such as 80%. Once each in a window.'),
});

export const budgetPolicy = z.strictObject({
  ...documentFields('BudgetPolicy'),
  spec: described(
    z.strictObject({
      agent: optional(
        oneOrMore,
        "Globs over the agent's name, its vendor/name (openai/*) or its type: whose calls are held against the budget. Left out: every agent.",
      ),
      mode: optional(z.enum(modes), 'observe: count and record, never interfere.'),
      limits: optional(z.array(limit), 'All of them hold; the strictest that is used up counts.'),
      loop: optional(
        z.strictObject({
          sameCall: described(count(100), 'How often the same call, with the same arguments, may be made.'),
          within: described(within, 'In which time, such as 2m.'),
          onLimit,
        }),
        'Stops a session that makes the same call again and again, alone or in turns with others.',
      ),
      failures: optional(
        z.strictObject({ consecutive: described(count(100), 'How many calls in a row may fail.'), onLimit }),
        'Stops a session in which one call after the other fails.',
      ),
      rate: optional(
        z.strictObject({
          calls: described(count(1_000), 'How many calls may be made.'),
          per: described(z.clone(within), 'In which time, such as 1m.'),
          onLimit,
        }),
        'Stops a session that makes too many calls in a short time.',
      ),
    }),
    'What the budget says.',
  ),
});

export type BudgetPolicySource = z.infer<typeof budgetPolicy>;
export type LimitSource = z.infer<typeof limit>;
