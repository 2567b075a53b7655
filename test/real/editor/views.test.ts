import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { themes, type Theme } from '../../lab/editor/window.ts';
import type { Agent } from './agent.ts';
import { keepEvidence } from './evidence.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { openWorkplace, statusSays, type Workplace } from './workplace.ts';

const shownThemes: readonly Theme[] = ['dark', 'light', 'hc-dark'];
const wide = { width: 1400, height: 900 };
let lab: Workplace;
let inbox: Inbox;

beforeAll(async () => {
  lab = await openWorkplace();
  inbox = await openInbox(lab.editor);
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

// Before the first picture: taking one puts a style into every page, which their policy refuses.
test('the pages stay within what they may do, also when the theme changes', async () => {
  await activity();
  await wear('light');
  expect(lab.editor.consoleErrors.filter((error) => /Content Security Policy|Countersign/i.test(error))).toEqual([]);
});

describe.each(shownThemes)('before anything happened, in the theme %s', (theme) => {
  test('the views say what they are for, and speak to a screen reader', async () => {
    await wear(theme);
    await inbox.isEmpty();
    await picture(`empty-${theme}`);
    expect(await faultsIn(inbox.frame)).toEqual([]);
    expect(await faultsIn(await activity())).toEqual([]);
    expect(await faultsInSessions()).toEqual([]);
  });
});

describe('with agents at work', () => {
  const waiting: Promise<unknown>[] = [];
  let shop: Agent;
  let silent: ChildProcess;

  beforeAll(async () => {
    const agent = lab.agent();
    await agent.run(lab.mark('allowed'));
    await agent.run(lab.mark('denied'));
    writeFileSync(join(lab.folder, 'notes.txt'), 'one\ntwo\n');
    const long = `${lab.mark('asked-long').command} && ${Array.from({ length: 30 }, (_, n) => `curl -s https://example.com/${n}`).join(' && ')}`;
    shop = lab.agent(join(lab.folder, 'packages', 'shop'));
    waiting.push(
      agent.ask('Bash', { command: lab.mark('asked').command, description: 'Publishes the package' }),
      agent.ask('Edit', { file_path: join(lab.folder, 'notes.txt'), old_string: 'two', new_string: 'three\nfour', replace_all: false }),
      shop.ask('Bash', { command: long }),
    );
    const env = { PATH: process.env['PATH'], HOME: lab.home, TERM_PROGRAM: 'tmux', TMUX: 'x' };
    silent = spawn('sleep', ['600'], { argv0: 'codex', cwd: lab.folder, env });
    await inbox.cards().nth(2).waitFor();
  });
  afterAll(async () => {
    silent.kill();
    await lab.editor.page.setViewportSize(wide);
  });

  test('the sessions list has an agent without hooks, marked as such, with what that means below', async () => {
    const row = sessions().getByRole('treeitem', { name: /^codex in project, not governed/ });
    await row.waitFor();
    await row.locator('.monaco-tl-twistie').click();
    await sessions()
      .getByRole('treeitem', { name: /^not governed, since/ })
      .waitFor();
    await row.hover();
    expect(await row.getByRole('button', { name: /^Kill Session/ }).count()).toBe(1);
  });

  test('a session is paused and resumed in the list of sessions, and all of them by a command', async () => {
    const row = sessions().getByRole('treeitem', { name: /^claude-code in shop/ });
    const runs = async () => (await shop.ask('Bash', { command: 'ls' })).ran;
    await row.hover();
    await row.getByRole('button', { name: /^Pause/ }).click();
    await row.getByText('paused').waitFor();
    expect([await runs(), (await lab.agent().run(lab.mark('allowed-beside'))).ran]).toEqual([false, true]);
    await row.hover();
    await row.getByRole('button', { name: /^Resume/ }).click();
    await row.getByText('paused').waitFor({ state: 'detached' });
    expect(await runs()).toBe(true);
    await lab.editor.command('Countersign: Pause All Sessions');
    await statusSays(lab.editor, /paused by/);
    expect(await runs()).toBe(false);
    await lab.editor.command('Countersign: Resume All Sessions');
    await statusSays(lab.editor, /3 calls wait for your decision/);
    expect(await runs()).toBe(true);
  });

  test('the activity shows denials alone where a person wants that, and all of one', async () => {
    const frame = await activity();
    await frame.locator('#filter').selectOption('deny');
    await frame.locator('.row', { hasText: 'no opinion' }).first().waitFor({ state: 'detached' });
    await frame.locator('.row', { hasText: lab.mark('denied').command }).click();
    const details = frame.locator('.details');
    await details.waitFor();
    const text = await details.textContent();
    for (const part of ['denied', 'The policy of the lab says no.', 'lab/denied', 'sha256:', lab.mark('denied').command])
      expect(text).toContain(part);
    await frame.getByRole('button', { name: 'Close details' }).click();
    await frame.locator('#filter').selectOption('decisions');
  });

  test('a card sets off the part of the command that its rule is about, and that part alone', async () => {
    const card = await inbox.card('asked-long');
    expect(await card.locator('.argument.main mark').allTextContents()).toEqual([lab.mark('asked-long').command]);
  });

  test.each(shownThemes)('the views are legible and speak to a screen reader in the theme %s', async (theme) => {
    await wear(theme);
    await inbox.card('Publishes the package');
    const frame = await activity();
    await picture(`work-${theme}`);
    expect(await faultsIn(inbox.frame)).toEqual([]);
    await frame.locator('.row', { hasText: 'denied' }).first().click();
    await frame.locator('.details').waitFor();
    await picture(`details-${theme}`);
    expect(await faultsIn(frame)).toEqual([]);
    expect(await faultsInSessions()).toEqual([]);
    await frame.getByRole('button', { name: 'Close details' }).click();
  });

  test('every card can be read and answered in a high, narrow window', async () => {
    await lab.editor.page.setViewportSize({ width: 700, height: 1800 });
    for (const theme of shownThemes) {
      await wear(theme);
      await inbox.card('Publishes the package');
      await picture(`cards-${theme}`);
    }
    expect(await inbox.overflow()).toBe(0);
  });
});

async function wear(theme: Theme): Promise<void> {
  await lab.editor.setTheme(theme);
  await inbox.frame.locator(`body[data-vscode-theme-id="${themes[theme].id}"]`).waitFor();
}

async function activity(): Promise<Frame> {
  return await lab.editor.webview('main[aria-label="Activity"]');
}

async function picture(name: string): Promise<void> {
  await lab.editor.screenshot(name);
}

async function faultsIn(frame: Frame): Promise<readonly string[]> {
  return (await lab.editor.accessibilityFaults(frame)).map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

function sessions(): Locator {
  return lab.editor.page.locator('.pane:has(.pane-header[aria-label="Sessions Section"]) .pane-body');
}

/** The tree itself is VS Code's; our part is what its rows say. */
async function faultsInSessions(): Promise<readonly string[]> {
  const faults = await lab.editor.accessibilityFaults(
    lab.editor.page.mainFrame(),
    '.pane:has(.pane-header[aria-label="Sessions Section"]) .pane-body',
  );
  // VS Code draws a row's label and description without a space between them; what it says has one.
  const ours = faults.filter(({ id }) => id !== 'label-content-name-mismatch');
  return ours.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
