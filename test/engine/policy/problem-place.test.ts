import { expect, test } from 'vitest';
import { problemPlace } from '../../../src/engine/policy/problem-place.ts';

test.each<[string | undefined, number | undefined, string]>([
  ['/home/ada/.countersign/policies/team.yaml', 6, 'team.yaml, line 6'],
  ['C:\\Users\\ada\\.countersign\\policies\\team.yaml', 6, 'team.yaml, line 6'],
  ['/home/ada/.countersign/policies/', undefined, 'policies'],
  [undefined, 6, ''],
])('%s at line %s is at "%s"', (file, line, place) => {
  expect(problemPlace(file, line)).toBe(place);
});
