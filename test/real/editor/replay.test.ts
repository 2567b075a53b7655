import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { themes, type Theme } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const shownThemes: readonly Theme[] = ['light', 'hc-dark', 'dark'];
let lab: Workplace;
let frame: Frame;

beforeAll(async () => {
  lab = await openWorkplace({ settings: { 'files.autoSave': 'off', '[yaml]': { 'editor.autoIndent': 'none' } } });
  const agent = lab.agent();
  for (const name of ['allowed-first', 'allowed-second', 'denied-third', 'other-fourth']) await agent.run(lab.mark(name));
  await agent.ask('Read', { file_path: join(lab.folder, 'a\u202Eb.txt') });
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

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

/** Typed, once the editor listens. */
async function append(text: string, arrived: string): Promise<void> {
  const { page } = lab.editor;
  await lab.editor.command('Countersign: Open My Policies');
  await page.locator('.editor-group-container.active .tab.active[data-resource-name="lab.yaml"]').waitFor();
  await page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text);
  await page.locator('.editor-group-container.active .view-line', { hasText: arrived }).waitFor();
}

async function replay(span: string): Promise<void> {
  await lab.editor.command('Countersign: Replay Policies Over Past Calls…');
  await pick(span);
  frame = await lab.editor.webview('main[aria-label="Policy replay"] .totals');
}

async function pick(name: string): Promise<void> {
  await lab.editor.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
}
