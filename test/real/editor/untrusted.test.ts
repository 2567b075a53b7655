import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepEvidence } from './evidence.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** What a stranger's repository may bring along: it tightens, and it tries to loosen. */
const repositoryPolicy = `
kind: ToolPolicy
metadata: {name: repository}
spec:
  rules:
    - {name: tighter, commands: ["echo tighter*"], action: deny, message: Not in this repository.}
    - {name: looser, commands: ["echo denied*", "echo asked*"], action: allow, autoApprove: true}
`;

const image = '<img src=x onerror="globalThis.pwned=1">';
const link = '[approve me](command:workbench.action.terminal.new)';
const icon = '$(check)';
const red = '\u001B[31mred\u001B[0m';
const backwards = '\u202Etxt.exe';
const hostile = `echo asked '${image} ${link} ${icon} ${red} ${backwards} <script>globalThis.pwned=1</script> **bold**'`;
/** The same as a person has to see it: nothing interpreted, nothing hidden. */
const shown = hostile.replaceAll('\u001B', '‹U+001B›').replaceAll('\u202E', '‹U+202E›');

let lab: Workplace;

beforeAll(async () => {
  lab = await openWorkplace({
    trust: false,
    furnish: (folder) => {
      mkdirSync(join(folder, '.countersign'));
      writeFileSync(join(folder, '.countersign', 'policy.yaml'), repositoryPolicy);
    },
  });
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

describe('in a folder that is not trusted', () => {
  test('the person’s own policies hold', async () => {
    expect(await lab.agent().run(lab.mark('denied'))).toMatchObject({
      ran: false,
      reason: expect.stringContaining('The policy of the lab'),
    });
    const mark = lab.mark('asked');
    const call = lab.agent().run(mark);
    await (await openInbox(lab.editor)).press(mark.command, 'Approve');
    expect((await call).decision).toBe('allow');
    expect(mark.runs()).toBe(1);
  });

  test('a policy of the folder tightens, and cannot loosen', async () => {
    expect(await lab.agent().run(lab.mark('tighter'))).toMatchObject({
      ran: false,
      reason: expect.stringContaining('Not in this repository.'),
    });
    expect(await lab.agent().run(lab.mark('denied-too'))).toMatchObject({ ran: false });
    expect((await lab.agent().run(lab.mark('free'))).ran).toBe(true);
  });

  test('nothing of ours complains', async () => {
    const own = (await lab.editor.logs()).split('\n').filter((line) => /countersign/i.test(line) && /\[(error|warning)\]/i.test(line));
    expect(own).toEqual([]);
  });
});

describe('what an agent wrote', () => {
  let inbox: Inbox;
  let folder: string;

  beforeAll(async () => {
    inbox = await openInbox(lab.editor);
    folder = join(lab.folder, `${link} ${icon} ${backwards} <b>x<`);
    mkdirSync(folder);
  });

  test('in the inbox it is text, with what cannot be seen named', async () => {
    const call = lab
      .agent(folder)
      .ask('Bash', { command: hostile, [`${image}${backwards}`]: link, ['long'.repeat(100)]: 'x', description: image });
    const card = await inbox.card('echo asked');
    expect(await card.locator('pre').first().textContent()).toBe(shown);
    const all = await card.textContent();
    for (const part of [image, link, '‹U+202E›txt.exe']) expect(all).toContain(part);
    await nothingCameAlive(inbox.frame);
    expect(await inbox.overflow()).toBe(0);
    await lab.editor.screenshot('hostile-inbox');
    await inbox.press('echo asked', 'Deny');
    await call;
  });

  test('in a notification there is none of it', async () => {
    const call = lab.agent(folder).ask('Bash', { command: hostile });
    const id = new RegExp((await (await inbox.card('echo asked')).getAttribute('data-id')) ?? 'no id');
    const toast = lab.editor.toast(id);
    await toast.waitFor();
    expect(await toast.textContent()).not.toMatch(/echo|approve me|img|txt\.exe/);
    expect(await linksIn(toast)).toBe(0);
    await lab.editor.answerToast(id, 'Deny');
    await call;
  });

  test('in the activity and in its details it is text', async () => {
    await lab.editor.focusView('countersign.activity');
    const frame = await lab.editor.webview('main[aria-label="Activity"]');
    const row = frame.locator('.row', { hasText: `echo asked '` }).first();
    expect(await row.textContent()).toContain(shown.slice(0, 60));
    await row.click();
    await frame.locator('.details').waitFor();
    expect(await frame.locator('.details').textContent()).toContain(shown);
    await nothingCameAlive(frame);
    await lab.editor.screenshot('hostile-activity');
  });

  test('in the tree of sessions and in the question before a kill it is text, with what cannot be seen named', async () => {
    await lab.editor.focusView('countersign.sessions');
    const row = lab.editor.treeRows('Sessions').filter({ hasText: 'approve me' }).first();
    expect(await row.textContent()).toContain(`claude-code in ${link} ${icon} ‹U+202E›txt.exe <b>x<`);
    expect(await linksIn(row)).toBe(0);
    await row.hover();
    await row.getByRole('button', { name: /^Kill/ }).click();
    const question = lab.editor.dialog('Kill this session');
    expect(await question.textContent()).toContain('‹U+202E›txt.exe <b>x<');
    expect(await linksIn(question)).toBe(0);
    await lab.editor.answerDialog('Kill this session', 'Cancel');
  });

  test('in an error about a change that cannot be shown it is no link', async () => {
    const edit = lab.agent().ask('Edit', { file_path: folder, old_string: 'a', new_string: 'b' });
    await inbox.press('approve me', 'Show change');
    const error = lab.editor.toast('could not show the change');
    await error.waitFor();
    expect(await linksIn(error)).toBe(0);
    expect(await error.textContent()).toContain('‹U+202E›');
    await inbox.press('approve me', 'Deny');
    await edit;
  });
});

async function linksIn(place: Locator): Promise<number> {
  return await place
    .locator('.notification-list-item-message a, .dialog-message-container a, .monaco-icon-label-container a[href]')
    .count();
}

/** Nothing of the agent's text became an element, and no script of it ran. */
async function nothingCameAlive(frame: Frame): Promise<void> {
  expect(await frame.locator('body img, body a, body b, body script, [onerror]').count()).toBe(0);
  expect(await frame.evaluate(() => 'pwned' in globalThis)).toBe(false);
}
