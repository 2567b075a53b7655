import * as fc from 'fast-check';
import type { Layer } from '../../../../src/engine/decision.ts';
import type { Request } from '../../../../src/engine/request.ts';
import { parsePolicyFile } from '../../../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../../../src/engine/policy/policy-set.ts';
import { testRequest } from '../../../../src/engine/policy/test-request.ts';

/** Policies of every sort, as data: JSON is YAML. Few words, so that rules meet the calls, and each other. */

const actions = fc.constantFrom('allow', 'deny', 'require_approval', 'abstain');
const modes = fc.constantFrom('enforce', 'enforce', 'observe');
const some = <T>(...values: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
/** Left out as often as not, or four times of five. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 1 });
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const conditions = fc.array(
  fc.record({
    cel: fc.constantFrom(
      'true',
      'false',
      'request.arguments.missing == 1',
      'request.tool == "shell"',
      'request.command.dynamic',
      'request.session.calls > 5',
    ),
  }),
  { minLength: 1, maxLength: 2 },
);
const approval = fc.record(
  {
    timeout: fc.constantFrom('1m', '1h'),
    onTimeout: fc.constantFrom('deny', 'abstain'),
    approvers: some('lead', 'security'),
    reason: fc.constantFrom('required', 'optional'),
  },
  { requiredKeys: [] },
);

const rule = fc
  .record({
    tools: maybe(some('shell', 'read', '*', 'github/*')),
    commands: seldom(some('git push', 'git **', 'rm -rf', 'ls', '*')),
    paths: seldom(fc.constantFrom({ any: ['src/**', '!src/a'] }, { read: '~/.ssh' }, { write: ['**'] })),
    domains: seldom(some('*.example.com', '*')),
    conditions: seldom(conditions),
    unless: seldom(conditions),
    action: actions,
    autoApprove: fc.boolean(),
    approval,
    rateLimit: seldom(fc.record({ calls: fc.constantFrom(1, 9), per: fc.constant('1m') })),
    onLimit: actions,
    message: seldom(fc.constantFrom('No.', 'Ask.')),
    redact: seldom(some('$.token', '$..secret')),
  })
  .map(({ autoApprove, approval: terms, onLimit, ...one }) => ({
    ...one,
    ...(one.action === 'allow' ? { autoApprove } : {}),
    ...(one.action === 'require_approval' ? { approval: terms } : {}),
    ...(one.rateLimit === undefined ? {} : { onLimit }),
  }));

const exemption = fc.record({
  rule: fc.constantFrom('*/*', 'p0/*', '*/r0', 'p1/r1', '*/(default)', 'self-protection/*', 'self-*/no-*', '{self-protection,p0}/*'),
  reason: fc.constantFrom('because', 'agreed'),
  until: seldom(fc.constantFrom('2020-01-01', '2030-01-01')),
});

const budget = fc.record({
  limits: fc.array(
    fc.record({
      per: fc.constantFrom('session', 'day', 'workspace'),
      calls: fc.constantFrom(1, 10),
      onLimit: fc.constantFrom('alert', 'require_approval', 'deny', 'kill'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  mode: modes,
});

const document = fc.record({
  agent: seldom(some('claude-code', 'codex', '*')),
  mcpServer: seldom(some('github', '*')),
  mode: modes,
  defaultAction: maybe(actions),
  rules: fc.array(rule, { maxLength: 3 }),
  exempt: seldom(fc.array(exemption, { minLength: 1, maxLength: 2 })),
});

export interface Draft {
  readonly layer: Layer;
  readonly documents: readonly (typeof document extends fc.Arbitrary<infer T> ? T : never)[];
  readonly budgets: readonly (typeof budget extends fc.Arbitrary<infer T> ? T : never)[];
  readonly trusted: boolean;
  readonly packs: readonly string[];
}

export function draft(layers: readonly Layer[]): fc.Arbitrary<Draft> {
  return fc.record({
    layer: fc.constantFrom(...layers),
    documents: fc.array(document, { minLength: 1, maxLength: 2 }),
    budgets: fc.array(budget, { maxLength: 1 }),
    trusted: fc.boolean(),
    packs: fc.subarray(['git', 'secrets']),
  });
}

/** How somebody else could have put the same in another order: where each thing goes. */
export interface Order {
  readonly rules: readonly number[];
  readonly documents: readonly number[];
  readonly files: readonly number[];
}

const places = fc.array(fc.nat({ max: 99 }), { minLength: 5, maxLength: 5 });
export const order: fc.Arbitrary<Order> = fc.record({ rules: places, documents: places, files: places });

export function ordered<T>(list: readonly T[], by: readonly number[]): readonly T[] {
  return list
    .map((value, index) => ({ value, at: by[index % by.length] ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** The file that is written so; `index` makes its names its own. Only a workspace can have exemptions that it may not have. */
export function fileOf(one: Draft, index: number, by?: Order): PolicyFile {
  const { layer, documents, budgets, trusted, packs } = one;
  const policies = documents.map(({ exempt, rules, ...spec }, at) => ({
    kind: 'ToolPolicy',
    metadata: { name: `p${index}${at === 0 ? '' : `-${at}`}` },
    ...(exempt === undefined || layer === 'built-in' ? {} : { exempt }),
    spec: {
      ...spec,
      rules: ordered(
        rules.map((each, number) => ({ name: `r${number}`, ...each })),
        by?.rules ?? [0],
      ),
    },
  }));
  const naming =
    packs.length === 0 || layer === 'built-in' ? [] : [{ kind: 'ToolPolicy', metadata: { name: `packs${index}` }, spec: { packs } }];
  const limits = budgets.map((spec, at) => ({ kind: 'BudgetPolicy', metadata: { name: `b${index}-${at}` }, spec }));
  const source = ordered([...policies, ...naming, ...limits], by?.documents ?? [0])
    .map((written) => JSON.stringify(written))
    .join('\n---\n');
  return parsePolicyFile({ path: `${layer}/${index}.yaml`, layer, source, trusted });
}

/** Calls that the words above are about, in one way or another. */
export const request: fc.Arbitrary<Request> = fc
  .constantFrom(
    'ls',
    'ls src && git push --force',
    'git status',
    'rm -rf src/a',
    'rm -rf "$X"',
    '$X -rf src',
    'curl https://api.example.com/x',
    { tool: 'read', paths: { read: ['~/.ssh/id_rsa'] } },
    { tool: 'write', paths: { write: ['src/a'] }, content: 'x' },
    { tool: 'create_issue', mcpServer: 'github', arguments: { missing: 1 } },
    { tool: 'fetch', domains: ['www.example.com'] },
    { command: 'ls', agent: { name: 'codex' }, session: { calls: 9 } },
  )
  .map((call) => testRequest(call));

/** How often each rate limit was used, whatever is asked. */
export const usage = fc.constantFrom(0, 1, 99).map((used) => ({ count: () => used }));
