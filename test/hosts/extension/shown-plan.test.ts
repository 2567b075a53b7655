import { expect, test } from 'vitest';
import { shownPlan } from '../../../src/hosts/extension/shown-plan.ts';

test('the question shows every line of what becomes of the agent’s settings, and our own files by name', () => {
  const plan = [
    'new /home/ada/.countersign/agents/claude-code/plugins/countersign/hooks/hooks.json',
    '    + { "hooks": {} }',
    'change /home/ada/.claude/settings.json',
    '    - {}',
    '    + { "enabledPlugins": {} }',
  ].join('\n');
  const shown = shownPlan(plan);
  expect(shown).toMatch(/^change \/home\/ada\/.claude\/settings.json\n {4}- {}\n {4}\+ { "enabledPlugins": {} }\n/);
  expect(shown).toContain('hooks/hooks.json');
  expect(shown).not.toContain('"hooks": {}');
});

test('what is not a list of files is shown as it is', () => {
  expect(shownPlan('The hooks are in place already.')).toBe('The hooks are in place already.');
});

test('a very long change is cut, visibly', () => {
  expect(shownPlan(`change /a\n${'+ line\n'.repeat(1000)}`)).toMatch(/\n…$/);
});
