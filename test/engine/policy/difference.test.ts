import { expect, test } from 'vitest';
import { isStricter } from '../../../src/engine/decision.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { inWords } from '../../../src/engine/policy/difference-words.ts';
import { policyDifference } from '../../../src/engine/policy/difference.ts';
import { parsePolicyFile } from '../../../src/engine/policy/parse-file.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { unused } from './policies.ts';

const doc = (rules: readonly string[], spec = '', top = '') =>
  `kind: ToolPolicy\nmetadata: {name: team}\n${top}\nspec:\n  rules: [${rules.map((rule) => `{${rule}}`).join(', ')}]\n  ${spec}\n`;
const words = (before: string, after: string) => inWords(policyDifference(before, after));
const push = (more: string) => [`name: push, ${more}`];

test.each<[string, string, string]>([
  ['commands: [git push], action: require_approval', 'commands: [git push], action: deny', '1 rule tightened: push'],
  ['commands: [git push], action: deny', 'commands: [git push], action: allow', '1 rule loosened: push'],
  ['commands: [git push], action: allow', 'commands: [git push], action: abstain', '1 rule changed: push'],
  ['commands: [git push], action: deny', 'commands: [git push, git tag], action: deny', '1 rule tightened: push'],
  ['commands: [git push, git tag], action: deny', 'commands: git push, action: deny', '1 rule loosened: push'],
  ['commands: [git push, git tag], action: deny', 'commands: [git tag, git push], action: deny', '1 text or test reworded: push'],
  ['commands: [git push], action: deny', 'commands: [git tag], action: deny', '1 rule changed: push'],
  ['tools: [shell], commands: [git push], action: deny', 'commands: [git push], action: deny', '1 rule tightened: push'],
  ['commands: [git push], action: allow', 'commands: [git push, git tag], action: allow', '1 rule loosened: push'],
  ['commands: [git push], action: allow', 'commands: [git push], domains: [a.example], action: allow', '1 rule tightened: push'],
  ['commands: [git push], action: allow', 'commands: [git push], paths: {write: [x]}, action: allow', '1 rule changed: push'],
  ['paths: {write: [a]}, action: deny', 'paths: {write: [a, b]}, action: deny', '1 rule tightened: push'],
  ['paths: {write: [a]}, action: deny', 'paths: {write: [a, "!a/b"]}, action: deny', '1 rule changed: push'],
  ['tools: [shell], action: deny', 'tools: [shell], conditions: [{cel: "true"}], action: deny', '1 rule loosened: push'],
  ['tools: [shell], action: deny', 'tools: [shell], unless: [{cel: "true"}], action: deny', '1 rule loosened: push'],
  ['tools: [shell], unless: [{cel: "true"}], action: deny', 'tools: [shell], action: deny', '1 rule tightened: push'],
  // A condition may fail, and then its rule denies: nobody knows before.
  [
    'tools: [shell], action: require_approval',
    'tools: [shell], conditions: [{cel: "true"}], action: require_approval',
    '1 rule changed: push',
  ],
  ['tools: [shell], action: deny', 'tools: [shell, read], conditions: [{cel: "true"}], action: deny', '1 rule changed: push'],
  [
    'tools: [shell], action: allow, rateLimit: {calls: 5, per: 1m}',
    'tools: [shell], action: allow, rateLimit: {calls: 4, per: 1m}',
    '1 rule tightened: push',
  ],
  ['tools: [shell], action: allow, rateLimit: {calls: 5, per: 1m}', 'tools: [shell], action: allow', '1 rule loosened: push'],
  ['tools: [shell], action: allow', 'tools: [shell], action: allow, autoApprove: true', '1 autoApprove added: push'],
  ['tools: [shell], action: allow, autoApprove: true', 'tools: [shell], action: allow', '1 autoApprove removed: push'],
  [
    'tools: [shell], action: require_approval',
    'tools: [shell], action: require_approval, approval: {onTimeout: abstain}',
    '1 rule loosened: push',
  ],
  [
    'tools: [shell], action: require_approval',
    'tools: [shell], action: require_approval, approval: {reason: required}',
    '1 rule tightened: push',
  ],
  [
    'tools: [shell], action: require_approval',
    'tools: [shell], action: require_approval, approval: {timeout: 60m}',
    '1 text or test reworded: push',
  ],
  ['tools: [shell], action: deny', 'tools: [shell], action: deny, message: No.', '1 text or test reworded: push'],
  ['tools: [shell], action: deny', 'action: deny, tools: [shell]', 'nothing that matters to agents'],
])('%s → %s: %s', (before, after, expected) => {
  expect(words(doc(push(before)), doc(push(after)))).toBe(expected);
});

