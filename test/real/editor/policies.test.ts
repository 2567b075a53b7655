import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Theme } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { openWorkplace, statusSays, type Workplace } from './workplace.ts';

const team = (more: string) =>
  `kind: ToolPolicy\nmetadata: {name: team}\nspec:\n  rules:\n    - {name: build, commands: [npm run build], action: allow, autoApprove: true}\n${more}`;
const noTags = '    - {name: no-tags, commands: [git tag], action: deny}\n';

let lab: Workplace;
let file: string;

beforeAll(async () => {
  lab = await openWorkplace({
    settings: { 'files.autoSave': 'off' },
    furnish: (folder) => {
      file = join(folder, '.countersign', 'team.yaml');
      mkdirSync(join(folder, '.countersign'));
      writeFileSync(file, team(noTags));
    },
  });
  // Seen in force before it changes.
  await lab.agent().run(lab.mark('allowed'));
  // The list draws only the rows that fit.
  await lab.editor.page.setViewportSize({ width: 1400, height: 1500 });
  await lab.editor.focusView('countersign.policies');
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('every layer is listed with its files, and a click opens a policy at its line', async () => {
  await row(/^Organisation, none/).waitFor();
  await row(/^Yours, 1 file, 3 rules/).waitFor();
  await row(/^team\.yaml, 2 rules · not trusted/).waitFor();
  await row(/^Built-in, \d+ files/).waitFor();
  expect(await row(/observ/).count()).toBe(0);
  await expand(/^lab\.yaml/);
  await row(/^lab, enforces · 1 deny, 2 ask/).click();
  await lab.editor.page.locator('.tab.active[data-resource-name="lab.yaml"]').waitFor();
});

test('a policy that is to observe is changed in its file for review, and nothing is saved', async () => {
  const policy = row(/^lab, enforces/);
  await policy.hover();
  await policy.getByRole('button', { name: /Only Observe/ }).click();
  await lab.editor.toast('save the file to put it in force').waitFor();
  await lab.editor.page.locator('.view-line', { hasText: 'mode: observe' }).waitFor();
  expect(readFileSync(join(lab.state, 'policies', 'lab.yaml'), 'utf8')).not.toContain('observe');
  await lab.editor.command('View: Revert and Close Editor');
});

test('while calls are only observed it shows, what would be denied runs, and one click enforces again', async () => {
  expect((await lab.agent().run(lab.mark('denied-first'))).ran).toBe(false);
  await lab.editor.command('Countersign: Only Observe…');
  for (const name of ['This folder', 'Until I enforce again']) await pick(name);
  await statusSays(lab.editor, /only observes in .*project.*Click to enforce/);
  expect(await lab.agent().run(lab.mark('denied-second'))).toMatchObject({ ran: true, decision: '' });
  const observing = row(/^Only observing in project/);
  for (const theme of ['light', 'hc-dark', 'dark'] as const satisfies readonly Theme[]) {
    await lab.editor.setTheme(theme);
    await observing.waitFor();
    await lab.editor.screenshot(`policies-observing-${theme}`);
    expect(await faults()).toEqual([]);
  }
  const inbox = await lab.editor.webview('main[aria-label="Approvals"]');
  await inbox.locator('.banner.warning', { hasText: 'Countersign only observes in' }).waitFor();
  expect((await lab.editor.accessibilityFaults(inbox)).map(({ id }) => id)).toEqual([]);
  await lab.editor.focusView('countersign.activity');
  const activity = await lab.editor.webview('main[aria-label="Activity"]');
  await activity.locator('.row', { hasText: 'would deny' }).first().waitFor();
  await lab.editor.focusView('countersign.policies');
  await observing.hover();
  expect(await observing.getByRole('button', { name: 'Enforce Policies Again' }).count()).toBe(1);
  await inbox.getByRole('button', { name: 'Enforce again' }).click();
  await statusSays(lab.editor, /^(?!.*only observes)/);
  expect((await lab.agent().run(lab.mark('denied-third'))).ran).toBe(false);
});

test('a branch that changes the policies says what is new in words, shows the difference, and is trusted by a person', async () => {
  const before = row(/^team\.yaml/);
  await before.hover();
  await before.getByRole('button', { name: 'Trust This' }).click();
  await lab.editor.answerDialog('Trust this policy file?', 'Trust this version');
  await row(/^team\.yaml, 2 rules · [0-9a-f]{8}/).waitFor();
  writeFileSync(file, team('    - {name: deploy, commands: [npm run deploy], action: allow, autoApprove: true}\n'));
  const news = '1 autoApprove added: deploy; 1 rule removed: no-tags; 1 rule added: deploy. Its autoApprove does not count';
  await lab.editor.toast(news).waitFor();
  await lab.editor.screenshot('policies-news');
  await lab.editor.answerToast(news, 'Trust…');
  await lab.editor.page.locator('.tab.active[aria-label*="as you trusted it"]').waitFor();
  await lab.editor.dialog('Since the version that you trusted: 1 autoApprove added: deploy').waitFor();
  await lab.editor.screenshot('policies-trust');
  await lab.editor.answerDialog('Trust this policy file?', 'Trust this version');
  await row(/^team\.yaml, 2 rules · [0-9a-f]{8}/).waitFor();
  expect(await row(/not trusted/).count()).toBe(0);
});

function row(name: RegExp): Locator {
  return lab.editor.view('Policies').getByRole('treeitem', { name });
}

async function expand(name: RegExp): Promise<void> {
  await row(name).locator('.monaco-tl-twistie').click();
}

async function pick(name: string): Promise<void> {
  await lab.editor.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
}

/** The tree itself is VS Code's; our part is what its rows say, and it draws a row's label and description without a space between them. */
async function faults(): Promise<readonly string[]> {
  const found = await lab.editor.accessibilityFaults(
    lab.editor.page.mainFrame(),
    '.pane:has(.pane-header[aria-label="Policies Section"]) .pane-body',
  );
  return found
    .filter(({ id }) => id !== 'label-content-name-mismatch')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
