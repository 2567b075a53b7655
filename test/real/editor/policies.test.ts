import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import type { Theme } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { openInbox } from './inbox.ts';
import { modelExtension } from './model-stand-in.ts';
import { isGoverned, openWorkplace, statusSays, type Workplace } from './workplace.ts';

const team = (more: string) =>
  `kind: ToolPolicy\nmetadata: {name: team}\nspec:\n  rules:\n    - {name: build, commands: [npm run build], action: allow, autoApprove: true}\n${more}`;
const noTags = '    - {name: no-tags, commands: [git tag], action: deny}\n';

const review = `
kind: GuardrailPolicy
metadata: {name: health}
spec:
  applyTo: [input]
  detect: [{type: review, name: patients, prompt: Does this text name a diagnosis?, timeout: 10s, action: deny}]
`;

const shownThemes: readonly Theme[] = ['light', 'hc-dark', 'dark'];

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
  for (const theme of shownThemes) {
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
  // A view that is being filled anew takes the button away under the pointer: then it is pressed once more.
  await until(
    'the button to be pressed',
    async () => {
      await before.hover();
      return before
        .getByRole('button', { name: 'Trust This' })
        .click({ timeout: 5_000 })
        .then(() => true)
        .catch(() => false);
    },
    60_000,
  );
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

test('a folder gets its policy from a template, and a person trusts that version by a command', async () => {
  await lab.editor.command('Countersign: Create Policy for This Folder');
  await lab.editor.page.locator('.tab.active', { hasText: 'policy.yaml' }).waitFor();
  await lab.editor.command("Countersign: Trust This Folder's Policy…");
  await pick('policy.yaml');
  await lab.editor.answerDialog('Trust this policy file?', 'Trust this version');
  await row(/^policy\.yaml, 2 rules · [0-9a-f]{8}/).waitFor();
  const pipeline = join(lab.folder, '.github', 'workflows', 'ci.yml');
  const write = lab.agent().ask('Write', { file_path: pipeline, content: 'on: push' });
  const card = await (await openInbox(lab.editor)).card(pipeline);
  expect(await card.textContent()).toContain('this-repository/keep-out-of-ci');
  await lab.editor.command('countersign.deny');
  expect((await write).decision).toBe('deny');
});

describe('a guardrail with a review', () => {
  const ask = (command: string) => lab.agent().ask('Bash', { command });

  beforeAll(async () => {
    writeFileSync(join(lab.state, 'policies', 'health.yaml'), review);
    await lab.editor.installVsix(await modelExtension(join(lab.home, 'stand-in')));
    await lab.editor.reload();
    await isGoverned(lab.editor);
  });

  test('with no model named nothing runs that has to be reviewed, and the reason says what to set', async () => {
    expect(await ask('echo all is well')).toMatchObject({ ran: false, reason: expect.stringContaining('Name one under "review"') });
  });

  test('a person chooses a model of VS Code, reads what it will be sent; then it reviews', async () => {
    const { page } = lab.editor;
    await lab.editor.command('Countersign: Review by a Language Model…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Tiny Stand-in' }).click();
    await page.locator('.monaco-dialog-box', { hasText: 'Secrets, personal data and what other detections' }).waitFor();
    await lab.editor.screenshot('review-model');
    await page.locator('.monaco-dialog-box').getByText('Use This Model').click();
    await page.locator('.notification-list-item', { hasText: 'now show texts to Tiny Stand-in' }).waitFor();
    expect(JSON.parse(readFileSync(join(lab.state, 'config.json'), 'utf8'))).toMatchObject({
      review: { vscode: { vendor: 'stand-in', id: 'tiny' } },
    });
    expect(await ask('echo every thing is well')).toMatchObject({ ran: true });
    expect(await ask('echo the diagnosis')).toMatchObject({
      ran: false,
      reason: expect.stringContaining('found what its review "patients" is about'),
    });
  });

  test('the details of a call say what the model was asked, what it said, and how long that took', async () => {
    await lab.editor.command('countersign.openActivity');
    const frame = await lab.editor.webview('main[aria-label="Activity"] .filters');
    await frame.locator('.window .row', { hasText: 'echo every thing is well' }).first().click();
    const details = frame.locator('.details');
    await details.getByText('Reviewed by a model').waitFor();
    await details.getByText(/^no \(vscode stand-in tiny, 35 characters, \d+ ms\)$/).waitFor();
    for (const theme of shownThemes) {
      await lab.editor.setTheme(theme);
      await details.getByText('Reviewed by a model').scrollIntoViewIfNeeded();
      await lab.editor.screenshot(`review-details-${theme}`);
      expect(await lab.editor.accessibilityFaults(frame)).toEqual([]);
    }
  });
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
