import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { AuditDatabase } from '../../src/storage/audit-log.ts';
import { openHome } from '../../src/storage/home.ts';
import { startEditor, type Editor } from '../../test/lab/editor/editor.ts';
import { endProcessesOf } from '../../test/real/claude/processes.ts';
import type { Figure } from '../bench.ts';
import { bulkLog } from './bulk-log.ts';
import { percentile } from './scratch-home.ts';

const root = join(import.meta.dirname, '..', '..');
const entries = 1_000_000;

/** The activity editor on a log of a million entries, in a real editor: its first picture, its script per update, its memory. */
export async function measureActivity(): Promise<readonly Figure[]> {
  const dir = mkdtempSync('/tmp/ba-');
  const project = join(dir, 'project');
  mkdirSync(project);
  const home = openHome({ COUNTERSIGN_HOME: join(dir, 'state') });
  bulkLog(home.audit, entries, (n) => entryOf(n, Date.now() - (entries - n) * 1000));
  try {
    await using editor = await startEditor({
      folders: [project],
      vsix: join(root, 'out', 'countersign-linux-x64.vsix'),
      home: join(dir, 'e'),
      env: { COUNTERSIGN_HOME: home.root },
      beforeOpen: async (page) => void (await page.addInitScript(stopwatch)),
    });
    await editor
      .statusItem(/./)
      .filter({ hasText: /hooks|waiting|governed/i })
      .first()
      .waitFor();
    return await measure(editor, home.audit);
  } finally {
    await endProcessesOf(join(dir, 'e'));
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measure(editor: Editor, log: string): Promise<readonly Figure[]> {
  const before = await heap(editor.page);
  const firsts: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const opened = await open(editor);
    firsts.push(await opened.evaluate(() => window.stopwatch.firstRows));
    if (round < 4) await editor.command('workbench.action.closeActiveEditor');
  }
  const frame = await editor.webview('main[aria-label="Activity"] .filters');
  await frame.locator('.count', { hasText: entries.toLocaleString('en').slice(0, 4) }).waitFor();
  const live = await updatesWhile(frame, async () => appendLive(log));
  const scrolling = await updatesWhile(frame, async () => scrollAbout(frame));
  const rows = await frame.locator('.window .row').count();
  return [
    {
      what: `activity editor, ${entries} entries: from its page's start to the first rows, median`,
      value: percentile(firsts, 0.5),
      unit: 'ms',
      limit: 300,
    },
    { what: 'the same: script per update while 1,000 entries a second come, median', value: percentile(live, 0.5), unit: 'ms', limit: 2 },
    { what: 'the same: script per update while one jumps about, median', value: percentile(scrolling, 0.5), unit: 'ms', limit: 2 },
    { what: 'the same: rows in the page', value: rows, unit: 'rows', limit: 120 },
    { what: 'the same: memory of its script after all that', value: ((await heap(editor.page)) - before) / 1e6, unit: 'MB', limit: 50 },
  ];
}

async function open(editor: Editor): Promise<Frame> {
  await editor.command('countersign.openActivity');
  const frame = await editor.webview('main[aria-label="Activity"] .filters');
  await frame.locator('.window .row:not(.loading)').first().waitFor();
  return frame;
}

async function updatesWhile(frame: Frame, work: () => Promise<void>): Promise<readonly number[]> {
  await frame.evaluate(() => void (window.stopwatch.updates.length = 0));
  await work();
  return await frame.evaluate(() => [...window.stopwatch.updates]);
}

/** As other processes write into the log: a hundred at once, ten times a second. */
async function appendLive(path: string): Promise<void> {
  const log = new AuditDatabase(path);
  for (let batch = 0; batch < 50; batch += 1) {
    const next = pause(100);
    await Promise.all(Array.from({ length: 100 }, (_, n) => log.append(entryOf(n, Date.now()), 'written')));
    await next;
  }
  log.close();
}

async function scrollAbout(frame: Frame): Promise<void> {
  for (let jump = 0; jump < 100; jump += 1) {
    await frame.locator('.list').evaluate((list, share) => void (list.scrollTop = list.scrollHeight * share), ((jump * 37) % 100) / 100);
    await frame.locator('.window .row:not(.loading)').first().waitFor();
  }
}

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
}

declare global {
  interface Window {
    /** What a page's script took from a message to its picture, update by update, and when the first rows were there. */
    readonly stopwatch: { readonly updates: number[]; readonly firstRows: number };
  }
}

/** Runs in every frame before its own script: what a message costs is added to the next picture. */
const stopwatch = `(() => {
  const watch = (window.stopwatch = { updates: [], firstRows: 0 });
  let pending = 0;
  const timed = (run) => { const start = performance.now(); try { return run(); } finally { pending += performance.now() - start; } };
  const draw = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (then) => draw((at) => {
    timed(() => then(at));
    watch.updates.push(pending);
    pending = 0;
    if (watch.firstRows === 0 && document.querySelector('.window .row:not(.loading)')) watch.firstRows = performance.now();
  });
  const listen = window.addEventListener.bind(window);
  window.addEventListener = (type, listener, options) =>
    listen(type, type === 'message' && typeof listener === 'function' ? (event) => timed(() => listener(event)) : listener, options);
})()`;

function entryOf(n: number, time: number): AuditEntry {
  const action = (['abstain', 'allow', 'deny', 'abstain'] as const)[n % 4] ?? 'abstain';
  return {
    kind: 'decision',
    time,
    session: `4f1c9d3e-2b7a-4c55-9d0e-${String(n % 300).padStart(12, '0')}`,
    agent: 'claude-code',
    callId: `toolu_${n}`,
    tool: 'shell',
    nativeTool: 'Bash',
    cwd: '/home/ada/project',
    arguments: { command: `npm run step-${n} -- --reporter=verbose`, description: 'Runs one step' },
    argumentsDigest: 'ab'.repeat(32),
    action,
    reason: 'The policy says so.',
    mode: 'enforce',
  };
}
