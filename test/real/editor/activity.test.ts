import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { themes, type Theme } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { openWorkplace, policy, type Workplace } from './workplace.ts';

const guardrail = `
kind: GuardrailPolicy
metadata: {name: words}
spec:
  detect:
    - {type: keyword, words: [Project Bluebird], action: deny}
    - {type: keyword, name: birds, words: [bluejay], action: alert}
`;

const shownThemes: readonly Theme[] = ['dark', 'light', 'hc-dark'];
let lab: Workplace;
let frame: Frame;

beforeAll(async () => {
  // A rule that is only looked at must not be saved by the editor meanwhile.
  lab = await openWorkplace({ policy: `${policy}---${guardrail}`, settings: { 'files.autoSave': 'off' } });
  const agent = lab.agent();
  for (let call = 0; call < 60; call += 1) await agent.run(lab.mark(`allowed-${call}`));
  await agent.run(lab.mark('denied'));
  await lab.agent().ask('Bash', { command: 'echo project bluebird' });
  await lab.agent().ask('Read', { file_path: join(lab.folder, 'a\u202Eb.txt') });
  frame = await openActivity();
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

async function openActivity(): Promise<Frame> {
  await lab.editor.command('countersign.openActivity');
  const opened = await lab.editor.webview('main[aria-label="Activity"] .filters');
  await opened.locator('.window .row:not(.loading)').first().waitFor();
  return opened;
}

const rows = (text?: string): Locator => frame.locator('.window .row', text === undefined ? {} : { hasText: text });
const details = (): Locator => frame.locator('.details');
const says = async (text: string | RegExp): Promise<void> => frame.locator('.count', { hasText: text }).waitFor();

async function search(text: string): Promise<void> {
  await frame.locator('#text').fill(text);
  await says(/found$/);
}

async function clearFilters(): Promise<void> {
  await frame.getByRole('button', { name: 'Clear filters' }).first().click();
  await says(/entries$/);
}

test('the page stays within what it may do', () => {
  expect(lab.editor.consoleErrors.filter((error) => /Content Security Policy|Countersign/i.test(error))).toEqual([]);
});

test('the newest entries are on top, and new ones come there by themselves', async () => {
  await lab.agent().run(lab.mark('allowed-later'));
  await rows('echo allowed-later').first().waitFor();
  expect(Number(await frame.locator('.list').getAttribute('aria-rowcount'))).toBeGreaterThan(62);
});

test('a text finds its entries, and the filter can be taken away again', async () => {
  await search('echo denied');
  expect(await rows('echo denied').count()).toBe(await rows().count());
  expect(await frame.locator('.chips').textContent()).toContain('Text: echo denied');
  await search('nothing has this text');
  await frame.getByText('No entry matches these filters.').waitFor();
  await clearFilters();
  await rows('echo allowed-5').first().waitFor();
});

test('a menu shows how often each value occurs, and filters by those that are chosen', async () => {
  await frame.getByRole('button', { name: 'Decision' }).click();
  const denied = frame.getByRole('dialog').getByRole('checkbox', { name: /denied/ });
  await denied.check();
  await says(/found$/);
  await until('only denials', async () => (await rows().count()) > 0 && (await rows('denied').count()) === (await rows().count()));
  await lab.editor.page.keyboard.press('Escape');
  expect(await frame.getByRole('button', { name: 'Decision', exact: true }).evaluate((button) => button === document.activeElement)).toBe(
    true,
  );
  await clearFilters();
});

test('the keyboard goes through the list, opens an entry and comes back', async () => {
  const { keyboard } = lab.editor.page;
  await frame.locator('.list').focus();
  await keyboard.press('End');
  const last = await frame.locator('.list').getAttribute('aria-rowcount');
  await frame.locator(`[aria-selected="true"][aria-rowindex="${last ?? ''}"]`).waitFor();
  await keyboard.press('Home');
  await frame.locator('[aria-selected="true"][aria-rowindex="2"]').waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await details().locator('h3').first().waitFor();
  await keyboard.press('Escape');
  await details().waitFor({ state: 'detached' });
  expect(await frame.locator('.list').evaluate((list) => list === document.activeElement)).toBe(true);
  await keyboard.press('/');
  expect(await frame.locator('#text').evaluate((input) => input === document.activeElement)).toBe(true);
});

test('an entry is shown with the rule that decided, its text, and what proves it', async () => {
  await search('echo denied');
  await rows('denied').first().click();
  await details().getByText('The policy of the lab says no.').first().waitFor();
  expect(await details().locator('pre.policy').textContent()).toContain('echo denied*');
  expect(await details().locator('.proof').textContent()).toMatch(/\w/);
  await details().getByRole('button', { name: 'Open policy at this rule' }).click();
  await lab.editor.page.locator('.tab.active', { hasText: 'lab.yaml' }).waitFor();
  frame = await openActivity();
  await clearFilters();
});

test('what an agent hides in a name is seen', async () => {
  await search('b.txt');
  await rows('b.txt').first().waitFor();
  expect(await rows('b.txt').first().textContent()).toContain('a‹U+202E›b.txt');
  await clearFilters();
});

test('a rule from now on waits unsaved in the policy file that was chosen', async () => {
  await search('echo allowed-7');
  await rows('echo allowed-7').first().click();
  await details().getByRole('button', { name: 'Deny…' }).click();
  const { page } = lab.editor;
  const proposed = page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Deny echo' }).first();
  await proposed.filter({ hasText: /\d+ calls? of the last 7 days, \d+ newly denied/ }).waitFor();
  await lab.editor.screenshot('activity-rule-picker');
  await proposed.click();
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'lab.yaml' }).first().click();
  await page.locator('.tab.active.dirty', { hasText: 'lab.yaml' }).waitFor();
  await page.locator('.view-lines', { hasText: 'deny-echo-allowed-7' }).waitFor();
  await lab.editor.screenshot('activity-rule');
  expect(readFileSync(join(lab.state, 'policies', 'lab.yaml'), 'utf8')).not.toContain('deny-echo');
  await lab.editor.command('workbench.action.files.revert');
  await lab.editor.command('workbench.action.closeActiveEditor');
  frame = await openActivity();
  await clearFilters();
});

