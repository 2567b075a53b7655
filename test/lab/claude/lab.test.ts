import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../editor/until.ts';
import { makeScratch, runClaude, runPrint, type PermissionMode, type Scratch } from './client.ts';
import { deadUrl, denial, noObjection, preToolUse, startHookServer, type HookAnswer, type HttpHook } from './hook-server.ts';
import { measureLatency } from './latency.ts';
import { marker } from './marker.ts';
import { bash, byPrompt, startModel } from './model.ts';
import { openTerminal } from './terminal.ts';

/** What we build on, checked against the client that package.json names. Where one of these fails, the client has changed. */

test.each<[PermissionMode, number]>([
  ['bypassPermissions', 1],
  ['acceptEdits', 1],
  ['default', 0],
])('without hooks, a call in -p runs by the rules of the client: %s', async (mode, runs) => {
  await using lab = await oneCall();
  const { exitCode } = await runPrint(lab.scratch, { prompt: 'go', mode });
  expect(exitCode).toBe(0);
  expect(lab.mark.runs()).toBe(runs);
});

test('without hooks, a call in a terminal runs', async () => {
  await using lab = await oneCall();
  await using terminal = await openTerminal(lab.scratch, { mode: 'bypassPermissions' });
  await terminal.submit('go');
  await terminal.shows('That was it.');
  expect(lab.mark.runs()).toBe(1);
});

test.each<PermissionMode>(['bypassPermissions', 'acceptEdits', 'default'])('a hook that denies blocks in -p: %s', async (mode) => {
  await using lab = await oneCall();
  await using hook = await startHookServer(denial);
  await runPrint(lab.scratch, { prompt: 'go', mode, settings: preToolUse({ type: 'http', url: hook.url }) });
  expect(hook.messages).toHaveLength(1);
  expect(lab.mark.runs()).toBe(0);
  expect(lab.model.calls()).toMatchObject([{ isError: true, text: expect.stringContaining('The lab says no.') }]);
});

test('a hook that denies blocks in a terminal', async () => {
  await using lab = await oneCall();
  await using hook = await startHookServer(denial);
  await using terminal = await openTerminal(lab.scratch, {
    mode: 'bypassPermissions',
    settings: preToolUse({ type: 'http', url: hook.url }),
  });
  await terminal.submit('go');
  await terminal.shows('The lab says no.');
  await terminal.shows('That was it.');
  expect(lab.mark.runs()).toBe(0);
});

test('Escape hangs up on a hook that still thinks, and the call does not run', async () => {
  await using lab = await oneCall();
  await using hook = await startHookServer('silence');
  await using terminal = await openTerminal(lab.scratch, {
    mode: 'bypassPermissions',
    settings: preToolUse({ type: 'http', url: hook.url, statusMessage: 'Thinking about it' }),
  });
  await terminal.submit('go');
  await terminal.shows('Thinking about it');
  expect(hook.hungUp()).toBe(0);
  terminal.press('Escape');
  await until('the client to hang up', async () => hook.hungUp() === 1);
  await terminal.shows('Interrupted');
  expect(lab.mark.runs()).toBe(0);
});

test('in the default mode a terminal asks its own person, whose Enter is a yes', async () => {
  await using lab = await oneCall();
  await using terminal = await openTerminal(lab.scratch);
  await terminal.submit('go');
  await terminal.shows('Do you want to proceed?');
  expect(lab.mark.runs()).toBe(0);
  await terminal.dismiss('Do you want to proceed?', 'Enter');
  await terminal.shows('That was it.');
  expect(lab.mark.runs()).toBe(1);
});

const broken: [string, 'runs' | 'blocked', HookAnswer][] = [
  ['500', 'blocked', { status: 500, body: denial.body }],
  ['404', 'blocked', { status: 404, body: '' }],
  ['302', 'blocked', { status: 302, body: '' }],
  ['text instead of JSON', 'blocked', { status: 200, body: 'ok' }],
  ['half of a JSON object', 'blocked', { status: 200, body: '{"hookSpecificOutput":' }],
  ['an unknown decision', 'blocked', { status: 200, body: denial.body.replace('"deny"', '"denied"') }],
  // Two answers cannot be told from "no objection": a governor must never give them by accident.
  ['{}', 'runs', noObjection],
  ['an empty body', 'runs', { status: 200, body: '' }],
];
test.each(broken)('an HTTP hook that must not fail answers %s: %s', async (_, outcome, answer) => {
  await using hook = await startHookServer(answer);
  expect(await ranWith({ type: 'http', url: hook.url, onFailure: 'block' })).toBe(outcome === 'runs');
});

