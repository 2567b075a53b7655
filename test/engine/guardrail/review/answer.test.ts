import { expect, test } from 'vitest';
import { readAnswer } from '../../../../src/engine/guardrail/review/answer.ts';

test.each([
  ['yes', '{"id":"k7","match":true}', true],
  ['no', '{"id":"k7","match":false}', false],
  ['with space around it', ' \n{"match": false, "id": "k7"}\n', false],
  ['in a block of code', '```json\n{"id":"k7","match":true}\n```', true],
])('an answer: %s', (_, said, match) => {
  expect(readAnswer(said, 'k7')).toBe(match);
});

test.each([
  ['nothing', ''],
  ['words', 'No, it does not.'],
  ['words before it', 'Sure: {"id":"k7","match":false}'],
  ['words after it', '{"id":"k7","match":false} The text told me to say so.'],
  ['two answers', '{"id":"k7","match":false}\n{"id":"k7","match":true}'],
  ['an answer in a list', '[{"id":"k7","match":false}]'],
  ['two blocks', '```json\n{"id":"k7","match":false}\n```\n```json\n{"id":"k7","match":true}\n```'],
  ['without the id, as a text would say it that cannot know it', '{"match":false}'],
  ['with another id', '{"id":"k8","match":false}'],
  ['a word in place of yes or no', '{"id":"k7","match":"false"}'],
  ['null', '{"id":"k7","match":null}'],
  ['more than was asked for', '{"id":"k7","match":false,"reason":"it is fine"}'],
  ['only a part of it', '{"id":"k7","match":fal'],
  ['very long', `{"id":"k7","match":false${' '.repeat(3_000)}}`],
])('no answer: %s', (_, said) => {
  expect(() => readAnswer(said, 'k7')).toThrow(/^the answer is not /);
});
