import { budget, limit, type Seed } from './seed.ts';

const duration = 'A duration is a whole number with ms, s, m, h or d, such as 30m';
const share = 'A share is written like 80%, above 0% and below 100%';
const onLimit = 'it must be one of alert, require_approval, deny, kill';

/** Budgets: limits and circuit breakers. */
export const budgets: readonly Seed[] = [
  ['a field of the spec', budget('«limit»: [{per: day, calls: 1}]'), 'limits', 'Unknown field "limit", did you mean "limits"?'],
  ['a field of a limit', limit('per: day, «cost»: 5'), 'costUsd', 'Unknown field "cost"'],
  ['a field of a limit, in another case', limit('per: day, «costUSD»: 5'), 'costUsd', 'Unknown field "costUSD", did you mean "costUsd"?'],
  [
    'a limit of nothing',
    budget('limits: [«{per: day}»]'),
    '{per: day, calls: 1}',
    'A limit has exactly one of tokens, costUsd, calls; this one has none',
  ],
  [
    'a limit of two',
    budget('limits:\n    - «per: day»\n      calls: 1\n      tokens: 5'),
    ['      tokens: 5\n', ''],
    'A limit has exactly one of tokens, costUsd, calls; this one has tokens and calls',
  ],
  ['a negative sum', limit('per: day, costUsd: «-1»'), '1', 'It must be more than 0'],
  ['a sum as a text', limit('per: day, costUsd: «$5»'), '5', 'Expected a number, found "$5"'],
  ['no calls at all', limit('per: day, calls: «0»'), '1', 'It must be at least 1'],
  ['tokens with a unit', limit('per: day, tokens: «2M»'), '2000000', 'Expected a number, found "2M"'],
  ['what becomes of it', limit('per: day, calls: 1, onLimit: «stop»'), 'kill', `"stop" is not valid here; ${onLimit}`],
  [
    'what becomes of it, misspelt',
    limit('per: day, calls: 1, onLimit: «alerts»'),
    'alert',
    `"alerts" is not valid here; ${onLimit}, did you mean "alert"?`,
  ],
  ['a share without a sign', limit('per: day, calls: 1, alertAt: [50%, «"80"»]'), '80%', share],
  ['a share of everything', limit('per: day, calls: 1, alertAt: [«100%»]'), '99%', share],
  ['a share as a number', limit('per: day, calls: 1, alertAt: [«0.8»]'), '80%', 'Expected text, found 0.8; put it in quotes'],
  ['a share alone', limit('per: day, calls: 1, alertAt: «80%»'), '[80%]', 'Expected a list, found "80%"'],
  ['a bad glob of an agent', budget('agent: [x, «"a["»]\n  rate: {calls: 9, per: 1m}'), 'a', 'Bad pattern: "a[" has "[" without "]"'],
  [
    'a budget that limits nothing',
    'kind: BudgetPolicy\nmetadata: {name: b}\n«spec»: {}\n',
    ['{}', '{failures: {consecutive: 9}}'],
    'A budget needs at least one of limits, loop, failures, rate',
  ],
  [
    'limits without a limit',
    'kind: BudgetPolicy\nmetadata: {name: b}\n«spec»: {limits: []}\n',
    ['[]', '[{per: day, calls: 1}]'],
    'A budget needs at least one of limits, loop, failures, rate',
  ],
  [
    'a loop without a window',
    budget('«loop»: {sameCall: 5}'),
    ['sameCall: 5', 'sameCall: 5, within: 2m'],
    'The field "within" is missing; it is text',
  ],
  ['a loop in words', budget('loop: {sameCall: 5, within: «2 minutes»}'), '2m', duration],
  ['a loop that looks back too far', budget('loop: {sameCall: 5, within: «2d»}'), '24h', 'A circuit breaker looks back at most 24h'],
  ['a loop of too many', budget('loop: {sameCall: «101», within: 2m}'), '100', 'It must be at most 100'],
  [
    'failures, misspelt',
    budget('failures: {«consecutve»: 8, consecutive: 8}'),
    ['consecutve: 8, ', ''],
    'Unknown field "consecutve", did you mean "consecutive"?',
  ],
  ['a rate of nothing', budget('rate: {calls: «0», per: 1m}'), '1', 'It must be at least 1'],
  [
    'the mode',
    budget('mode: «watch»\n  rate: {calls: 9, per: 1m}'),
    'observe',
    '"watch" is not valid here; it must be one of enforce, observe',
  ],
];
