import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../../src/channel/messages.ts';
import type { BudgetStanding } from '../../../src/engine/budget/standing.ts';
import { until } from '../../lab/editor/until.ts';
import { themes, type Theme } from '../../lab/editor/window.ts';
import type { Use } from '../../webview/spend/spend-double.ts';
import { keepEvidence } from './evidence.ts';
import { StandInGovernor } from './stand-in-governor.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const wide = { width: 1400, height: 1300 };
const session = '0d9f6c1e-7b1a-4a3e-9a55-0b8f5a2f1c11';
let lab: Workplace;
let governor: StandInGovernor;
let panel: Frame;

beforeAll(async () => {
  lab = await openWorkplace({
    prepare: async (state) => {
      governor = new StandInGovernor(state);
      await governor.start();
    },
    settings: { 'countersign.statusBarCost': true },
  });
  await lab.editor.page.setViewportSize(wide);
  await lab.editor.command('countersign.openSpend');
  panel = await lab.editor.webview('main[aria-label="Spend"]');
});
keepEvidence(() => lab?.editor);
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await governor?.[Symbol.asyncDispose]();
});

test('before anything was used, the panel says what would be there', async () => {
  await panel.getByText('No agent has used any tokens today.').waitFor();
  await lab.editor.screenshot('spend-empty');
  expect(await faults()).toEqual([]);
});

test('a report that cannot be had is said, with what was heard and a way on', async () => {
  governor.fault = 'spend.db is locked';
  await choose('This week');
  await panel.getByRole('alert').getByText('spend.db is locked').waitFor();
  await lab.editor.screenshot('spend-failed');
  expect(await faults()).toEqual([]);
  expect(await panel.getByText('$0.00').count()).toBe(0);
  // The panel looks again by itself as well: the button is only sure to be there while there is a fault.
  governor.fault = 'spend.db is locked still';
  await panel.getByRole('button', { name: 'Try again' }).click();
  await panel.getByRole('alert').getByText('locked still').waitFor();
  governor.fault = undefined;
  await panel.getByRole('alert').waitFor({ state: 'hidden' });
});

