import { expect, test } from 'vitest';
import { withNameClashes } from '../../../src/engine/policy/name-clashes.ts';
import { goodPolicy } from './policies.ts';

test('two files of a layer with one name: both are wrong, another layer is not', () => {
  const [a, b, c] = withNameClashes([goodPolicy([]), { ...goodPolicy([]), path: 'q.yaml' }, goodPolicy([], { layer: 'workspace' })]);
  expect([a, b, c].map((file) => [file?.documents.length, file?.problems.map((problem) => problem.message)])).toEqual([
    [0, ['A policy named "p" is in q.yaml already; names are unique within a layer']],
    [0, ['A policy named "p" is in p.yaml already; names are unique within a layer']],
    [1, []],
  ]);
});
