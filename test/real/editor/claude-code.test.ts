import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeScratch, runPrint, startPrint, type Scratch } from '../../lab/claude/client.ts';
import { marker } from '../../lab/claude/marker.ts';
import { byPrompt, startModel, type Model } from '../../lab/claude/model.ts';
import { startEditor, type Editor } from '../../lab/editor/editor.ts';
import { until } from '../../lab/editor/until.ts';
import { endProcessesOf, processesOf } from '../claude/processes.ts';
import { keepEvidence, output } from './evidence.ts';
import { openInbox } from './inbox.ts';
import { packagedVsix } from '../../lab/editor/vsix.ts';
import { policy, statusSays } from './workplace.ts';

// One person's way from the package to a governed agent; each test goes on where the one before ended.
let model: Model;
let scratch: Scratch;
let editor: Editor;

const mark = (name: string) => marker(scratch.project, name);
const endless = () => ({ calls: [{ name: 'Bash', input: { command: `${mark('begun').command}; tail -f /dev/null` } }] });

beforeAll(async () => {
  model = await startModel((ask) => {
    const script = byPrompt({
      work: [mark('allowed').turn, mark('denied').turn, mark('asked').turn, { text: 'That was it.' }],
      endless: [endless()],
      again: [mark('again').turn, { text: 'That was it.' }],
    });
    return typeof script === 'function' ? script(ask) : {};
  });
  scratch = makeScratch(model.url);
  // Where the editor looks for programs: it asks the person's login shell.
  writeFileSync(join(scratch.home, '.profile'), `PATH=${scratch.env['PATH'] ?? ''}\n`);
  mkdirSync(join(scratch.home, '.countersign', 'policies'), { recursive: true, mode: 0o700 });
  writeFileSync(join(scratch.home, '.countersign', 'policies', 'lab.yaml'), policy);
  editor = await startEditor({
    home: join(scratch.dir, 'e'),
    vsix: packagedVsix(),
    folders: [scratch.project],
    env: { HOME: scratch.home },
    screenshots: join(output, 'screenshots'),
  });
});

keepEvidence(() => editor);
afterAll(async () => {
  await editor?.stop();
  if (scratch) await endProcessesOf(scratch.home);
  await model?.close();
  scratch?.[Symbol.dispose]();
});

test('the installed package starts a governor by itself, and says that no agent has hooks yet', async () => {
  await statusSays(editor, /no agent has its hooks/);
  expect(processesOf(scratch.home).length).toBeGreaterThan(0);
});

test('what its activation takes is logged, and kept for a person to judge', async () => {
  const own = /Activated in ([\d.]+) ms/.exec(await editor.logs())?.[1];
  await editor.command('workbench.action.showRuntimeExtensions');
  const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'countersign' });
  const whole = /Activation: (\d+)ms/.exec((await row.textContent()) ?? '')?.[1];
  expect(own).toBeDefined();
  expect(whole).toBeDefined();
  const measured = { activateMs: Number(own), withLoadingTheCodeMs: Number(whole), wantedBelowMs: 50, load: loadavg()[0] };
  writeFileSync(join(output, 'activation.json'), `${JSON.stringify(measured, null, 2)}\n`);
  await editor.closeModalEditor();
});

test('the hooks are installed from the empty inbox, after it has shown what changes', async () => {
  const offer = await offerOfHooks();
  await offer.click();
  const question = editor.dialog('Install Countersign’s hooks for Claude Code?');
  await question.waitFor();
  await editor.screenshot('claude-code-install');
  const shown = await question.textContent();
  for (const part of [join(scratch.home, '.claude', 'settings.json'), '"countersign@countersign": true', 'hooks.json'])
    expect(shown).toContain(part);
  await editor.answerDialog('Install Countersign’s hooks for Claude Code?', 'Install');
  await editor.answerDialog('Let skills run shell commands', 'Leave it on');
  await editor.toast('Claude Code is governed from its next session on').waitFor();
  await statusSays(editor, /no approvals waiting, 0 sessions governed/);
  await offer.waitFor({ state: 'detached' });
});