describe('with something used', () => {
  beforeAll(async () => {
    governor.uses = uses(Date.now());
    governor.budgets = budgets(Date.now());
    governor.priceNotes = {
      said: [{ model: 'acme-next-10', tokens: 5_000, usd: 0.6 }],
      stale: [{ model: 'claude-haiku-5-5', usd: 0.09, ours: 0.05 }],
    };
    governor.tell([view(0.4)]);
    await choose('Today');
    await panel.locator('.rows').waitFor();
  });

  test('what was used is split by model, dearest first, and another column sorts otherwise', async () => {
    expect(await firstCells()).toEqual(['claude-opus-5-5', 'claude-sonnet-5-5', 'gpt-6.1-sol', 'claude-haiku-5-5', 'acme-coder-9']);
    await panel.getByRole('button', { name: 'Model' }).click();
    await panel.locator('th[aria-sort="ascending"]', { hasText: 'Model' }).waitFor();
    expect((await firstCells())[0]).toBe('acme-coder-9');
    await panel.getByRole('columnheader', { name: 'Cost' }).last().getByRole('button').click();
  });

  test('the sum says that it is a lower bound, what is not itemised and what has no price', async () => {
    const overview = panel.getByRole('region', { name: 'Total' });
    expect(await total()).toMatch(/^at least \$\d+\.\d\d today$/i);
    expect(await overview.innerText()).toMatch(
      /\$0\.16 of it is not itemised.*real sum is at least this.*acme-coder-9 has no price: 3\.07k tokens/s,
    );
  });

  test('a cost that only the agent said, and a price that may be old, are named with the button that sets one', async () => {
    const notes = panel.locator('.unpriced');
    expect(await notes.innerText()).toMatch(/acme-next-10 has no price: \$0\.60 of the sum is what the agent said/);
    expect(await notes.innerText()).toMatch(/claude-haiku-5-5 may have a new price: the agent says \$0\.090 of tokens that cost \$0\.050/);
    for (const model of ['acme-next-10', 'claude-haiku-5-5'])
      expect(await notes.getByRole('button', { name: `Set price… for ${model}` }).count()).toBe(1);
  });

  test('a shown budget is named at the chart and stands in the table with its consequence', async () => {
    await choose('Running total');
    expect(await panel.getByRole('img').getAttribute('aria-label')).toContain('Budgets: daily-spend');
    expect(await panel.getByRole('region', { name: 'Budgets', exact: true }).innerText()).toContain('calls wait for you');
    await choose('Each hour');
  });

  test('the same numbers are there as a table', async () => {
    await panel.getByText('As a table').click();
    const table = panel.getByRole('region', { name: 'Over time, as a table' });
    await table.waitFor();
    expect(await table.getByRole('rowheader').count()).toBe(24);
    expect(await table.innerText()).toContain('at least');
    await panel.getByText('As a table').click();
  });

  test('the pointer on a bar shows what it is made of', async () => {
    await panel.locator('.u-over').hover();
    await panel.locator('.hovered', { hasText: /^\d\d:00: / }).waitFor();
    expect(await panel.locator('.legend .value').count()).toBe(models.length);
    await panel.getByRole('button', { name: 'Today' }).hover();
  });

  test('a session leads to its subagents and back', async () => {
    await panel.getByRole('combobox', { name: 'By' }).selectOption('session');
    await panel.getByRole('button', { name: /^Subagents of Session 0d9f6c1e/ }).click();
    await until('the subagents', async () => (await firstCells()).includes('reviewer'));
    expect(await firstCells()).toEqual(['main agent', 'reviewer']);
    await lab.editor.screenshot('spend-subagents');
    await panel.getByRole('button', { name: 'Show every session' }).click();
    await until('every session', async () => (await firstCells()).some((name) => name.startsWith('Session 77')));
    await panel.getByRole('combobox', { name: 'By' }).selectOption('model');
    await until('the models', async () => (await firstCells()).includes('claude-opus-5-5'));
  });

  test.each<Theme>(['dark', 'light', 'hc-dark', 'hc-light'])(
    'it is legible and speaks to a screen reader in the theme %s',
    async (theme) => {
      await lab.editor.setTheme(theme);
      await panel.locator(`body[data-vscode-theme-id="${themes[theme].id}"]`).waitFor();
      for (const [name, period] of [
        ['day', 'Today'],
        ['month', 'Last 30 days'],
      ] as const) {
        await choose(period);
        await panel.locator('.uplot canvas').waitFor();
        await lab.editor.screenshot(`spend-${name}-${theme}`);
      }
      await choose('Running total');
      await lab.editor.screenshot(`spend-running-${theme}`);
      await choose('Each day');
      expect(await faults()).toEqual([]);
    },
  );

  test('nothing sticks out of a narrow panel', async () => {
    await lab.editor.page.setViewportSize({ width: 700, height: 1300 });
    await lab.editor.screenshot('spend-narrow');
    const overflow = await panel.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
    await lab.editor.page.setViewportSize(wide);
    governor.priceNotes = {};
    await choose('Today');
  });

  test('what a session spends shows by itself, here, in the tree and in the status bar', async () => {
    const before = await total();
    governor.uses = [...governor.uses, use(Date.now(), { tokens: { ...tokens, output: 1_000_000 } })];
    governor.tell([view(20.4)]);
    await until('another sum', async () => (await total()) !== before);
    await lab.editor.command('countersign.sessions.focus');
    const row = lab.editor.treeRows('Sessions').filter({ hasText: '$20.40, 24.9k tokens' });
    await row.waitFor();
    expect(await row.count()).toBe(1);
    await until('the cost in the status bar', async () => (await statusText()).includes('$20.40 · at least $'));
  });

  test('a price that a person sets counts at once, and stands in config.json', async () => {
    await panel.getByRole('button', { name: 'Set price… for acme-coder-9' }).click();
    await asked('acme-coder-9: input');
    await answer('two', false);
    await lab.editor.page.getByText('Give a number, such as 2.50.').waitFor();
    await answer('2');
    await asked('acme-coder-9: output');
    await answer('10');
    await asked('acme-coder-9: cache');
    await answer('0.2, 2.5');
    await panel.locator('.unpriced').waitFor({ state: 'detached' });
    const config = JSON.parse(readFileSync(governor.home.config, 'utf8')) as { prices: unknown };
    expect(config.prices).toEqual({ 'acme-coder-9': { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5 } });
  });

  test('the rows go to a file, with an agent’s text as text', async () => {
    await panel.getByRole('combobox', { name: 'By' }).selectOption('workspace');
    await until('the workspaces', async () => (await firstCells()).includes('shop'));
    await panel.getByRole('button', { name: 'Export CSV…' }).click();
    const target = join(dirname(lab.folder), 'spend.csv');
    await until('the proposed name', async () => (await input().inputValue()).includes('spend-by-workspace'));
    await answer(target, false);
    const ok = lab.editor.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' });
    // While the dialog still looks into the folder, it does not hear its button.
    const csv = await until('the file', async () => {
      await ok.click({ timeout: 1_000 }).catch(() => undefined);
      return readText(target);
    });
    expect(csv.split('\r\n')[0]).toMatch(/^key,label,detail,usd,/);
    expect(csv).toContain('/home/ada/shop,shop,/home/ada/shop,');
  });

  test('what is read for the first time says how far it is', async () => {
    governor.indexing = { doneBytes: 450, totalBytes: 1_000 };
    await choose('This month');
    expect(await panel.getByRole('progressbar', { name: 'Older records read' }).getAttribute('value')).toBe('45');
    governor.indexing = undefined;
    await panel.getByText('still being read').waitFor({ state: 'hidden' });
  });

  test('the page stays within what it may do', () => {
    expect(lab.editor.consoleErrors.filter((error) => /Content Security Policy|Countersign/i.test(error))).toEqual([]);
  });
});

