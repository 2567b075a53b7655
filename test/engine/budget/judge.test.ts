import { describe, expect, test } from 'vitest';
import type { Action, Decision, Layer } from '../../../src/engine/decision.ts';
import { heldAgainst, limitKey } from '../../../src/engine/budget/held.ts';
import { judgeLimit, type Counted } from '../../../src/engine/budget/judge-limit.ts';
import { windowAt } from '../../../src/engine/budget/window.ts';
import { combine } from '../../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../../src/engine/policy/policy-set.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { together } from '../../../src/engine/policy/together.ts';
import { Random } from '../shell/mutations/random.ts';

const subjects = { session: 's1', agent: 'claude-code', workspace: '/w', user: 'ada' };
const ls = testRequest('ls').call;
const noon = new Date('2026-03-29T12:00:00Z');

function budget(spec: string, name = 'b', layer: Layer = 'user'): PolicyFile {
  const source = `kind: BudgetPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
  const file = parsePolicyFile({ path: `/${layer}/${name}.yaml`, layer, source, trusted: true });
  if (file.problems.length > 0) throw new Error(file.problems.map(({ message }) => message).join('\n'));
  return file;
}

const spans = { hour: spanOf('hour'), day: spanOf('day'), week: spanOf('week'), month: spanOf('month') };

function spanOf(window: 'hour' | 'day' | 'week' | 'month') {
  return windowAt(window, noon.getTime(), 'Europe/Berlin');
}

function saidBy(files: readonly PolicyFile[], counted: Counted, memory = { raisedBy: 0, acceptsUnpriced: false }) {
  const { limits } = heldAgainst({ files }, ls, subjects, noon, (window) => spans[window]);
  return limits.map((held) => judgeLimit(held, counted, { key: limitKey(held, 'claude-code'), ...memory }));
}

function decisionOf(files: readonly PolicyFile[], used: number): Decision {
  const said = saidBy(files, { used, unpricedTokens: 0, isLowerBound: false });
  return combine(said.flatMap(({ finding }) => finding ?? []));
}

const known = (used: number, unpricedTokens = 0): Counted => ({ used, unpricedTokens, isLowerBound: false });

describe('one limit', () => {
  const table: readonly [string, string, Counted, Action, boolean, readonly string[]][] = [
    ['nothing used', 'tokens: 10, alertAt: [50%]', known(0), 'abstain', false, []],
    ['below the threshold', 'tokens: 10, alertAt: [50%]', known(4), 'abstain', false, []],
    ['at the threshold', 'tokens: 10, alertAt: [50%]', known(5), 'abstain', false, ['alert']],
    ['past two thresholds: the higher', 'tokens: 10, alertAt: [50%, 80%]', known(9), 'abstain', false, ['alert']],
    ['a hair below', 'costUsd: 0.05', known(0.0499999), 'abstain', false, []],
    ['used up: alert', 'costUsd: 0.05, onLimit: alert', known(0.05), 'abstain', false, ['reached']],
    ['used up: ask', 'costUsd: 0.05, onLimit: require_approval', known(0.05), 'require_approval', false, ['reached']],
    ['used up: deny', 'costUsd: 0.05, onLimit: deny', known(7), 'deny', false, ['reached']],
    ['used up: kill', 'calls: 3, onLimit: kill', known(3), 'deny', true, ['reached']],
    ['unknown: alert', 'tokens: 1, onLimit: alert', { unknown: 'x' }, 'abstain', false, ['uncounted']],
    ['unknown: ask', 'tokens: 1, onLimit: require_approval', { unknown: 'x' }, 'deny', false, ['uncounted']],
    ['unknown: kill does not kill', 'tokens: 1, onLimit: kill', { unknown: 'x' }, 'deny', false, ['uncounted']],
    ['no price: alert', 'costUsd: 1, onLimit: alert', known(0, 5), 'abstain', false, ['unpriced']],
    ['no price: deny asks', 'costUsd: 1, onLimit: deny', known(0, 5), 'require_approval', false, ['unpriced']],
    ['no price, and used up all the same', 'costUsd: 1, onLimit: deny', known(1, 5), 'deny', false, ['reached']],
    ['no price matters to dollars only', 'tokens: 10', known(9, 9), 'abstain', false, []],
  ];
  test.each(table)('%s', (_, limit, counted, action, kills, events) => {
    for (const per of ['session', 'agent/hour', 'workspace/week', 'day', 'user/month']) {
      const [said] = saidBy([budget(`{limits: [{per: ${per}, ${limit}}]}`)], counted);
      expect(said?.finding?.ref.action ?? 'abstain').toBe(action);
      expect(said?.kills).toBe(kills);
      expect(said?.told.map(({ event }) => event)).toEqual(events);
    }
  });

  test.each<[string, string, number, number, string]>([
    ['a quarter', 'calls: 100', 100, 0, 'raises the limit by 25 calls to 125 calls, once'],
    ['a quarter, and at least one', 'calls: 1', 1, 0, 'raises the limit by 1 call to 2 calls, once'],
    ['as many quarters as it takes', 'tokens: 1000', 1600, 0, 'raises the limit by 750 tokens to 1,750 tokens, once'],
    ['past what is used up to the token', 'tokens: 1000', 1250, 0, 'raises the limit by 500 tokens to 1,500 tokens, once'],
    ['on top of an earlier raise', 'costUsd: 4', 5, 1, 'raises the limit by $1.00 to $6.00, once'],
    ['cents', 'costUsd: 0.05', 0.05, 0, 'raises the limit by $0.0125 to $0.0625, once'],
  ])('a raise is %s', (_, limit, used, raisedBy, text) => {
    const [said] = saidBy([budget(`{limits: [{per: day, ${limit}, onLimit: require_approval}]}`)], known(used), {
      raisedBy,
      acceptsUnpriced: false,
    });
    expect(said?.raise?.text).toBe(text);
    expect(said?.finding?.reason).toContain(text);
  });

  test('another amount, subject or day is remembered apart, another action is not', () => {
    const keyOf = (spec: string, session = 's1', day = 29): string => {
      const at = new Date(Date.UTC(2026, 2, day, 12));
      const { limits } = heldAgainst({ files: [budget(spec)] }, testRequest('ls').call, { ...subjects, session }, at, (window) =>
        windowAt(window, at.getTime(), 'UTC'),
      );
      return limits.map((held) => limitKey(held, 'a')).join();
    };
    const spec = '{limits: [{per: session/day, calls: 1}]}';
    expect(keyOf(spec.replace('1}', '1, onLimit: kill}'))).toBe(keyOf(spec));
    const others = [keyOf(spec), keyOf(spec.replace('1', '2')), keyOf(spec, 's2'), keyOf(spec, 's1', 30)];
    expect(new Set(others).size).toBe(4);
  });
});

const severity: Record<Action, number> = { abstain: 0, allow: 1, require_approval: 2, deny: 3 };
/** How strict a decision is for the call. */
const strictness = ({ mode, action }: Decision): number => (mode === 'observe' ? 0 : severity[action]);

describe('many limits', () => {
  const random = new Random(5);
  const pick = <T>(values: readonly T[]): T => random.pick(values);
  const limit = () =>
    `{per: ${pick(['session', 'day', 'workspace/week', 'agent'])}, ${pick(['calls', 'tokens', 'costUsd'])}: ${pick([1, 3, 5])}, onLimit: ${pick(['alert', 'require_approval', 'deny', 'kill'])}}`;
  const spec = () =>
    `{mode: ${pick(['enforce', 'enforce', 'observe'])}, limits: [${Array.from({ length: pick([1, 2, 3]) }, limit).join(', ')}]}`;
  const cases = Array.from({ length: 300 }, () => ({
    specs: Array.from({ length: pick([1, 2, 3]) }, spec),
    used: pick([0, 1, 2, 3, 4, 5]),
    added: spec(),
  }));

  test('their order does not matter', () => {
    for (const { specs, used } of cases) {
      const files = specs.map((one, index) => budget(one, `b${index}`));
      const turned = files
        .toReversed()
        .map((file) => ({ ...file, budgets: file.budgets.map((one) => ({ ...one, limits: one.limits.toReversed() })) }));
      expect(decisionOf(turned, used)).toEqual(decisionOf(files, used));
    }
  });

  test('a budget of a workspace never makes a decision freer, whatever the policies say', () => {
    for (const { specs, used, added } of cases) {
      const files = specs.map((one, index) => budget(one, `b${index}`));
      const more = [...files, budget(added, 'team', 'workspace')];
      for (const action of ['abstain', 'allow', 'require_approval', 'deny'] as const) {
        const policies: Decision = {
          ...decisionOf([], 0),
          action,
          reason: 'said',
          ...(action === 'require_approval' ? { approval: terms } : {}),
        };
        const without = together(policies, decisionOf(files, used));
        const within = together(policies, decisionOf(more, used));
        expect(strictness(within)).toBeGreaterThanOrEqual(strictness(without));
        expect(strictness(without)).toBeGreaterThanOrEqual(strictness(policies));
      }
    }
  });
});

const terms = { timeoutMs: 5, onTimeout: 'abstain', approvers: ['x'], reason: 'required' } as const;

test('a question of policies and one of budgets are one question, on the strictest terms of both', () => {
  const asking = (text: string): Decision => ({ ...decisionOf([], 0), action: 'require_approval', reason: text, approval: terms });
  const limits = decisionOf([budget('{limits: [{per: day, calls: 1, onLimit: require_approval}]}')], 1);
  expect(together(asking('A rule asks.'), limits)).toMatchObject({
    action: 'require_approval',
    reason: expect.stringMatching(/^A rule asks\. Budget "b": 1 of 1 call /),
    rules: [{ rule: 'user-day-calls' }],
    approval: { timeoutMs: 5, onTimeout: 'deny', approvers: ['x'], reason: 'required' },
  });
});
