import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { keepEvidence } from './evidence.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { isGoverned, openWorkplace, statusSays, type Workplace } from './workplace.ts';

let lab: Workplace;

beforeAll(async () => {
  // A rule that is only looked at must not be saved by the editor meanwhile.
  lab = await openWorkplace({ settings: { 'files.autoSave': 'off' } });
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

/** The id by which an approval's notification can be told from others. */
async function idOf(inbox: Inbox, text: string): Promise<RegExp> {
  return new RegExp((await (await inbox.card(text)).getAttribute('data-id')) ?? 'no id');
}

test('approved in its notification, a call runs once', async () => {
  const mark = lab.mark('asked-toast');
  const call = lab.agent().run(mark);
  const id = await idOf(await openInbox(lab.editor), mark.command);
  expect(mark.runs()).toBe(0);
  await lab.editor.answerToast(id, 'Approve');
  expect((await call).decision).toBe('allow');
  expect(mark.runs()).toBe(1);
});

test('denied in the inbox, a call does not run, and the agent hears the reason', async () => {
  const mark = lab.mark('asked-denied');
  const call = lab.agent().run(mark);
  const inbox = await openInbox(lab.editor);
  await inbox.giveReason(mark.command, 'Use the pipeline.');
  await inbox.press(mark.command, 'Deny');
  expect(await call).toMatchObject({ decision: 'deny', reason: expect.stringContaining('Use the pipeline.') });
  expect(mark.runs()).toBe(0);
});

test('approved for this session, the same call is not asked about again; in another session it is', async () => {
  const mark = lab.mark('asked-session');
  const agent = lab.agent();
  const first = agent.run(mark);
  const inbox = await openInbox(lab.editor);
  await inbox.press(mark.command, 'Approve for this session');
  expect((await first).decision).toBe('allow');
  expect((await agent.run(mark)).decision).toBe('allow');
  expect(mark.runs()).toBe(2);

  const other = lab.agent().run(mark);
  await inbox.press(mark.command, 'Deny');
  expect((await other).decision).toBe('deny');
  expect(mark.runs()).toBe(2);
});

test('clearing all notifications answers nothing and loses nothing', async () => {
  const mark = lab.mark('asked-cleared');
  const call = lab.agent().run(mark);
  const inbox = await openInbox(lab.editor);
  await lab.editor.toast(await idOf(inbox, mark.command)).waitFor();
  await lab.editor.command('notifications.clearAll');
  await lab.editor.page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
  await statusSays(lab.editor, /1 call waits for your decision/);
  expect(await inbox.cards(mark.command).count()).toBe(1);
  expect(mark.runs()).toBe(0);
  await inbox.press(mark.command, 'Approve');
  expect((await call).decision).toBe('allow');
});

test('a rule about calls like the one that waits is proposed, unsaved, and answers nothing', async () => {
  const mark = lab.mark('asked-always');
  const call = lab.agent().run(mark);
  const inbox = await openInbox(lab.editor);
  await (await inbox.card(mark.command)).locator('summary').click();
  await lab.editor.screenshot('inbox-details');
  await inbox.press(mark.command, 'From now on…');
  const { page } = lab.editor;
  for (const choice of ['Deny…', 'Deny echo', 'lab.yaml'])
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: choice }).first().click();
  await page.locator('.tab.active.dirty', { hasText: 'lab.yaml' }).waitFor();
  await page.locator('.view-lines', { hasText: '# From approval' }).waitFor();
  expect(mark.runs()).toBe(0);
  await lab.editor.command('workbench.action.files.revert');
  await lab.editor.command('workbench.action.closeActiveEditor');
  const again = await openInbox(lab.editor);
  await again.press(mark.command, 'Approve');
  expect((await call).decision).toBe('allow');
});

test('a window that is reloaded asks again what is open, and its answer counts', async () => {
  const mark = lab.mark('asked-reload');
  const call = lab.agent().run(mark);
  const id = await idOf(await openInbox(lab.editor), mark.command);
  await lab.editor.reload();
  await lab.editor.toast(id).waitFor();
  await statusSays(lab.editor, /1 call waits for your decision/);
  expect(mark.runs()).toBe(0);
  await (await openInbox(lab.editor)).press(mark.command, 'Approve');
  expect((await call).decision).toBe('allow');
  expect(mark.runs()).toBe(1);
});

test('a change to a file is shown as a difference before it is approved', async () => {
  const file = join(lab.folder, 'notes.txt');
  writeFileSync(file, 'one\ntwo\n');
  const edit = lab.agent().ask('Edit', { file_path: file, old_string: 'two', new_string: 'three' });
  const inbox = await openInbox(lab.editor);
  await inbox.press(file, 'Show change');
  expect(await sideBySide('notes.txt')).toEqual({ before: ['one', 'two', ''], after: ['one', 'three', ''] });
  await lab.editor.screenshot('show-change');
  await inbox.press(file, 'Approve');
  expect((await edit).decision).toBe('allow');
});

test('a file that a call would create is shown as a difference with nothing', async () => {
  const file = join(lab.folder, 'fresh.txt');
  const write = lab.agent().ask('Write', { file_path: file, content: 'new text\n' });
  const inbox = await openInbox(lab.editor);
  await inbox.press(file, 'Show change');
  expect(await sideBySide('fresh.txt')).toEqual({ before: [''], after: ['new text', ''] });
  await inbox.press(file, 'Deny');
  expect((await write).decision).toBe('deny');
  await isGoverned(lab.editor);
});

/** What the difference editor shows on both sides, line by line. */
async function sideBySide(file: string) {
  const { page } = lab.editor;
  await page.locator('.tab.active', { hasText: file }).waitFor();
  return await until(`a difference of ${file}`, async () => {
    const [before, after] = await Promise.all(['original', 'modified'].map((side) => linesOf(side)));
    return before && after && after.length > 0 ? { before, after } : undefined;
  });
}

async function linesOf(side: string): Promise<readonly string[]> {
  const lines = lab.editor.page.locator(`.monaco-diff-editor:visible .editor.${side} .view-line`);
  const placed = await lines.evaluateAll((all) =>
    all.map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' })),
  );
  return placed.sort((one, other) => one.top - other.top).map(({ text }) => text.replaceAll('\u00a0', ' '));
}