const tokens = { input: 1_200, output: 900, cacheRead: 60_000, cacheWrite5m: 4_000, cacheWrite1h: 2_000 };

function use(at: number, over: Partial<Use> = {}): Use {
  return { at, session, agent: 'claude-code', model: 'claude-opus-5-5', workspace: '/home/ada/shop', tokens, ...over };
}

/** Thirty days of work by several models, and today one of each doubtful kind. */
function uses(now: number): readonly Use[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const day = 86_400_000;
  const past = Array.from({ length: 29 * models.length }, (_, n) => worked(midnight - day * Math.ceil((n + 1) / models.length), n));
  const today = Array.from({ length: 16 }, (_, n) => worked(midnight + (3 + n) * 3_600_000, n));
  const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
  return [
    ...past,
    ...today,
    use(now, { subagent: 'reviewer', model: 'claude-sonnet-5-5' }),
    use(now, { isLowerBound: true }),
    use(now, { notItemisedUsd: 0.16, tokens: nothing }),
    use(now, { model: 'acme-coder-9', tokens: { ...nothing, input: 2_167, output: 900 } }),
  ];
}

const models = ['claude-opus-5-5', 'claude-sonnet-5-5', 'gpt-6.1-sol', 'claude-haiku-5-5'];

function worked(at: number, n: number): Use {
  const model = models[n % models.length] ?? '';
  const other = n % 8 < 3 ? { session: '77aa0c1e-1b1a-4a3e-9a55-0b8f5a2f1c11', workspace: '/home/ada/docs' } : {};
  const output = Math.round((models.length - (n % models.length)) * 12_000 * (1 + ((n * 13) % 17) / 8));
  return use(at, { model, ...other, agent: model.startsWith('gpt') ? 'codex' : 'claude-code', tokens: { ...tokens, output } });
}

function budgets(now: number): readonly BudgetStanding[] {
  const shared = { alertAt: [0.5, 0.8], raisedBy: 0, isLowerBound: false, unit: 'usd' } as const;
  return [
    {
      ...shared,
      policy: 'daily-spend',
      per: 'user',
      subject: 'ada',
      window: 'day',
      used: 4.1,
      limit: 8,
      onLimit: 'require_approval',
      resetsAt: now + 30_000_000,
    },
    {
      ...shared,
      policy: 'session-cap',
      per: 'session',
      subject: session,
      window: 'total',
      used: 5.2,
      limit: 5,
      raisedBy: 2,
      onLimit: 'kill',
    },
    {
      ...shared,
      policy: 'calls',
      per: 'agent',
      subject: 'claude-code',
      window: 'hour',
      unit: 'calls',
      used: 12,
      limit: 400,
      onLimit: 'deny',
      resetsAt: now + 900_000,
    },
  ];
}

function view(usd: number): SessionView {
  return {
    agent: 'claude-code',
    id: session,
    cwd: join(lab.folder, 'packages'),
    mode: 'default',
    interactive: true,
    startedAt: Date.now() - 60_000,
    lastSeenAt: Date.now(),
    calls: 3,
    denials: 0,
    state: 'idle',
    pending: 0,
    spend: { usd, tokens: 24_900, unpricedTokens: 0, isLowerBound: false },
  };
}

async function choose(name: string): Promise<void> {
  await panel.getByRole('button', { name, exact: true }).click();
  await panel.locator(`button[aria-pressed="true"]`, { hasText: name }).waitFor();
  await panel.locator('main[aria-busy="false"]').waitFor();
}

async function firstCells(): Promise<readonly string[]> {
  return await panel.locator('.rows tbody .name').allInnerTexts();
}

async function total(): Promise<string> {
  return await panel.locator('.total').innerText();
}

async function statusText(): Promise<string> {
  return (await lab.editor.statusItems()).find(({ id }) => id.endsWith('countersign.spend'))?.text ?? '';
}

/** Boxes follow each other in the same place. */
async function asked(title: string): Promise<void> {
  await lab.editor.page.locator('.quick-input-titlebar', { hasText: title }).waitFor();
}

function input(): Locator {
  return lab.editor.page.locator('.quick-input-widget input.input');
}

/** Types into the box that the editor shows. */
async function answer(text: string, isAccepted = true): Promise<void> {
  await input().waitFor();
  await input().fill(text);
  if (isAccepted) await input().press('Enter');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not written yet.
    return undefined;
  }
}

async function faults(): Promise<readonly string[]> {
  return (await lab.editor.accessibilityFaults(panel)).map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
