import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEditor, type Editor } from './editor.ts';
import { fixtureVsix } from './fixture.ts';
import { themes, type EditorWindow, type Theme } from './window.ts';

const status = 'lab.lab-fixture.lab.status';
const soon = { timeout: 20_000 };
let base: string;
let vsix: string;

beforeAll(async () => {
  base = await mkdtemp('/tmp/lab-');
  await mkdir(join(base, 'one'));
  await mkdir(join(base, 'two'));
  vsix = await fixtureVsix(join(base, 'fixture'));
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('an editor with trusted folders', () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await startEditor({ vsix, folders: [join(base, 'one')], env: { LAB_WORD: 'hello' } });
    await editor.statusItem(status).waitFor();
  }, 120_000);

  afterAll(() => editor?.stop());

  test('runs the extension with the environment that the test gave', async () => {
    expect(await editor.statusItems()).toContainEqual({ id: status, text: 'Lab trusted hello', label: 'beaker  Lab trusted hello' });
  });

  test('keeps what the extension logs', async () => {
    await expect.poll(() => editor.logs(), soon).toMatch(/Lab Log\.log\n.* \[info\] The lab is running\.\n/);
  });

  test('lets a toast be answered', async () => {
    await editor.command('Lab: Ask');
    await editor.answerToast('May the lab go on?', 'Yes');
    await expect.poll(() => said(editor), soon).toBe('Lab answered Yes');
  });

  test('lets a notification be answered in the notification centre', async () => {
    await editor.command('lab.ask');
    await editor.toast('May the lab go on?').waitFor();
    await editor.notificationCenter();
    await editor.notification('May the lab go on?').getByRole('button', { name: 'No', exact: true }).click();
    await expect.poll(() => said(editor), soon).toBe('Lab answered No');
  });

  test('reads the rows of a tree', async () => {
    await editor.focusView('lab.tree');
    await editor.treeRows('Lab Tree').first().waitFor();
    expect(await editor.treeRows('Lab Tree').allTextContents()).toEqual(['one', 'two']);
  });

  test('reaches into a webview, which reaches the extension', async () => {
    await editor.focusView('lab.page');
    const page = await editor.webview('#count');
    await page.locator('#count').click();
    await expect.poll(() => page.locator('#count').textContent(), soon).toBe('1');
  });

  test('finds the faults of a webview that a screen reader meets', async () => {
    await editor.focusView('lab.page');
    const faults = await editor.accessibilityFaults(await editor.webview('#count'));
    expect(faults.map((fault) => fault.id)).toEqual(['image-alt']);
  });

  test.each<Theme>(['light', 'hc-dark', 'dark'])('takes a picture in the theme %s', async (theme) => {
    await editor.setTheme(theme);
    const page = await editor.webview('#count');
    await page.locator(`body[data-vscode-theme-id="${themes[theme].id}"]`).waitFor();
    expect((await stat(await editor.screenshot(`lab-${theme}`))).size).toBeGreaterThan(10_000);
  });

  test('opens a second window with an extension of its own', async () => {
    const second = await editor.newWindow(join(base, 'two'));
    await second.statusItem(status).waitFor();
    await second.command('Lab: Ask');
    await second.answerToast('May the lab go on?', 'Yes');
    await expect.poll(() => said(second), soon).toBe('Lab answered Yes');
    await second.page.close();
    expect(await said(editor)).toBe('Lab answered No');
  });

  test('starts the extension anew when the window is reloaded', async () => {
    await editor.reload();
    await expect.poll(() => said(editor), soon).toBe('Lab trusted hello');
    expect(await editor.logs()).toContain('Extension host with pid');
  });
});

test('an editor that asks whether a folder is trusted', { timeout: 120_000 }, async () => {
  await using editor = await startEditor({ vsix, folders: [join(base, 'one')], trust: false });
  await editor.answerTrust('restrict');
  await expect.poll(() => said(editor), soon).toBe('Lab untrusted');
  await editor.grantTrust();
  await expect.poll(() => said(editor), soon).toBe('Lab trusted');
  await editor.reload();
  await expect.poll(() => said(editor), soon).toBe('Lab trusted');
});

test('several folders in one window, and nothing left when it stops', { timeout: 120_000 }, async () => {
  const editor = await startEditor({ vsix, folders: [join(base, 'one'), join(base, 'two')], theme: 'hc-light' });
  await editor.statusItem(status).waitFor();
  await editor.page.locator('.monaco-workbench.hc-light').waitFor();
  const { serverPid, directories } = editor;
  await editor.stop();
  expect(() => process.kill(-serverPid, 0)).toThrow('ESRCH');
  await expect(stat(directories.home)).rejects.toThrow('ENOENT');
});

async function said(window: EditorWindow): Promise<string | undefined> {
  return (await window.statusItems()).find((item) => item.id === status)?.text;
}
