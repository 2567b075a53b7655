import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { keepEvidence } from './evidence.ts';
import { PolicyEditor } from './policy-editor.ts';
import { otherYamlExtension } from './yaml-stand-in.ts';
import { isGoverned, openWorkplace, type Workplace } from './workplace.ts';

const team = `kind: ToolPolicy
metadata: {name: team}
spec:
  rules:
    - name: no-force-push
      commands: ["git push --force"]
      action: deny
    - name: off-main
      tools: [create_pull_request]
      action: deny
      conditions:
        - cel: >-
            request.arguments.base == "main"
`;
const cases = `- name: a force push
  call: git push --force
  expect: {action: deny, rule: team/no-force-push}
`;
const mine = `kind: ToolPolicy
metadata: {name: mine}
exempt:
  - {rule: baseline-git/force-push, reason: this is a lab}
spec: {}
`;
/** Two mistakes, of which a JSON Schema finds the first. */
const named = `kind: ToolPolicy
metadata: {name: one}
spec: {mod: observe}
---
kind: ToolPolicy
metadata: {name: two}
spec: {agent: "a["}
`;
let lab: Workplace;
let editor: PolicyEditor;
const inFolder = (name: string): string => join(lab.folder, '.countersign', name);

beforeAll(async () => {
  lab = await openWorkplace({
    settings: {
      'editor.fontSize': 14,
      // The editor closes brackets by what it knows of the line so far, which may be late.
      'editor.autoClosingBrackets': 'never',
      'editor.minimap.enabled': false,
      'editor.hover.delay': 100,
      // What others would offer could come between a word and the Enter behind it.
      'editor.wordBasedSuggestions': 'off',
      'countersign.policyFiles': ['elsewhere/named.yaml'],
    },
    furnish: (folder) => {
      mkdirSync(join(folder, '.countersign'));
      writeFileSync(join(folder, '.countersign', 'team.yaml'), team);
      writeFileSync(join(folder, '.countersign', 'team.test.yaml'), cases);
      mkdirSync(join(folder, 'elsewhere'));
      writeFileSync(join(folder, 'elsewhere', 'other.yaml'), 'knd: ToolPolicy\n');
      writeFileSync(join(folder, 'elsewhere', 'named.yaml'), named);
    },
    prepare: async (state) => writeFileSync(join(state, 'policies', 'mine.yaml'), mine),
  });
  editor = new PolicyEditor(lab.editor);
  await lab.agent().ask('mcp__tracker__close_ticket', { id: 1 });
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('an unknown field is underlined while it is typed, and the quick fix puts the one that is meant', async () => {
  await editor.open('team.yaml');
  await editor.goTo('action: deny');
  await editor.press('Enter');
  await editor.type('mesage: ');
  await editor.press('Escape');
  await editor.type('No.');
  expect(await editor.isUnderlined('mesage')).toBe(true);
  await lab.editor.screenshot('policy-unknown-field');
  await editor.goTo('mesage', 'before');
  await editor.press('Control+.');
  await lab.editor.page.locator('.action-widget .monaco-list-row', { hasText: 'Change to "message"' }).click();
  await editor.isClean();
  expect(await editor.holds('      message: No.')).toBe(true);
});

test('a type error in a folded condition is underlined at its very characters', async () => {
  await editor.goTo('request.arguments.base == "main"');
  await editor.type(' && request.tol == "x"');
  expect(await editor.isUnderlined('tol')).toBe(true);
  await editor.goTo('request.tol');
  await editor.press('Control+.');
  await lab.editor.page.locator('.action-widget .monaco-list-row', { hasText: 'Change to "tool"' }).click();
  await editor.isClean();
});

test('in a condition, what a call has is offered and explained with its type', async () => {
  await editor.goTo('request.tool == "x"');
  await editor.type(' && request.command.');
  expect(await editor.offered()).toEqual(expect.arrayContaining([expect.stringContaining('pipesToInterpreter')]));
  await lab.editor.screenshot('policy-condition-members');
  await editor.type('netw');
  await editor.suggestion('network').waitFor();
  await editor.press('Enter');
  await editor.isClean();
  expect(await editor.hover('network')).toContain('network: bool');
  await lab.editor.screenshot('policy-condition-hover');
});

test('an argument that may be missing is pointed out, and can be guarded', async () => {
  expect(await editor.isUnderlined('request.arguments.base', 'hint')).toBe(true);
  await editor.goTo('request.arguments.base', 'before');
  await editor.press('Control+.');
  await lab.editor.page.locator('.action-widget .monaco-list-row', { hasText: 'has(request.arguments.base)' }).click();
  expect(await editor.holds('has(request.arguments.base) && request.arguments.base == "main"')).toBe(true);
});

test('fields, values and tools are offered where they belong, also those seen in the log', async () => {
  await editor.goTo('message: No.');
  await editor.press('Enter');
  await editor.press('Shift+Tab');
  await editor.type('- name: typed');
  await editor.press('Escape');
  await editor.press('Enter');
  await editor.press('Tab');
  await editor.type('act');
  await editor.suggestion('action').first().waitFor();
  await editor.press('Enter');
  await editor.suggestion('require_approval').first().waitFor();
  await lab.editor.screenshot('policy-values');
  await editor.type('requ');
  await editor.press('Enter');
  await editor.press('Enter');
  await editor.type('tools: []');
  await editor.press('ArrowLeft');
  await editor.suggest();
  const offered = await editor.offered();
  expect(offered[0]).toContain('shell');
  await editor.type('tick');
  await editor.suggestion('tracker/close_ticket').first().waitFor();
  for (let n = 0; n < 4; n += 1) await editor.press('Backspace');
  await editor.type('Web');
  await editor.suggestion('WebFetch').first().waitFor();
  await editor.press('Enter');
  expect(await editor.holds(/- name: typed\n {6}action: require_approval\n {6}tools: \[WebFetch\]/)).toBe(true);
});

test('a rule is renamed together with the tests that expect it', async () => {
  await editor.goTo('no-force-push');
  await editor.press('F2');
  await lab.editor.page.locator('.rename-box input').fill('never-force');
  await editor.press('Enter');
  await editor.holds('- name: never-force');
  await lab.editor.command('workbench.action.files.saveFiles');
  await until('the name in both files', async () =>
    [readFileSync(inFolder('team.yaml'), 'utf8'), readFileSync(inFolder('team.test.yaml'), 'utf8')].every((text) =>
      text.includes('never-force'),
    ),
  );
  expect(readFileSync(inFolder('team.test.yaml'), 'utf8')).toContain('rule: team/never-force}');
});

test('from a test one gets to the rule that it expects', async () => {
  await editor.open('team.test.yaml');
  await editor.goTo('team/never');
  await editor.press('F12');
  await lab.editor.page.locator('.tab.active[aria-label^="team.yaml"]').waitFor();
  expect(await editor.holds('- name: never-force')).toBe(true);
});

test('from an exemption one gets to the shipped rule, which cannot be changed there', async () => {
  await lab.editor.command('Countersign: Open My Policies');
  await lab.editor.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'mine.yaml' }).click();
  await editor.goTo('baseline-git/for');
  await editor.press('F12');
  await lab.editor.page.locator('.tab.active[aria-label^="baseline-git.yaml"]').waitFor();
  expect(await editor.holds('name: force-push')).toBe(true);
  await lab.editor.screenshot('policy-shipped');
});

