import { expect, test } from 'vitest';
import { budgetNotices } from '../../../src/hosts/extension/budget-notice-text.ts';

const problem = (id: string) => ({ id, message: 'Budget "b": [click](command:evil) in /tmp/$(check)' });

test('each alert of a budget is said once, by the name of the budget alone', () => {
  const first = budgetNotices([problem('port-moved'), problem('budget:day-spend:alert 0.5 ["/x"]')], new Set());
  expect(first.notices).toEqual(['Budget day-spend has something to tell: the inbox shows it.']);
  expect(budgetNotices([problem('budget:day-spend:alert 0.5 ["/x"]')], first.known).notices).toEqual([]);
  expect(budgetNotices([problem('budget:day-spend:alert 0.8 ["/x"]')], first.known).notices).toHaveLength(1);
});

test('a name cannot become a link', () => {
  const [text] = budgetNotices([problem('budget:[x](command:y)')], new Set()).notices;
  expect(text).not.toMatch(/[[\]()]/);
});
