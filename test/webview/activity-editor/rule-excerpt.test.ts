import { expect, test } from 'vitest';
import { ruleExcerpt } from '../../../src/webview/activity-editor/rule-excerpt.ts';

const policy = `kind: ToolPolicy
spec:
  rules:
    - name: one
      commands: ["git push"]

      message: |
        A
          B

    # About the next.
    - {name: two, action: deny}
  defaultAction: abstain
`;

test.each([
  ['a rule of several lines', 4, '- name: one\n  commands: ["git push"]\n\n  message: |\n    A\n      B'],
  ['a rule in one line', 12, '- {name: two, action: deny}'],
  ['the default', 13, 'defaultAction: abstain'],
  ['a line that there is not', 99, ''],
])('%s', (_, line, expected) => {
  expect(ruleExcerpt(policy, line)).toBe(expected);
});
