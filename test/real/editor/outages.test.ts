import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { keepEvidence } from './evidence.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { isGoverned, openWorkplace, policy, statusSays, type Workplace } from './workplace.ts';

let lab: Workplace;
let inbox: Inbox;

beforeAll(async () => {
  lab = await openWorkplace();
  inbox = await openInbox(lab.editor);
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('a governor that is killed comes back by itself, asks again what is open, and the late answer counts once', async () => {
  const mark = lab.mark('asked-outage');
  const agent = lab.agent();
  const call = agent.run(mark);
  await inbox.card(mark.command);
  const before = lab.governorPid();
  process.kill(before, 'SIGKILL');
  expect((await call).ran).toBe(false);

  await successorOf(before);
  await inbox.cards(mark.command).getByText('no longer waits').waitFor();
  await statusSays(lab.editor, /1 call waits for your decision/);
  expect(mark.runs()).toBe(0);
  await inbox.press(mark.command, 'Approve');
  await inbox.isEmpty();
  expect((await agent.run(mark)).decision).toBe('allow');
  expect(mark.runs()).toBe(1);

  const again = agent.run(mark);
  await inbox.press(mark.command, 'Deny');
  expect((await again).ran).toBe(false);
});

test('a governor is restarted on request', async () => {
  const before = lab.governorPid();
  await lab.editor.command('Countersign: Restart Governor');
  await successorOf(before);
  await isGoverned(lab.editor);
  expect((await lab.agent().run(lab.mark('restarted'))).ran).toBe(true);
});

test('a governor that cannot come back is missed in the status bar and in the inbox, until it is there again', async () => {
  const program = await governorProgram();
  renameSync(program, `${program}.away`);
  process.kill(lab.governorPid(), 'SIGKILL');
  await statusSays(lab.editor, /the governor cannot be reached/);
  const banner = inbox.frame.locator('.banner.error', { hasText: 'The governor cannot be reached:' });
  await banner.getByRole('button', { name: 'Open log' }).waitFor();
  expect(await banner.textContent()).toContain(`No governor could be started; see ${join(lab.state, 'logs')}`);
  await lab.editor.screenshot('outage');
  expect((await lab.agent().run(lab.mark('free'))).ran).toBe(false);

  renameSync(`${program}.away`, program);
  await inbox.frame.getByRole('button', { name: 'Retry now' }).click();
  await isGoverned(lab.editor);
  await inbox.isEmpty();
  expect((await lab.agent().run(lab.mark('free'))).ran).toBe(true);
});

test('a policy file that breaks is shown, and opens at the line that is wrong', async () => {
  const file = join(lab.state, 'policies', 'broken.yaml');
  writeFileSync(file, policy.replace('action: deny', 'action: denied').replace('name: lab', 'name: broken'));
  const banner = inbox.frame.locator('.banner.warning', { hasText: 'broken.yaml' });
  await banner.waitFor();
  await lab.editor.screenshot('broken-policy');
  await banner.getByRole('button', { name: 'Open file' }).click();
  await lab.editor.page.locator('.tab.active', { hasText: 'broken.yaml' }).waitFor();
  const place = () => lab.editor.statusItem('status.editor.selection').textContent();
  await expect.poll(place, { timeout: 60_000 }).toContain('Ln 6,');
  rmSync(file);
  await banner.waitFor({ state: 'detached' });
});

/** Resolves when another governor says where it is. One that ends in order takes its own word back first. */
async function successorOf(before: number): Promise<void> {
  const now = async () => lab.governorPid();
  await until('another governor', async () => (await now().catch(() => before)) !== before);
}

async function governorProgram(): Promise<string> {
  for await (const file of glob(join(lab.editor.directories.extensions, 'countersign.*', 'dist', 'serve.mjs'))) return file;
  throw new Error('The extension is not installed.');
}
