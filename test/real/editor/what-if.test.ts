import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { themes, type Theme } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { PolicyEditor } from './policy-editor.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

// What policies as they stand in the editor would decide: about the calls of the past, and about one that a person types.
const shownThemes: readonly Theme[] = ['light', 'hc-dark', 'dark'];

const team = `kind: ToolPolicy
metadata: {name: team}
spec:
  rules:
    - name: no-deploys
      commands: ["deploy"]
      conditions: [{cel: "!request.session.interactive"}]
      action: deny
      message: Deploys are made by people.
`;

let lab: Workplace;
let frame: Frame;

beforeAll(async () => {
  lab = await openWorkplace({
    settings: { 'files.autoSave': 'off', '[yaml]': { 'editor.autoIndent': 'none' } },
    furnish: (project) => {
      mkdirSync(join(project, '.countersign'));
      writeFileSync(join(project, '.countersign', 'team.yaml'), team);
    },
  });
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

const page = () => lab.editor.page;

describe('replayed over past calls', () => {
  beforeAll(async () => {
    const agent = lab.agent();
    for (const name of ['allowed-first', 'allowed-second', 'denied-third', 'other-fourth']) await agent.run(lab.mark(name));
    await agent.ask('Read', { file_path: join(lab.folder, 'a\u202Eb.txt') });
  });
  afterAll(async () => {
    for (const command of ['workbench.action.files.revert', 'workbench.action.closeAllEditors', 'notifications.clearAll'])
      await lab.editor.command(command);
  });

  test('policies are replayed as they stand in the editor, unsaved, and what changes is shown beside them', async () => {
    const file = join(lab.state, 'policies', 'lab.yaml');
    await append(
      '    - {name: no-allowed, commands: ["echo allowed*"], action: deny}\n    - {name: ask-reads, tools: [read], action: require_approval}\n',
      'ask-reads',
    );
    await replay('The last day');
    expect(readFileSync(file, 'utf8')).not.toContain('no-allowed');
    expect(await frame.locator('.totals').textContent()).toMatch(/5 calls, 3 would have been decided otherwise.*2 now deny/s);
    expect(await frame.locator('.totals').textContent()).toContain('with the unsaved text of lab.yaml');
    const rules = frame.locator('section[aria-labelledby="by-rule"] tbody tr');
    expect(await rules.allTextContents().then((texts) => texts.map((text) => text.replaceAll(/\s+/g, ' ').trim()))).toEqual([
      expect.stringMatching(/^lab\/ask-reads abstain require_approval 1 .*a‹U\+202E›b\.txt$/),
      expect.stringMatching(/^lab\/no-allowed abstain deny 2 .*echo allowed-second/),
    ]);
  });

  test('a rule chooses its calls', async () => {
    const calls = frame.locator('section[aria-labelledby="by-call"] tbody tr');
    expect(await calls.count()).toBe(3);
    await frame.getByRole('button', { name: 'lab/no-allowed' }).click();
    await frame.getByRole('heading', { name: 'Calls of lab/no-allowed' }).waitFor();
    expect(await calls.count()).toBe(2);
  });

  test('it is readable in every theme, and by a screen reader', async () => {
    for (const theme of shownThemes) {
      await lab.editor.setTheme(theme);
      await frame.locator(`body[data-vscode-theme-id="${themes[theme].id}"]`).waitFor();
      await lab.editor.screenshot(`replay-${theme}`);
      expect((await lab.editor.accessibilityFaults(frame, 'main')).map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    }
  });

  test('a call opens as its entry in the log', async () => {
    await frame.locator('section[aria-labelledby="by-call"] tbody button').first().click();
    const log = await lab.editor.webview('main[aria-label="Activity"] .details');
    const shown = log.locator('.details', { hasText: 'echo allowed-second' });
    await shown.waitFor();
    expect(await shown.locator('h2').textContent()).toMatch(/^no opinion, entry \d+$/);
  });

  test('a file with a mistake is not replayed: its place is told', async () => {
    const { editor } = lab;
    await append('    - {name: broken, action: deny, nothing: 1}\n', 'broken');
    await editor.command('Countersign: Replay Policies Over Past Calls…');
    await pick('Everything');
    await editor.toast('could not replay the policies').waitFor();
    const told = editor.toast('lab.yaml:11:').locator('.notification-list-item-message');
    await told.waitFor();
    expect(await told.textContent()).toContain('nothing');
  });
});

describe('tried with one call', () => {
  let file: string;

  beforeAll(async () => {
    file = join(lab.folder, '.countersign', 'team.yaml');
    await lab.agent().ask('Bash', { command: 'echo recorded $(trash) [x](http://a.example)' });
  });

  test('the line above a rule opens a page that says what to do; Enter says what is decided, and why step by step', async () => {
    await new PolicyEditor(lab.editor).open('team.yaml');
    await page().locator('.codelens-decoration a', { hasText: 'Try…' }).first().click();
    frame = await lab.editor.webview('main[aria-label="Try a call"]');
    await frame.locator('.empty', { hasText: 'Type a call and press Enter' }).waitFor();
    await lab.editor.screenshot('try-empty');
    await frame.locator('#text').fill('deploy now');
    await frame.locator('#text').press('Enter');
    await badge('Denied').waitFor();
    const shown = await frame
      .locator('[role=treeitem]')
      .evaluateAll((rows) => rows.slice(0, 3).map((row) => row.textContent?.replaceAll(/\s+/g, ' ').trim()));
    expect(shown).toEqual([
      'team/no-deploys applies and denies Deploys are made by people. · line 5',
      'commands: deploy yes',
      'conditions: !request.session.interactive yes',
    ]);
    expect(await frame.locator('dd', { hasText: 'deploy now' }).count()).toBeGreaterThan(0);
  });

  test('the answer follows the text of the policy, which is not saved, and says where that is wrong', async () => {
    const editor = new PolicyEditor(lab.editor);
    await editor.goTo('action: deny');
    await editor.type('y');
    await frame.locator('.banner button', { hasText: 'team.yaml, line 8' }).waitFor();
    await lab.editor.screenshot('try-problem');
    for (const _ of 'denyy') await editor.press('Backspace');
    await editor.type('allow');
    await editor.press('Escape');
    await badge('Allowed').waitFor();
    await line('team/no-deploys applies and allows').waitFor();
    await frame.locator('.decision', { hasText: 'unsaved text of team.yaml' }).waitFor();
    expect(readFileSync(file, 'utf8')).toBe(team);
  });

  test('arrows go through the tree, Enter opens the rule, Escape goes back to the call', async () => {
    await line('team/no-deploys').first().focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowLeft']) await page().keyboard.press(key);
    expect(await frame.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))).toBe('false');
    await page().keyboard.press('Escape');
    expect(await frame.evaluate(() => document.activeElement?.id)).toBe('text');
    await line('team/no-deploys').first().focus();
    await page().keyboard.press('Enter');
    await until('the cursor on the rule', async () =>
      /Ln 5\b/.test((await page().locator('[id="status.editor.selection"]').textContent()) ?? ''),
    );
  });

  test.each(shownThemes)('it can be read by everybody, in the theme %s', async (theme) => {
    await lab.editor.setTheme(theme);
    frame = await lab.editor.webview('main[aria-label="Try a call"]');
    await badge('Allowed').waitFor();
    const faults = await lab.editor.accessibilityFaults(frame);
    await lab.editor.screenshot(`try-${theme}`);
    expect(faults.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });

  test('a recorded call is picked from the log, and shown as text', async () => {
    await frame.locator('vscode-button', { hasText: 'Pick a recorded call…' }).click();
    await page().locator('.quick-input-widget .monaco-list-row', { hasText: '$(trash) [x](http://a.example)' }).first().click();
    await frame.locator('.recorded', { hasText: 'echo recorded $(trash) [x](http://a.example)' }).waitFor();
    await badge('No opinion').or(badge('A person is asked')).or(badge('Denied')).waitFor();
    await lab.editor.screenshot('try-recorded');
    expect(await frame.locator('.recorded a').count()).toBe(0);
  });

  test('an entry of the log leads to the page, and back', async () => {
    await frame.locator('vscode-button', { hasText: 'Show its entry' }).click();
    const log = await lab.editor.webview('main[aria-label="Activity"] .filters');
    await log.locator('vscode-button[data-action="try"]').waitFor();
    await lab.editor.screenshot('try-entry');
    await log.locator('vscode-button[data-action="try"]').click();
    // The log took the page’s place, and gave it back: it is another document now.
    frame = await lab.editor.webview('main[aria-label="Try a call"] .recorded');
    await frame.locator('.recorded:focus').waitFor();
    expect(await frame.locator('.recorded').textContent()).toBe('echo recorded $(trash) [x](http://a.example)');
    await frame.locator('vscode-button', { hasText: 'Type a call instead' }).click();
    await badge('Allowed').waitFor();
  });
});

const line = (text: string): Locator => frame.locator('[role=treeitem]', { hasText: text });
const badge = (text: string): Locator => frame.locator('.decision .badge', { hasText: text });

/** Typed, once the editor listens. */
async function append(text: string, arrived: string): Promise<void> {
  await lab.editor.command('Countersign: Open My Policies');
  await page().locator('.editor-group-container.active .tab.active[data-resource-name="lab.yaml"]').waitFor();
  await page().locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  await page().keyboard.press('Control+End');
  await page().keyboard.insertText(text);
  await page().locator('.editor-group-container.active .view-line', { hasText: arrived }).waitFor();
}

async function replay(span: string): Promise<void> {
  await lab.editor.command('Countersign: Replay Policies Over Past Calls…');
  await pick(span);
  frame = await lab.editor.webview('main[aria-label="Policy replay"] .totals');
}

async function pick(name: string): Promise<void> {
  await lab.editor.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
}