test.each<[string, string, string, string]>([
  ['only observed from now on', '', 'mode: observe', '1 policy loosened: team'],
  ['enforced from now on', 'mode: observe', '', '1 policy tightened: team'],
  ['a stricter default', '', 'defaultAction: deny', '1 policy tightened: team'],
  ['a pack more', 'packs: [git]', 'packs: [git, strict]', '1 policy tightened: team'],
  ['another pack', 'packs: [git]', 'packs: [strict]', '1 policy changed: team'],
  ['for one agent only', '', 'agent: claude-code', '1 policy loosened: team'],
  ['a pack more, a laxer default', 'defaultAction: deny', 'packs: [git]', '1 policy changed: team'],
])('a policy: %s', (_, before, after, expected) => {
  expect(words(doc(push('tools: [shell], action: deny'), before), doc(push('tools: [shell], action: deny'), after))).toBe(expected);
});

test('what makes agents freer comes first, and names are cut to three', () => {
  const rule = (name: string, action: string, more = '') => `name: ${name}, tools: [shell], action: ${action}${more}`;
  const before = doc([rule('a', 'require_approval'), rule('b', 'require_approval'), rule('no-force-push', 'deny'), rule('c', 'allow')]);
  const fresh = ['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => rule(name, 'deny'));
  const after = doc([rule('a', 'deny'), rule('b', 'deny'), rule('c', 'allow', ', autoApprove: true'), ...fresh]);
  expect(words(before, after)).toBe(
    '1 autoApprove added: c; 1 rule removed: no-force-push; 2 rules tightened: a, b; 5 rules added: n1, n2, n3 and 2 more',
  );
});

test.each<[string, string, string, string]>([
  ['a new file', '', doc(push('tools: [shell], action: allow, autoApprove: true')), '1 autoApprove added: push; 1 policy added: team'],
  ['a file that goes', doc(push('tools: [shell], action: deny')), '', '1 policy removed: team'],
  ['an exemption', doc([], 'x: 1').replace('x: 1', ''), doc([], '', 'exempt: [{rule: a/b, reason: fine}]'), '1 exemption added: a/b'],
  ['a version that is no policy', doc([]), 'kind: [', 'one of the versions cannot be read'],
  [
    'a budget',
    'kind: BudgetPolicy\nmetadata: {name: b}\nspec: {limits: [{per: day, calls: 5}]}',
    'kind: BudgetPolicy\nmetadata: {name: b}\nspec: {limits: [{per: day, calls: 9}]}',
    '1 policy changed: b',
  ],
])('%s', (_, before, after, expected) => {
  expect(words(before, after)).toBe(expected);
});

test('what is called tightened or loosened is so for every call that was tried', () => {
  let seed = 11;
  const pick = <T>(values: readonly T[]): T => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return values[(seed >> 8) % values.length] as T;
  };
  const some = (field: string, values: readonly string[]) => {
    const chosen = values.filter(() => pick([true, false]));
    return chosen.length === 0 ? [] : [`${field}: [${chosen.map((one) => `'${one}'`).join(', ')}]`];
  };
  const fields = (): readonly (readonly string[])[] => [
    some('tools', ['shell', 'read']),
    some('commands', ['git push', 'git', 'rm -rf', 'ls']),
    some('domains', ['a.example', 'b.example']),
    pick([[], ['conditions: [{cel: "request.arguments.command.size() > 6"}]'], ['conditions: [{cel: "request.arguments.nothing == 1"}]']]),
    pick([[], ['unless: [{cel: "request.arguments.command.contains(\'force\')"}]']]),
    [`action: ${pick(['allow', 'deny', 'require_approval', 'abstain'])}`],
  ];
  const source = (parts: readonly (readonly string[])[]) => doc([['name: r', ...parts.flat()].join(', ')]);
  const calls = [
    'ls',
    'git push',
    'git push --force',
    'rm -rf x',
    'curl https://a.example',
    'git clone https://b.example/x',
    'ls && rm -rf y',
  ];
  const verdicts = (text: string) => {
    const file = parsePolicyFile({ path: 'p.yaml', layer: 'user', source: text, trusted: true });
    expect(file.problems).toEqual([]);
    return calls.map((call) => decide({ files: [file] }, testRequest(call), unused).action);
  };
  const seen = new Map<string, number>();
  for (let round = 0; round < 800; round += 1) {
    const [old, other] = [fields(), fields()];
    const fresh = other.map((field, i) => (pick([true, false, false]) ? field : (old[i] ?? [])));
    const [before, after] = [source(old), source(fresh)];
    const changes = policyDifference(before, after) ?? [];
    const kinds = new Set(changes.map(({ kind }) => kind.replace(/^(rule|policy)-/, '')));
    const [kind = 'same'] = kinds;
    if (kinds.size > 1 || (kind !== 'tightened' && kind !== 'loosened')) continue;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    const [laxer, stricter] = kind === 'tightened' ? [verdicts(before), verdicts(after)] : [verdicts(after), verdicts(before)];
    // Allowing and having no opinion are the same to an agent.
    const looser = calls.filter((_, i) => isStricter(laxer[i] ?? 'deny', stricter[i] ?? 'allow') && laxer[i] !== 'allow');
    expect({ before, after, looser }).toMatchObject({ looser: [] });
  }
  expect(Math.min(seen.get('tightened') ?? 0, seen.get('loosened') ?? 0)).toBeGreaterThan(20);
});
