import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EditorWindow } from '../../lab/editor/window.ts';
import { keepEvidence } from './evidence.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { isGoverned, openWorkplace, statusSays, type Workplace } from './workplace.ts';

let lab: Workplace;
let other: EditorWindow;
let otherFolder: string;
let inboxes: { readonly first: Inbox; readonly other: Inbox };

beforeAll(async () => {
  lab = await openWorkplace();
  otherFolder = join(lab.home, 'elsewhere');
  mkdirSync(otherFolder);
  other = await lab.editor.newWindow(otherFolder);
  await isGoverned(other);
  inboxes = { first: await openInbox(lab.editor), other: await openInbox(other) };
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('both windows show what is asked, but only the one whose folder it is raises its notification at once', async () => {
  const mark = lab.mark('asked-other');
  const call = lab.agent(join(otherFolder, 'below')).run(mark);
  const id = new RegExp((await (await inboxes.first.card(mark.command)).getAttribute('data-id')) ?? 'no id');
  await inboxes.other.card(mark.command);
  await other.toast(id).waitFor();
  expect(await lab.editor.toast(id).count()).toBe(0);
  // Nobody answers there: after a while the first window helps out.
  await lab.editor.toast(id).waitFor();
  await inboxes.other.press(mark.command, 'Deny');
  expect((await call).decision).toBe('deny');
});

test('an answer in one window is gone from the other, where its notification answers nothing any more', async () => {
  const mark = lab.mark('asked-both');
  const call = lab.agent(otherFolder).run(mark);
  await inboxes.other.card(mark.command);
  const id = new RegExp((await inboxes.other.cards(mark.command).getAttribute('data-id')) ?? 'no id');
  await other.toast(id).waitFor();
  await inboxes.first.press(mark.command, 'Approve');
  expect((await call).decision).toBe('allow');
  await inboxes.other.cards(mark.command).waitFor({ state: 'detached' });
  await statusSays(other, /no agent has its hooks/);

  await other.answerToast(id, 'Deny');
  await other.toast(/no longer waits/).waitFor();
  expect(mark.runs()).toBe(1);
});
