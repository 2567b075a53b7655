import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepEvidence } from './evidence.ts';
import { modelExtension } from './model-stand-in.ts';
import { isGoverned, openWorkplace, type Workplace } from './workplace.ts';
import type { Theme } from '../../lab/editor/window.ts';

const policy = `
kind: GuardrailPolicy
metadata: {name: health}
spec:
  applyTo: [input]
  detect: [{type: review, name: patients, prompt: Does this text name a diagnosis?, timeout: 10s, action: deny}]
`;

let lab: Workplace;

beforeAll(async () => {
  lab = await openWorkplace({ policy });
  await lab.editor.installVsix(await modelExtension(join(lab.home, 'stand-in')));
  await lab.editor.reload();
  await isGoverned(lab.editor);
});
keepEvidence(() => lab?.editor);
afterAll(() => lab?.[Symbol.asyncDispose]());

const ask = (command: string) => lab.agent().ask('Bash', { command });

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

const shownThemes: readonly Theme[] = ['dark', 'light', 'hc-dark'];

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