test('of a real session what is allowed runs, what is denied does not, and what is asked waits for the inbox', async () => {
  const session = runPrint(scratch, { prompt: 'work' });
  const inbox = await openInbox(editor);
  const card = await inbox.card(mark('asked').command);
  await statusSays(editor, /1 call waits for your decision/);
  await editor.screenshot('claude-code-asked');
  expect(mark('allowed').runs()).toBe(1);
  expect(mark('denied').runs()).toBe(0);
  expect(mark('asked').runs()).toBe(0);
  const text = await card.textContent();
  for (const part of ['Run a command', 'claude-code', 'Bash', scratch.project, 'lab/asked', 'your policy', 'A person of the lab decides.'])
    expect(text).toContain(part);
  expect(await card.locator('pre').first().textContent()).toBe(mark('asked').command);

  await inbox.press(mark('asked').command, 'Approve');
  expect((await session).stdout).toContain('That was it.');
  expect(mark('asked').runs()).toBe(1);
  expect(mark('denied').runs()).toBe(0);
  await inbox.isEmpty();
  const denied = model.calls().find(({ input }) => input['command'] === mark('denied').command);
  expect(denied).toMatchObject({ isError: true, text: expect.stringContaining('The policy of the lab says no.') });
});

test('a session is proven on demand, and killed after one question: its processes end and its calls are refused until it is revived', async () => {
  const id = '00000000-0000-4000-8000-00000000000e';
  const { child, done } = startPrint(scratch, { prompt: 'endless', args: ['--session-id', id] });
  await until('the endless call to begin', async () => mark('begun').runs() === 1);
  await editor.focusView('countersign.sessions');
  const row = editor.treeRows('Sessions').filter({ hasText: /busy/ });
  await row.click({ button: 'right' });
  await editor.screenshot('claude-code-prove');
  await editor.page.getByRole('menuitem', { name: /^Prove/ }).click();
  await editor.toast(`${id} is governed`).waitFor();
  await editor.screenshot('claude-code-proven');
  expect(await editor.treeRows('Sessions').filter({ hasText: 'not governed' }).count()).toBe(0);
  await row.hover();
  await row.getByRole('button', { name: /^Kill Session/ }).click();
  await editor.screenshot('claude-code-kill');
  await editor.answerDialog('Kill this session of claude-code?', 'Kill');
  expect((await done).exitCode).toBe(143);
  expect(processesOf(scratch.home)).not.toContain(child.pid);

  const killed = editor.treeRows('Sessions').filter({ hasText: /killed/ });
  await killed.waitFor();
  await runPrint(scratch, { prompt: 'again', args: ['--resume', id] });
  expect(mark('again').runs()).toBe(0);

  await killed.hover();
  await killed.getByRole('button', { name: /^Revive/ }).click();
  await editor.toast('may be resumed').waitFor();
  await runPrint(scratch, { prompt: 'again', args: ['--resume', id] });
  expect(mark('again').runs()).toBe(1);
});

test('the hooks are taken out again, and offered anew', async () => {
  const file = join(scratch.home, '.claude', 'settings.json');
  // What the installation made goes with the hooks.
  const settings = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  expect(settings()).toContain('"countersign@countersign": true');
  await editor.command('Countersign: Remove Hooks from Claude Code…');
  await editor.answerDialog('Remove Countersign’s hooks', 'Remove');
  await until('the hooks to be gone', async () => !settings().includes('countersign'));
  await (await offerOfHooks()).waitFor();
});

/** What the inbox offers where no agent has hooks and nothing waits. */
async function offerOfHooks(): Promise<Locator> {
  return (await openInbox(editor)).frame.getByRole('button', { name: 'Install hooks for Claude Code' });
}