test('an HTTP hook that must not fail blocks where nobody listens, and one that may fail does not', async () => {
  const url = await deadUrl();
  expect(await ranWith({ type: 'http', url, onFailure: 'block' })).toBe(false);
  expect(await ranWith({ type: 'http', url })).toBe(true);
});

test('an installed plugin brings an HTTP hook with its headers', async () => {
  await using lab = await oneCall();
  await using hook = await startHookServer(denial);
  await installPlugin(lab.scratch, {
    type: 'http',
    url: hook.url,
    headers: { Authorization: 'Bearer secret-of-the-lab' },
    onFailure: 'block',
  });
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(hook.messages).toMatchObject([
    { headers: { authorization: 'Bearer secret-of-the-lab' }, body: { hook_event_name: 'PreToolUse', tool_name: 'Bash' } },
  ]);
  expect(lab.mark.runs()).toBe(0);
});

test('several calls of one message are told apart, and several sessions at once too', async () => {
  await using model = await startModel(
    byPrompt({
      both: [{ calls: [...(bash('true', 'toolu_one').calls ?? []), ...(bash('false', 'toolu_two').calls ?? [])] }],
      other: [bash('true')],
    }),
  );
  using scratch = makeScratch(model.url);
  await Promise.all([
    runPrint(scratch, { prompt: 'both' }),
    runPrint(scratch, { prompt: 'other' }),
    runPrint(scratch, { prompt: 'other' }),
  ]);
  expect(new Set(model.calls().map((call) => call.session)).size).toBe(3);
  expect(model.calls().find((call) => call.id === 'toolu_one')).toMatchObject({ isError: false });
  expect(model.calls().find((call) => call.id === 'toolu_two')).toMatchObject({ isError: true });
});

test('the tools of a measurement meet their own hooks only, and each is measured as often', async () => {
  await using hook = await startHookServer(noObjection);
  const { plain, hooked } = await measureLatency({
    rounds: 4,
    warmUp: 1,
    contenders: { plain: {}, hooked: { PreToolUse: [{ type: 'http', url: hook.url }] } },
  });
  expect(hook.messages.map((message) => message.body['tool_name'])).toEqual(Array(5).fill('mcp__lab__hooked'));
  expect(plain?.ms).toHaveLength(4);
  expect(hooked?.ms).toHaveLength(4);
  expect(Math.min(plain?.median ?? 0, hooked?.median ?? 0)).toBeGreaterThan(0);
});

async function oneCall() {
  const model = await startModel((ask) => (ask.step === 0 ? mark.turn : { text: 'That was it.' }));
  const scratch = makeScratch(model.url);
  const mark = marker(scratch.project, 'it');
  return {
    model,
    scratch,
    mark,
    [Symbol.asyncDispose]: async () => {
      await model.close();
      scratch[Symbol.dispose]();
    },
  };
}

async function ranWith(hook: HttpHook): Promise<boolean> {
  await using lab = await oneCall();
  await runPrint(lab.scratch, { prompt: 'go', settings: preToolUse(hook) });
  expect(lab.model.calls()).toHaveLength(1);
  return lab.mark.runs() === 1;
}

async function installPlugin(scratch: Scratch, hook: HttpHook): Promise<void> {
  const market = join(scratch.dir, 'market');
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(market, path)), { recursive: true });
    writeFileSync(join(market, path), JSON.stringify(content));
  };
  write('.claude-plugin/marketplace.json', {
    name: 'lab-market',
    owner: { name: 'lab' },
    plugins: [{ name: 'gov', source: './plugins/gov', description: 'A plugin.', version: '0.1.0' }],
  });
  write('plugins/gov/.claude-plugin/plugin.json', { name: 'gov', version: '0.1.0', description: 'A plugin.' });
  write('plugins/gov/hooks/hooks.json', preToolUse(hook));
  await runClaude(scratch, ['plugin', 'marketplace', 'add', market]);
  await runClaude(scratch, ['plugin', 'install', 'gov@lab-market']);
}
