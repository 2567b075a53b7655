import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser } from '../../../scripts/install-browser.mjs';
import { recordOf } from '../../../src/engine/audit/chain.ts';
import type { AuditEntry } from '../../../src/engine/audit/entry.ts';
import { Evidence } from '../../../src/engine/audit/report/evidence.ts';
import { evidencePack } from '../../../src/engine/audit/report/evidence-pack.ts';
import { Session } from '../../../src/engine/audit/report/session.ts';
import { sessionPage } from '../../../src/engine/audit/report/session-page.ts';
import { accessibilityFaults } from '../../lab/editor/accessibility.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { entryOf } from '../../storage/samples.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findBrowser() ?? '', args: ['--no-sandbox'] });
});
afterAll(async () => browser.close());

const rule = { policy: 'p', rule: 'never', layer: 'user', digest: 'sha256:aa', action: 'deny', mode: 'enforce' } as const;
const entries: readonly Partial<AuditEntry>[] = [
  { kind: 'policy', detail: { digest: 'sha256:aa', path: '/p.yaml', layer: 'user' } },
  {},
  { action: 'deny', rules: [rule], reason: 'No.', subagent: 'sub' },
  { kind: 'approval-asked', approvalId: 'a1' },
  {
    kind: 'approval-answered',
    approvalId: 'a1',
    approver: { user: 'ada', surface: 'inbox', waitedMs: 1, reason: '' },
    detail: { outcome: 'timed-out' },
  },
  { kind: 'outcome', detail: { status: 'failed', error: 'exit 1' } },
  { kind: 'prompt', detail: { length: 3, digest: 'ab' } },
  { kind: 'incident', reason: 'It ran.' },
  { kind: 'config-change', action: 'deny', detail: { file: '/s.json' } },
  { kind: 'session-killed', reason: 'It loops' },
  { kind: 'checkpoint', detail: { size: 8, root: 'qg==', key: '01234567' } },
  { kind: 'incident', reason: 'It had 9 entries and has 8 now.', detail: { event: 'log-lost-entries' } },
];
const records = entries.map((entry, i) => recordOf('00', i + 1, entryOf(entry)));
const origin = { host: 'laptop', user: 'ada', version: '1.2.3', log: 'ab'.repeat(32), writtenAt: 0 };
const verification = {
  ok: true,
  count: 9,
  head: 'cd'.repeat(32),
  checkpoints: 1,
  signed: { size: 8, root: 'qg==' },
  keys: ['01234567'],
  pruned: { 6: 3 },
} as const;

function pack(): string {
  const evidence = new Evidence();
  records.forEach((record) => evidence.add(record));
  return evidencePack(evidence, { origin, since: 0, until: 1, verification, policyText: () => 'kind: ToolPolicy' });
}

function session(): string {
  const gathered = new Session();
  records.forEach((record) => gathered.add(record));
  return sessionPage(gathered, { origin, session: 's1', verification });
}

test.each([
  ['the evidence pack', 'light', pack],
  ['the evidence pack', 'dark', pack],
  ['a session', 'light', session],
  ['a session', 'dark', session],
] as const)('%s in %s: axe finds no fault, the browser refuses nothing, and it can be printed', async (_, colorScheme, make) => {
  const file = join(temporaryFolder(), 'report.html');
  writeFileSync(file, make());
  const page = await browser.newPage({ colorScheme });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  expect(await accessibilityFaults(page.mainFrame())).toEqual([]);
  expect(complaints).toEqual([]);
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  await page.close();
});
