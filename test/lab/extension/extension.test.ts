import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEditor, type Editor } from '../editor/editor.ts';
import { until } from '../editor/until.ts';
import { themes, type EditorWindow, type Theme } from '../editor/window.ts';
import { Agent } from './agent.ts';
import { extensionVsix } from './vsix.ts';

const status = 'countersign.countersign.countersign.status';
const soon = { timeout: 30_000 };
const policy = `
kind: ToolPolicy
metadata: {name: lab}
spec:
  rules:
    - {name: pushes, commands: ["git push"], action: require_approval, message: Pushing publishes.}
    - {name: no-force, commands: ["git push --force"], action: deny, message: Never that.}
    - {name: publishing, commands: ["npm publish"], action: require_approval, approval: {reason: required}}
    - {name: notes, tools: [edit, write], paths: {write: ["**/notes.txt"]}, action: require_approval}
`;
let base: string;
let vsix: string;

beforeAll(async () => {
  base = await mkdtemp('/tmp/cs-');
  vsix = await extensionVsix(join(base, 'package'));
});
// A governor that was just told to end may still write.
afterAll(() => rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

/** A person's machine: their policy, a folder, an editor. */
async function open(
  name: string,
  options: { readonly policy?: string; readonly env?: Record<string, string>; readonly trust?: boolean } = {},
) {
  const home = join(base, name);
  const folder = join(home, 'project');
  await mkdir(folder, { recursive: true });
  await mkdir(join(home, '.countersign', 'policies'), { recursive: true, mode: 0o700 });
  await writeFile(join(home, '.countersign', 'policies', 'lab.yaml'), options.policy ?? policy);
  const editor = await startEditor({
    home,
    vsix,
    folders: [folder],
    ...(options.env ? { env: options.env } : {}),
    trust: options.trust ?? true,
  });
  if (options.trust !== false) await editor.statusItem(status).waitFor();
  return { home, folder, editor, agent: new Agent(home, folder) };
}

/** Ends the editor and the governor that it started: its program waits for nobody. */
async function close(home: string, editor: Editor | undefined): Promise<void> {
  await editor?.stop();
  const found: { readonly pid: number } = JSON.parse(
    await readFile(join(home, '.countersign', 'governor.json'), 'utf8').catch(() => '{"pid":0}'),
  );
  if (found.pid > 1) process.kill(found.pid, 'SIGTERM');
}

const label = async (window: EditorWindow): Promise<string> => (await window.statusItem(status).getAttribute('aria-label')) ?? '';

async function inbox(window: EditorWindow): Promise<Frame> {
  await window.command('countersign.showApprovals');
  return window.webview('main[aria-label="Approvals"]');
}

async function press(frame: Frame, button: string): Promise<void> {
  // Cards that have just appeared do not answer, and say so.
  await frame.locator('.choice:not(.inert)').first().waitFor();
  await frame.locator('article').first().getByRole('button', { name: button, exact: true }).click();
}

describe('with an agent at work', () => {
  let home: string;
  let folder: string;
  let editor: Editor;
  let agent: Agent;

  beforeAll(async () => {
    ({ home, folder, editor, agent } = await open('work'));
    await until('the governor', async () => /no agent has its hooks|no approvals/.test(await label(editor)));
  }, 180_000);
  afterAll(() => close(home, editor));

  test('what no rule minds goes on, what a rule denies does not', async () => {
    expect(await agent.bash('ls')).toMatchObject({ exitCode: 0, output: '' });
    expect(await agent.bash('git push --force')).toMatchObject({ exitCode: 2, output: expect.stringContaining('Never that.') });
  });

  test('an approval shows everything, is counted, and lets the call run', async () => {
    const answer = agent.bash('git push origin main # \u202Eevil');
    const frame = await inbox(editor);
    await frame.locator('article').waitFor();
    expect(await frame.locator('article pre').first().textContent()).toBe('git push origin main # ‹U+202E›evil');
    const text = await frame.locator('article').textContent();
    for (const part of ['Run a command', 'claude-code', folder, 'lab/pushes', 'your policy', 'Pushing publishes.'])
      expect(text).toContain(part);
    expect(await label(editor)).toContain('1 call waits');
    await press(frame, 'Approve');
    expect(await answer).toMatchObject({ exitCode: 0, output: expect.stringContaining('"allow"') });
    await frame.locator('text=No approvals waiting').waitFor();
  });

  test('a denial takes its reason to the agent, by keyboard alone', async () => {
    const answer = agent.bash('npm publish');
    const frame = await inbox(editor);
    await frame.locator('.choice:not(.inert)').waitFor();
    // A key that comes right after the focus was meant for something else, and is not heard.
    const wanted = frame.locator('text=Your policy wants a reason');
    await until('the key to be heard', async () => {
      await editor.page.keyboard.press('d');
      return wanted.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      );
    });
    await editor.page.keyboard.type('use the pipeline');
    await editor.page.keyboard.press('Escape');
    await editor.page.keyboard.press('d');
    expect(await answer).toMatchObject({ exitCode: 2, output: expect.stringContaining('use the pipeline') });
  });

  test('a change is shown as a difference before it is approved', async () => {
    await writeFile(join(folder, 'notes.txt'), 'one\ntwo\n');
    const answer = agent.call('Edit', { file_path: join(folder, 'notes.txt'), old_string: 'two', new_string: 'three' });
    const frame = await inbox(editor);
    await frame.getByRole('button', { name: 'Show change' }).click();
    await editor.page.locator('.monaco-diff-editor .editor.modified').filter({ hasText: 'three' }).waitFor();
    await press(frame, 'Approve');
    expect((await answer).exitCode).toBe(0);
  });

  test('a notification can answer, and says nothing that the agent wrote', async () => {
    const answer = agent.bash('git push origin secret-name');
    const frame = await inbox(editor);
    const id = (await frame.locator('article').getAttribute('data-id')) ?? '';
    const toast = editor.toast(new RegExp(id));
    await toast.waitFor();
    expect(await toast.textContent()).not.toContain('secret-name');
    await editor.answerToast(new RegExp(id), 'Approve');
    expect((await answer).exitCode).toBe(0);
  });

  test('after a reload everything that waits is there again', async () => {
    const answer = agent.bash('git push origin again');
    await (await inbox(editor)).locator('article').waitFor();
    await editor.reload();
    await editor.statusItem(status).waitFor();
    const frame = await inbox(editor);
    await frame.locator('article').waitFor();
    await press(frame, 'Deny');
    expect((await answer).exitCode).toBe(2);
  });

  test('a second window sees the same, and its answer counts for both', async () => {
    const answer = agent.bash('git push origin two');
    await (await inbox(editor)).locator('article').waitFor();
    const other = await editor.newWindow(join(home, 'project'));
    await other.statusItem(status).waitFor();
    const frame = await inbox(other);
    await frame.locator('article').waitFor();
    await press(frame, 'Approve');
    expect((await answer).exitCode).toBe(0);
    await other.page.close();
    await expect.poll(() => label(editor), soon).not.toContain('waits');
  });

  test('a session is paused and resumed from the tree, and all of them from its title', async () => {
    await editor.focusView('countersign.sessions');
    const row = editor.treeRows('Sessions').first();
    await row.hover();
    await row.getByRole('button', { name: /^Pause/ }).click();
    await expect.poll(() => row.textContent(), soon).toContain('paused');
    expect((await agent.bash('ls')).exitCode).toBe(2);
    await row.hover();
    await row.getByRole('button', { name: /^Resume/ }).click();
    await expect.poll(() => row.textContent(), soon).not.toContain('paused');
    expect((await agent.bash('ls')).exitCode).toBe(0);
    await editor.command('Countersign: Pause All Sessions');
    await expect.poll(() => label(editor), soon).toContain('paused by');
    await editor.command('Countersign: Resume All Sessions');
    await expect.poll(() => label(editor), soon).not.toContain('paused by');
  });

  test('a session is killed from the tree, after one question', async () => {
    await editor.focusView('countersign.sessions');
    const row = editor.treeRows('Sessions').first();
    await row.hover();
    await row.getByRole('button', { name: /^Kill/ }).click();
    await editor.answerDialog(/Kill this session/, 'Kill');
    await expect.poll(() => row.textContent(), soon).toContain('killed');
    expect((await agent.bash('ls')).exitCode).toBe(2);
  });

  test('activity lists what was decided, and shows all of an entry', async () => {
    await editor.focusView('countersign.activity');
    const frame = await editor.webview('main[aria-label="Activity"]');
    await frame.locator('select').selectOption('deny');
    await frame.locator('.row', { hasText: 'git push --force' }).first().click();
    const details = frame.locator('.details');
    await details.waitFor();
    for (const part of ['denied', 'Never that.', 'lab/no-force', 'sha256:', 'git push --force'])
      expect(await details.textContent()).toContain(part);
  });

  // Before the first picture: taking one puts a style into every page, which their policy refuses.
  test('nothing in the panels breaks their content security policy, in any theme', async () => {
    for (const theme of ['light', 'dark'] as const) await editor.setTheme(theme);
    expect(editor.consoleErrors.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });

  test.each<Theme>(['dark', 'light', 'hc-dark'])('is legible and speaks to a screen reader: %s', async (theme) => {
    await editor.setTheme(theme);
    void new Agent(home, folder, '99999999-2222-4333-8444-555555555555').bash('git push origin looks');
    const frame = await inbox(editor);
    await frame.locator(`body[data-vscode-theme-id="${themes[theme].id}"]`).waitFor();
    await frame.locator('.choice:not(.inert)').first().waitFor();
    expect((await stat(await editor.screenshot(`countersign-${theme}`))).size).toBeGreaterThan(10_000);
    for (const page of [frame, await editor.webview('main[aria-label="Activity"]')]) {
      expect((await editor.accessibilityFaults(page)).map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });

  test('activation is quick and returns before the governor is reached', async () => {
    const times = [...(await editor.logs()).matchAll(/Activated in ([\d.]+) ms/g)].map(([, ms]) => Number(ms));
    expect(times.length).toBeGreaterThan(0);
    // The bar itself is measured by the bench; a governor takes longer than this to start on any machine.
    expect(Math.min(...times)).toBeLessThan(400);
  });

  test('the governor is restarted on request', async () => {
    const pid = async (): Promise<number> =>
      JSON.parse(await readFile(join(home, '.countersign', 'governor.json'), 'utf8').catch(() => '{"pid":0}')).pid;
    const before = await pid();
    await editor.command('countersign.restartGovernor');
    await expect.poll(async () => ![0, before].includes(await pid()), soon).toBe(true);
    await expect.poll(() => label(editor), soon).not.toMatch(/connecting|cannot/);
  });
});

test('hooks are put into Claude Code from the empty inbox, and taken out again', async () => {
  // The client that a person has: its program is on their PATH.
  const path = `${join(import.meta.dirname, '../../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  await mkdir(join(base, 'install'), { recursive: true });
  // The editor asks a login shell for the environment of extensions.
  await writeFile(join(base, 'install', '.profile'), `export PATH="${path}"\n`);
  const { home, editor } = await open('install', { env: { PATH: path, SHELL: '/bin/bash' } });
  const settings = async (): Promise<string> => readFile(join(home, '.claude', 'settings.json'), 'utf8').catch(() => '');
  try {
    const frame = await inbox(editor);
    const offer = frame.getByRole('button', { name: 'Install hooks for Claude Code' });
    await offer.click();
    await editor.answerDialog(/Install Countersign’s hooks/, 'Install');
    await editor.answerDialog(/Let skills run/, 'Leave it on');
    await expect.poll(settings, { timeout: 60_000 }).toContain('"countersign@countersign": true');
    await expect.poll(() => offer.count(), soon).toBe(0);
    await editor.command('countersign.uninstallClaudeCode');
    await editor.answerDialog(/Remove Countersign’s hooks/, 'Remove');
    await expect.poll(settings, { timeout: 60_000 }).not.toContain('countersign');
    await expect.poll(() => offer.count(), soon).toBe(1);
  } finally {
    await close(home, editor);
  }
});

test('a folder gets its policy from a template, and a person trusts that version', async () => {
  const { home, folder, editor, agent } = await open('policies');
  try {
    await editor.command('countersign.createWorkspacePolicy');
    await editor.page.locator('.tab', { hasText: 'policy.yaml' }).waitFor();
    await editor.command('countersign.trustWorkspacePolicy');
    await editor.answerDialog(/Trust this policy file/, 'Trust this version');
    await editor.toast(/is trusted/).waitFor();
    const answer = agent.call('Write', { file_path: join(folder, '.github', 'workflows', 'ci.yml'), content: 'on: push' });
    const frame = await inbox(editor);
    await frame.locator('.choice:not(.inert)').waitFor();
    expect(await frame.locator('article').textContent()).toContain('this-repository/keep-out-of-ci');
    await editor.command('countersign.deny');
    expect((await answer).exitCode).toBe(2);
  } finally {
    await close(home, editor);
  }
});

describe('where something is wrong', () => {
  test('a policy with an error is shown, and opens at its line', async () => {
    const { home, editor } = await open('broken', { policy: policy.replace('tools:', 'tols:') });
    try {
      const frame = await inbox(editor);
      await frame.locator('.banner.warning').waitFor();
      await frame.getByRole('button', { name: 'Open file' }).first().click();
      await expect.poll(() => editor.page.locator('.tab', { hasText: 'lab.yaml' }).count(), soon).toBe(1);
    } finally {
      await close(home, editor);
    }
  });

  test('a governor that cannot start is named, with its reason', async () => {
    const { home, editor } = await open('unreachable', { env: { COUNTERSIGN_HOME: '/dev/null/state' } });
    try {
      await expect.poll(() => label(editor), soon).toContain('cannot be reached');
      const frame = await inbox(editor);
      await frame.getByRole('button', { name: 'Open log' }).waitFor();
      expect(await frame.locator('.banner.error').textContent()).toContain('/dev/null');
    } finally {
      await close(home, editor);
    }
  });

  test('in a folder that is not trusted the person’s own policies hold', async () => {
    const { home, editor, agent } = await open('untrusted', { trust: false });
    try {
      await editor.answerTrust('restrict');
      await editor.statusItem(status).waitFor();
      expect((await agent.bash('git push --force')).exitCode).toBe(2);
      const answer = agent.bash('git push');
      await (await inbox(editor)).locator('article').waitFor();
      await press(await inbox(editor), 'Deny');
      expect((await answer).exitCode).toBe(2);
    } finally {
      await close(home, editor);
    }
  });
});