test('the outline names policies and rules', async () => {
  await editor.open('team.yaml');
  await lab.editor.command('workbench.action.gotoSymbol');
  const rows = lab.editor.page.locator('.quick-input-widget .monaco-list-row');
  await rows.filter({ hasText: 'off-main' }).waitFor();
  expect(await rows.allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining('team'), expect.stringContaining('never-force')]),
  );
  await editor.press('Escape');
});

test('files that a setting names are policies, and no others', async () => {
  await editor.open('named.yaml');
  expect(await editor.isUnderlined('mod')).toBe(true);
  expect(await editor.isUnderlined('"a["')).toBe(true);
  await editor.open('other.yaml');
  expect(await editor.underlined()).toBe(0);
});

describe.each(['light', 'hc-dark'] as const)('in the theme %s', (theme) => {
  test('what we show can be looked at', async () => {
    await lab.editor.setTheme(theme);
    await editor.open('team.yaml');
    await editor.goTo('action: require_approval');
    await editor.press('Enter');
    await editor.type('mesage: x');
    await editor.press('Escape');
    expect(await editor.isUnderlined('mesage')).toBe(true);
    await lab.editor.screenshot(`policy-language-${theme}`);
    await editor.press('Control+Shift+K');
    await editor.isClean();
  });
});

test('beside another YAML extension, what it says by our schema is not said twice', async () => {
  await lab.editor.installVsix(await otherYamlExtension(join(lab.home, 'stand-in')));
  await lab.editor.command('workbench.action.files.saveFiles');
  await lab.editor.reload();
  await isGoverned(lab.editor);
  await editor.open('named.yaml');
  expect(await editor.isUnderlined('"a["')).toBe(true);
  expect(await editor.underlined()).toBe(1);
});

test('nothing of ours complains', async () => {
  const own = (await lab.editor.logs()).split('\n').filter((line) => /countersign/i.test(line) && /\[(error|warning)\]/i.test(line));
  expect(own).toEqual([]);
});
