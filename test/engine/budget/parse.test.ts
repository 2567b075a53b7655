import { expect, test } from 'vitest';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';

const head = 'kind: BudgetPolicy\nmetadata: {name: b}\nspec:\n';
const read = (source: string) => parsePolicyFile({ path: 'b.yaml', layer: 'workspace', source, trusted: false });
const limit = (text: string) => `${head}  limits:\n    - {${text}}\n`;

test('a budget as people write it', () => {
  const { problems, budgets, documents } = read(`
kind: BudgetPolicy
metadata: {name: daily-spend}
spec:
  agent: "*"
  limits:
    - {per: session, costUsd: 5,     onLimit: require_approval, alertAt: [50%, 80%]}
    - {per: day,     tokens: 2000000, onLimit: deny}
    - {per: session, calls: 400,      onLimit: kill}
    - {per: workspace/week, calls: 9}
  loop: {sameCall: 5, within: 2m, onLimit: require_approval}   # the circuit breaker for runaway agents
  failures: {consecutive: 8, onLimit: require_approval}
`);
  expect([problems, documents]).toEqual([[], []]);
  expect(budgets).toMatchObject([
    {
      name: 'daily-spend',
      mode: 'enforce',
      limits: [
        { name: 'session-costUsd', per: 'session', window: 'total', unit: 'usd', amount: 5, alertAt: [0.5, 0.8] },
        { name: 'user-day-tokens', per: 'user', window: 'day', unit: 'tokens', amount: 2_000_000, onLimit: 'deny', alertAt: [] },
        { name: 'session-calls', per: 'session', window: 'total', unit: 'calls', amount: 400, onLimit: 'kill' },
        { name: 'workspace-week-calls', per: 'workspace', window: 'week', unit: 'calls', amount: 9, onLimit: 'deny' },
      ],
      breakers: [
        { name: 'loop', times: 5, withinMs: 120_000, onLimit: 'require_approval' },
        { name: 'failures', times: 8, onLimit: 'require_approval' },
      ],
    },
  ]);
});

test.each<[string, string, readonly string[]]>([
  ['no limit at all', `${head}  mode: observe\n`, ['3:1 A budget needs at least one of limits, loop, failures, rate']],
  [
    'two units',
    limit('per: day, calls: 1, tokens: 2'),
    ['5:7 A limit has exactly one of tokens, costUsd, calls; this one has tokens and calls'],
  ],
  ['no unit', limit('per: day'), ['5:7 A limit has exactly one of tokens, costUsd, calls; this one has none']],
  ['nothing to spend', limit('per: day, calls: 0'), ['5:25 It must be at least 1']],
  ['half a call', limit('per: day, calls: 1.5'), ['5:25 Expected a whole number, found 1.5']],
  ['a misspelt field', limit('per: day, call: 1'), ['5:18 Unknown field "call", did you mean "calls"?']],
  ['a share that is none', limit('per: day, calls: 1, alertAt: [120%]'), ['5:38 A share is written like 80%, above 0% and below 100%']],
  [
    'a misspelt action',
    limit('per: day, calls: 1, onLimit: kil'),
    [expect.stringMatching(/^5:37 "kil" is not valid here.*, did you mean "kill"\?$/)],
  ],
  [
    'a misspelt scope',
    limit('per: workspace/dya, calls: 1'),
    [expect.stringMatching(/^5:13 "workspace\/dya" is not valid.*, did you mean "workspace\/day"\?$/)],
  ],
  ['a window too long', `${head}  loop: {sameCall: 2, within: 3d}\n`, ['4:31 A circuit breaker looks back at most 24h']],
  ['a bad pattern', `${head}  agent: [ok, "[z"]\n  rate: {calls: 1, per: 1m}\n`, [expect.stringMatching(/^4:15 Bad pattern/)]],
  ['exemptions, which only rules have', `exempt: []\n${head}  rate: {calls: 1, per: 1m}\n`, ['1:1 Unknown field "exempt"']],
  [
    'the name of a policy beside it',
    `${head}  rate: {calls: 1, per: 1m}\n---\nkind: ToolPolicy\nmetadata: {name: b}\nspec: {}\n`,
    ['7:18 A policy named "b" stands above already; names are unique within a layer'],
  ],
])('an error: %s', (_, source, expected) => {
  const file = read(source);
  expect(file.problems.map(({ position, message }) => `${position.line}:${position.column} ${message}`)).toEqual(expected);
  expect(file.budgets).toEqual([]);
});
