import { concernedAgents } from '../policy/concerned-agents.ts';
import { parseDuration } from '../policy/duration.ts';
import type { Position } from '../policy/position.ts';
import type { YamlDocument } from '../policy/yaml-source.ts';
import type { Breaker, BudgetDocument, Limit, Unit } from './document.ts';
import type { BudgetPolicySource, LimitSource } from './schema.ts';

interface BudgetProblem {
  readonly position: Position;
  readonly message: string;
}

/** Compiles a budget whose shape is already checked. What is wrong goes to `problems`; then the result is of no use. */
export function compileBudget({ spec, metadata }: BudgetPolicySource, yaml: YamlDocument, problems: BudgetProblem[]): BudgetDocument {
  const limits = (spec.limits ?? []).flatMap((limit, index) => limitOf(limit, index, yaml, problems));
  const breakers = breakersOf(spec);
  // Nobody should believe to be protected by a budget that limits nothing.
  if ((spec.limits ?? []).length + breakers.length === 0)
    problems.push({ position: yaml.whereKey(['spec']), message: 'A budget needs at least one of limits, loop, failures, rate' });
  return {
    kind: 'BudgetPolicy',
    name: metadata.name,
    ...(metadata.description === undefined ? {} : { description: metadata.description }),
    mode: spec.mode ?? 'enforce',
    concerns: concernedAgents(spec.agent, yaml, problems),
    limits,
    breakers,
    position: yaml.where(['metadata', 'name']),
  };
}

const fields = { costUsd: 'usd', tokens: 'tokens', calls: 'calls' } as const satisfies Record<string, Unit>;
const fieldNames = ['costUsd', 'tokens', 'calls'] as const;

function limitOf(source: LimitSource, index: number, yaml: YamlDocument, problems: BudgetProblem[]): readonly Limit[] {
  const path = ['spec', 'limits', index];
  const given = fieldNames.flatMap((field) => (source[field] === undefined ? [] : [{ field, amount: source[field] }]));
  const [only] = given;
  if (only === undefined || given.length > 1) {
    const found = only === undefined ? 'none' : given.map(({ field }) => field).join(' and ');
    problems.push({ position: yaml.where(path), message: `A limit has exactly one of tokens, costUsd, calls; this one has ${found}` });
    return [];
  }
  const { per, window } = scopeOf(source.per);
  const alertAt = (source.alertAt ?? []).map((share) => Number.parseFloat(share) / 100).toSorted((a, b) => a - b);
  return [
    {
      name: `${per}${window === 'total' ? '' : `-${window}`}-${only.field}`,
      per,
      window,
      unit: fields[only.field],
      amount: only.amount,
      onLimit: source.onLimit ?? 'deny',
      alertAt: [...new Set(alertAt)],
    },
  ];
}

/** `session`, `workspace/day`; a window alone is the user's. */
function scopeOf(text: LimitSource['per']): Pick<Limit, 'per' | 'window'> {
  const names = text.split('/');
  return {
    per: (['session', 'agent', 'workspace', 'user'] as const).find((per) => names.includes(per)) ?? 'user',
    window: (['hour', 'day', 'week', 'month'] as const).find((window) => names.includes(window)) ?? 'total',
  };
}

/** A row of failures is forgotten after a day. */
const longestMs = 86_400_000;

function breakersOf({ loop, failures, rate }: BudgetPolicySource['spec']): readonly Breaker[] {
  const breaker = (name: Breaker['name'], times: number, onLimit: Breaker['onLimit'] | undefined, within?: string): Breaker => ({
    name,
    times,
    withinMs: within === undefined ? longestMs : (parseDuration(within) ?? longestMs),
    ...(within === undefined ? {} : { within }),
    onLimit: onLimit ?? 'deny',
  });
  return [
    loop && breaker('loop', loop.sameCall, loop.onLimit, loop.within),
    failures && breaker('failures', failures.consecutive, failures.onLimit),
    rate && breaker('rate', rate.calls, rate.onLimit, rate.per),
  ].filter((one) => one !== undefined);
}
