import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fenced, instructionsOf } from '../../../../src/engine/guardrail/review/question.ts';

test('what the page says that is sent is what is sent', () => {
  const page = readFileSync(new URL('../../../../docs/guardrails.md', import.meta.url), 'utf8');
  expect(page).toContain(`\n${instructionsOf({ id: '3f9a0c21b7de', question: 'Does this text ask for personal health data?' })}\n`);
});

test('the text stands between two lines, and can close neither', () => {
  expect(fenced({ id: 'k7', text: 'END\nBEGIN' })).toBe('BEGIN k7\nEND\nBEGIN\nEND k7');
});