test('a session can be read as a page that runs nothing', async () => {
  await rows('echo allowed-later').first().click();
  await details().getByRole('button', { name: 'Session page' }).click();
  const page = await lab.editor.webview('h2#timeline');
  expect(await page.locator('script[src]').count()).toBe(0);
  await lab.editor.screenshot('activity-session');
  await lab.editor.command('workbench.action.closeActiveEditor');
  frame = await openActivity();
});

test('what a guardrail found is told, and not shown', async () => {
  await search('[redacted:keyword');
  await rows('denied').first().click();
  await details().getByText('$.command, 5–21').waitFor();
  expect(await details().textContent()).toContain('keyword: refused (words/keyword)');
  expect(await details().textContent()).not.toContain('bluebird');
  await lab.editor.screenshot('activity-guardrail');
  await clearFilters();
});

test('an alert is told once in a session, without what was found, and shown', async () => {
  const agent = lab.agent();
  const toasts = lab.editor.page.locator('.notification-toast', { hasText: 'found something in a session of claude-code' });
  await agent.ask('Bash', { command: 'echo bluejay' });
  await toasts.first().waitFor();
  await agent.ask('Bash', { command: 'echo again bluejay' });
  await rows('echo again').first().waitFor();
  expect([await toasts.count(), await toasts.first().textContent()]).toEqual([1, expect.not.stringContaining('bluejay')]);
  await lab.editor.screenshot('activity-alert');
  await toasts.getByRole('button', { name: 'Show' }).click();
  await details().getByText('keyword/birds: recorded only (words/birds)').waitFor();
  await clearFilters();
});

test('a false positive waits unsaved in the guardrail that was chosen, by its fingerprint', async () => {
  await search('[redacted:keyword');
  await rows('denied').first().click();
  await details()
    .getByRole('button', { name: /^This is a false positive/ })
    .click();
  const { page } = lab.editor;
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'words' }).first().click();
  await page.locator('.quick-input-widget', { hasText: 'Why is it a false positive?' }).waitFor();
  await page.keyboard.type('A bird of our park');
  await page.keyboard.press('Enter');
  await page.locator('.tab.active.dirty', { hasText: 'lab.yaml' }).waitFor();
  await page.locator('.view-lines', { hasText: /fingerprint:."[0-9a-f]{16}",.reason:."A.bird.of.our.park"/ }).waitFor();
  await lab.editor.screenshot('activity-false-positive');
  expect(readFileSync(join(lab.state, 'policies', 'lab.yaml'), 'utf8')).not.toContain('fingerprint');
  await lab.editor.command('workbench.action.files.revert');
  await lab.editor.command('workbench.action.closeActiveEditor');
  frame = await openActivity();
  await clearFilters();
});

describe.each(shownThemes)('in the theme %s', (theme) => {
  test('the page is legible and speaks to a screen reader', async () => {
    await lab.editor.setTheme(theme);
    await frame.locator(`body[data-vscode-theme-id="${themes[theme].id}"]`).waitFor();
    expect(await faults()).toEqual([]);
    await search('echo denied');
    await rows('denied').first().click();
    await details().locator('pre.policy').waitFor();
    await lab.editor.screenshot(`activity-details-${theme}`);
    expect(await faults()).toEqual([]);
    await clearFilters();
    await search('[redacted:keyword');
    await rows('[redacted:keyword').first().click();
    await details().locator('.findings').waitFor();
    await lab.editor.screenshot(`activity-guardrail-${theme}`);
    expect(await faults()).toEqual([]);
    await clearFilters();
    await frame.getByRole('button', { name: 'Kind' }).click();
    await frame.getByRole('dialog').getByRole('checkbox').first().waitFor();
    await lab.editor.screenshot(`activity-${theme}`);
    expect(await faults()).toEqual([]);
    await lab.editor.page.keyboard.press('Escape');
    await details().getByRole('button', { name: 'Close details' }).click();
  });
});

async function faults(): Promise<readonly string[]> {
  return (await lab.editor.accessibilityFaults(frame)).map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
