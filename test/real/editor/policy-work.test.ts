import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import type { Theme } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const shownThemes: readonly Theme[] = ['dark', 'light', 'hc-dark'];

const team = `kind: ToolPolicy
metadata: {name: team}
spec:
  rules:
    - name: no-deploys
      commands: ["echo denied*"]
      action: deny
      message: Deploys are made by people.
      tests:
        deny: [echo denied-now]
        pass: [echo fine, echo denied-too]
    - name: never-matches
      commands: ["echo nothing-like-it"]
      action: deny
`;
const cases = `- {name: deploys are refused, call: echo denied-now, expect: {action: deny, rule: team/no-deploys}}
- {name: asked by nobody, call: echo fine, expect: {action: require_approval}}
`;

let lab: Workplace;
let folder: string;

beforeAll(async () => {
  lab = await openWorkplace({
    // The panel of results would take the place of what is looked at.
    settings: {
      'files.autoSave': 'off',
      'testing.automaticallyOpenTestResults': 'neverOpen',
      'testing.automaticallyOpenPeekView': 'failureInVisibleDocument',
    },
    furnish: (project) => {
      mkdirSync(join(project, '.countersign'));
      writeFileSync(join(project, '.countersign', 'team.yaml'), team);
      writeFileSync(join(project, '.countersign', 'team.test.yaml'), cases);
    },
  });
  folder = join(lab.folder, '.countersign');
  const agent = lab.agent();
  await agent.run(lab.mark('denied-1'));
  await agent.run(lab.mark('denied-2'));
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

const page = () => lab.editor.page;
const testRow = (text: string): Locator => page().locator('.test-explorer .monaco-list-row', { hasText: text });
const lens = (text: string): Locator => page().locator('.codelens-decoration', { hasText: text });
const pick = (text: string): Locator => page().locator('.quick-input-widget .monaco-list-row', { hasText: text }).first();
const dirtyTab = (name: string): Locator => page().locator('.tab.active.dirty', { hasText: name });

async function open(file: string): Promise<void> {
  await until(`${file} to be open`, async () => {
    await page().keyboard.press('Control+P');
    await page()
      .locator('.quick-input-widget input.input')
      .fill(file, { timeout: 1000 })
      .catch(() => undefined);
    await pick(file)
      .click({ timeout: 2000 })
      .catch(() => undefined);
    return page().locator('.tab.active', { hasText: file }).isVisible();
  });
}

async function closeUnsaved(): Promise<void> {
  await lab.editor.command('workbench.action.revertAndCloseActiveEditor');
}

test('each rule says what it did lately, and follows what happens', async () => {
  await open('team.yaml');
  await lens('denied 2 in 7 days').waitFor();
  await lens('nothing in 7 days').waitFor();
  await lab.agent().run(lab.mark('denied-3'));
  await lens('denied 3 in 7 days').waitFor();
  const texts = (await lens('in 7 days').allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
  expect(texts).toEqual(['denied 3 in 7 days | Try…', 'nothing in 7 days | Try…']);
});

test('a click shows the calls that were counted', async () => {
  await lens('denied 3 in 7 days').locator('a').first().click();
  const frame = await lab.editor.webview('main[aria-label="Activity"] .filters');
  await frame.locator('.chips', { hasText: 'team/no-deploys' }).waitFor();
  const rows = frame.locator('.window .row:not(.loading)');
  await until('three calls', async () => (await rows.count()) === 3);
  expect(await rows.filter({ hasText: 'echo denied-' }).count()).toBe(3);
});

test('the Testing view shows the tests of policies, and says which fail, with what was found', async () => {
  await open('team.yaml');
  await lab.editor.focusView('workbench.view.testing');
  await testRow('team.yaml').waitFor();
  await testRow('team.test.yaml').waitFor();
  await lab.editor.command('testing.runAll');
  const peek = page().locator('.test-output-peek');
  await peek.waitFor();
  await until('the difference', async () => /deny/.test((await peek.locator('.modified-in-monaco-diff-editor').textContent()) ?? ''));
  expect(await peek.locator('.original-in-monaco-diff-editor').textContent()).toContain('pass');
  await lab.editor.screenshot('policies-testing-dark');
});

test('tests follow the text before it is saved', async () => {
  await page().keyboard.press('Escape');
  await open('team.test.yaml');
  await page().keyboard.press('Control+End');
  await page().keyboard.type('- {name: typed just now, call: ls, expect: {action: abstain}}\n');
  await testRow('team.test.yaml').first().locator('.monaco-tl-twistie').click();
  await testRow('typed just now').waitFor();
  expect(readText('team.test.yaml')).not.toContain('typed just now');
  await closeUnsaved();
});

test('a pack is added with one pick, and waits for the person to save it', async () => {
  await lab.editor.command('countersign.addPolicyPack');
  await lab.editor.screenshot('policies-packs-dark');
  await pick('aws').click();
  await dirtyTab('packs.yaml').waitFor();
  expect(readText('packs.yaml')).toBe('');
  await page()
    .locator('.view-lines', { hasText: /packs:\s\[aws\]/ })
    .waitFor();
  await lab.editor.command('countersign.addPolicyPack');
  await pick('aws').waitFor();
  await page().locator('.quick-input-widget input.input').fill('github-mcp');
  await pick('github-mcp').click();
  await page()
    .locator('.view-lines', { hasText: /\[aws,\sgithub-mcp\]/ })
    .waitFor();
  await lab.editor.command('workbench.action.files.save');
  await until('the pack to be saved', async () => readText('packs.yaml').includes('packs: [aws, github-mcp]'));
  // What was saved is read a moment later; a list that is open already does not change.
  await until('the pack to be shown as used', async () => {
    await lab.editor.command('countersign.addPolicyPack');
    const isShown = await pick('in this folder’s packs.yaml')
      .waitFor({ timeout: 3_000 })
      .then(
        () => true,
        () => false,
      );
    await page().keyboard.press('Escape');
    return isShown;
  });
});

test('a snippet goes where a rule can stand', async () => {
  await open('team.yaml');
  await page().keyboard.press('Control+Home');
  await lab.editor.command('countersign.insertPolicySnippet');
  await pick('Ask before a command').click();
  await dirtyTab('team.yaml').waitFor();
  await page().locator('.view-lines', { hasText: 'releases-need-a-person' }).waitFor();
  expect(readText('team.yaml')).toBe(team);
  await lab.editor.screenshot('policies-snippet-dark');
  await page().keyboard.press('Escape');
  await closeUnsaved();
});

describe.each(shownThemes)('in the theme %s', (theme) => {
  test('the walkthrough has its steps and pictures', async () => {
    await lab.editor.setTheme(theme);
    await lab.editor.command('countersign.openWalkthrough');
    const steps = page().locator('.gettingStartedContainer .step-title');
    await until('five steps', async () => (await steps.count()) === 5);
    expect(await steps.allTextContents()).toEqual([
      'Install the hooks',
      'See the first decision',
      'Approve one call',
      'Write one rule',
      'Share it',
    ]);
    const first = page().locator('.getting-started-step', { hasText: 'See the first decision' });
    await first.locator('.codicon-getting-started-step-checked.complete').waitFor();
    await lab.editor.screenshot(`policies-walkthrough-${theme}`);
    await page().locator('.step-title', { hasText: 'Write one rule' }).click();
    await page().locator('.gettingStartedContainer iframe, .gettingStartedContainer .getting-started-media').first().waitFor();
    await lab.editor.screenshot(`policies-walkthrough-rule-${theme}`);
    await open('team.yaml');
    await lens('denied 3 in 7 days').waitFor();
    await lab.editor.screenshot(`policies-lens-${theme}`);
  });
});

function readText(name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return '';
  }
}
