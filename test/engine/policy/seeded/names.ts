import { budget, head, rule, spec, type Seed } from './seed.ts';

const policyTwice = (name: string): string => `A policy named "${name}" stands above already; names are unique within a layer`;
const ruleTwice = (name: string): string => `A rule named "${name}" stands above already; names are unique within a document`;

/** Names that are taken. */
export const names: readonly Seed[] = [
  ['two rules in blocks', `${rule('tools: x')}    - name: «r»\n      action: allow\n`, 's', ruleTwice('r')],
  [
    'two rules in lines',
    spec('rules: [{name: a, action: deny}, {name: b, action: deny}, {name: «a», action: allow}]'),
    'c',
    ruleTwice('a'),
  ],
  ['two rules, one in quotes', spec('rules: [{name: a, action: deny}, {action: deny, name: «"a"»}]'), 'b', ruleTwice('a')],
  [
    'two rules, written with and without an escape',
    spec('rules: [{name: a, action: deny}, {action: deny, name: «"\\x61"»}]'),
    'b',
    ruleTwice('a'),
  ],
  ['two policies', `${head}  mode: enforce\n---\nkind: ToolPolicy\nmetadata: {name: «p»}\nspec: {}\n`, 'q', policyTwice('p')],
  [
    'two policies with one between them',
    `${head}  mode: enforce\n---\nkind: ToolPolicy\nmetadata: {name: q}\nspec: {}\n---\nkind: ToolPolicy\nmetadata:\n  name: «p»\nspec: {}\n`,
    's',
    policyTwice('p'),
  ],
  [
    'two budgets',
    `${budget('rate: {calls: 9, per: 1m}')}---\nkind: BudgetPolicy\nmetadata: {name: «b»}\nspec: {rate: {calls: 9, per: 1m}}\n`,
    'c',
    policyTwice('b'),
  ],
  [
    'a policy and a budget',
    `${budget('rate: {calls: 9, per: 1m}')}---\nkind: ToolPolicy\nmetadata: {name: «b»}\nspec: {}\n`,
    'c',
    policyTwice('b'),
  ],
];
