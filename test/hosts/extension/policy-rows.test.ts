import { expect, test } from 'vitest';
import type { PolicyOverview } from '../../../src/engine/policy/overview.ts';
import type { PoliciesInForce } from '../../../src/governor/policies.ts';
import { type PolicyRow, policyRows } from '../../../src/hosts/extension/policy-rows.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const document = {
  name: 'team',
  kind: 'ToolPolicy',
  mode: 'enforce',
  rules: 3,
  actions: { deny: 1, require_approval: 2 },
  line: 2,
} as const;
const file = (over: Partial<PolicyOverview> = {}): PolicyOverview => ({
  path: '/w/app/.countersign/team.yaml',
  layer: 'workspace',
  digest,
  documents: [document],
  problems: [],
  ...over,
});
const rows = (
  files: readonly PolicyOverview[],
  observed: PoliciesInForce['observed'] = [],
  problems: Parameters<typeof policyRows>[1] = [],
) => policyRows({ root: '/w/app', files, observed }, problems);
const lines = (all: readonly PolicyRow[], depth = 0): readonly string[] =>
  all.flatMap(({ label, description, children }) => [`${' '.repeat(depth)}${label} | ${description}`, ...lines(children, depth + 1)]);

test('every layer is there, outermost first, also where it has nothing', () => {
  expect(lines(rows([file()]))).toEqual([
    'Organisation | none',
    'Yours | none',
    'This folder | 1 file, 3 rules',
    ' team.yaml | 3 rules · abababab',
    '  team | enforces · 1 deny, 2 ask',
    'Built-in | none',
  ]);
});

const only = (over: Partial<PolicyOverview>, problems: Parameters<typeof policyRows>[1] = []): PolicyRow | undefined =>
  rows([file(over)], [], problems)[2]?.children[0];

test.each<[string, Partial<PolicyOverview>, Partial<PolicyRow>]>([
  ['only tightens', {}, { contextValue: 'policy.file', icon: 'law' }],
  ['is trusted', { trust: { isTrusted: true, autoApprove: 2 } }, { contextValue: 'policy.file.trusted', icon: 'law' }],
  [
    'waits for trust',
    { trust: { isTrusted: false, autoApprove: 1 } },
    { contextValue: 'policy.file.untrusted', icon: 'unverified', description: '3 rules · not trusted · abababab' },
  ],
  [
    'has changed since it was trusted',
    { trust: { isTrusted: false, autoApprove: 1, since: { digest: 'sha256:1', changes: '1 rule loosened: push' } } },
    { contextValue: 'policy.file.changed', tooltip: expect.stringContaining('Since the version you trusted: 1 rule loosened: push.') },
  ],
  ['is only observed', { onlyObserves: true }, { icon: 'eye', description: '3 rules · only observed · abababab' }],
  ['observes by itself', { documents: [{ ...document, mode: 'observe' }] }, { description: '3 rules · observes · abababab' }],
  [
    'cannot be used',
    { documents: [], problems: [{ message: 'Unknown field "rulse"', line: 4 }] },
    { icon: 'error', tone: 'error', description: '1 error · abababab' },
  ],
])('a file that %s', (_, over, expected) => {
  expect(only(over)).toMatchObject(expected);
});

test('a version that could not take the place of the one in force shows its error beside it', () => {
  const row = only({}, [{ id: 'p', message: 'Unknown field', file: '/w/app/.countersign/team.yaml', line: 7 }]);
  expect(row?.children).toMatchObject([{ label: 'Unknown field', line: 7, icon: 'error' }, { label: 'team' }]);
});

test('only a policy of the user or the folder can be had observe or enforce', () => {
  const context = (layer: PolicyOverview['layer'], i: number) => rows([file({ layer })])[i]?.children[0]?.children[0]?.contextValue;
  expect([context('organisation', 0), context('user', 1), context('workspace', 2), context('built-in', 3)]).toEqual([
    undefined,
    'policy.enforcing',
    'policy.enforcing',
    undefined,
  ]);
});

test('that nothing is stopped stands on top, for every reason', () => {
  const [first, second] = rows(
    [],
    [
      { at: 0, by: 'ada' },
      { folder: '/w/app', at: 0, by: 'ada', until: 1_800_000_000_000 },
    ],
  );
  expect(first).toMatchObject({ label: 'Only observing everywhere', contextValue: 'policies.observed', observed: '' });
  expect(second).toMatchObject({ label: 'Only observing in app', observed: '/w/app', description: expect.stringContaining('until ') });
});

test('nothing that a file’s author chose is hidden', () => {
  const name = 'a‮b​';
  const row = only({ path: `/w/${name}.yaml`, documents: [{ ...document, name }] });
  expect([row?.label, row?.children[0]?.label].join()).not.toMatch(/[\u202e\u200b]/);
  expect(row?.children[0]?.policy).toBe(name);
});
