import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { keepEvidence } from './evidence.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

let lab: Workplace;
let panel: Frame;

beforeAll(async () => {
  lab = await openWorkplace({
    policy: `
kind: BudgetPolicy
metadata: {name: day-cap}
spec: {limits: [{per: day, costUsd: 30, onLimit: require_approval}]}
`,
  });
  await lab.editor.command('countersign.openSpend');
  panel = await lab.editor.webview('main[aria-label="Spend"]');
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

test('what a session without our hooks used shows after a look', async () => {
  await panel.getByText('No agent has used any tokens today.').waitFor();
  respond(transcriptOf('0d9f6c1e-7b1a-4a3e-9a55-0b8f5a2f1c11'), 'claude-opus-5-5', { input_tokens: 1_000_000, output_tokens: 0 });
  await until('its sum', async () => (await total()) === '$4.00 today');
  expect(await panel.locator('.rows tbody .name').allInnerTexts()).toEqual(['claude-opus-5-5']);
});

test('a response of a governed session shows by itself, here and in its row', async () => {
  const agent = lab.agent();
  await agent.ask('Read', { file_path: join(lab.folder, 'notes.txt') });
  const transcript = { session: agent.session, file: join(lab.folder, 'transcript.jsonl') };
  respond(transcript, 'claude-opus-5-5', { input_tokens: 1_000_000, output_tokens: 0 });
  await until('the first response', async () => (await total()) === '$8.00 today');
  respond(transcript, 'claude-opus-5-5', { input_tokens: 0, output_tokens: 50_000 });
  await until('the second one', async () => (await total()) === '$9.00 today');
  await lab.editor.command('countersign.sessions.focus');
  const row = lab.editor.treeRows('Sessions').filter({ hasText: '$5.00, 1.05M tokens' });
  await row.waitFor();
  expect(await row.count()).toBe(1);
});

test('a price that is set counts at once, and the budget goes by it', async () => {
  respond(transcriptOf('1d9f6c1e-7b1a-4a3e-9a55-0b8f5a2f1c11'), 'acme-coder-9', { input_tokens: 1_000_000, output_tokens: 0 });
  await panel.getByText('acme-coder-9 has no price').waitFor();
  expect((await total()).toLowerCase()).toBe('at least $9.00 today');
  await setPrice();
  await until('the price to count', async () => (await total()) === '$11.00 today');
  await panel.getByRole('region', { name: 'Budgets', exact: true }).getByText('$11.00 (36 %)').waitFor();
  await lab.editor.screenshot('spend-live');
});

async function total(): Promise<string> {
  return await panel.locator('.total').innerText();
}

async function setPrice(): Promise<void> {
  const widget = lab.editor.page.locator('.quick-input-widget');
  await panel.getByRole('button', { name: 'Set price… for acme-coder-9' }).click();
  for (const [title, text] of [
    ['acme-coder-9: input', '2'],
    ['acme-coder-9: output', '10'],
    ['acme-coder-9: cache', ''],
  ] as const) {
    await widget.locator('.quick-input-titlebar', { hasText: title }).waitFor();
    await widget.locator('input.input').fill(text);
    await widget.locator('input.input').press('Enter');
  }
}

interface Transcript {
  readonly session: string;
  readonly file: string;
}

function transcriptOf(session: string): Transcript {
  const folder = join(lab.home, '.claude', 'projects', '-lab');
  mkdirSync(folder, { recursive: true });
  return { session, file: join(folder, `${session}.jsonl`) };
}

let responses = 0;

/** What Claude Code writes of a response. */
function respond({ session, file }: Transcript, model: string, usage: Readonly<Record<string, number>>): void {
  const id = `msg_lab${String((responses += 1)).padStart(12, '0')}`;
  const message = { id, type: 'message', role: 'assistant', model, content: [], stop_reason: 'end_turn', usage };
  const line = {
    type: 'assistant',
    sessionId: session,
    cwd: lab.folder,
    uuid: id,
    requestId: `req_${id}`,
    timestamp: new Date().toISOString(),
    version: '2.1.329',
    message,
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
