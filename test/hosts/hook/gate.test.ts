import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HookCall, HookReply } from '../../../src/channel/messages.ts';
import type { Peer } from '../../../src/channel/operations.ts';
import type { SocketEndpoint } from '../../../src/channel/socket-server.ts';
import { fakeGovernor } from './fake-governor.ts';
import { startGate } from './gate-process.ts';
import { pidSpace } from '../../../src/storage/pid-space.ts';

vi.setConfig({ testTimeout: 60_000 });

let home: string;
const governors: SocketEndpoint[] = [];
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'csg-')));
});
afterEach(async () => {
  await Promise.all(governors.splice(0).map((governor) => governor.close()));
  rmSync(home, { recursive: true, force: true });
});
async function govern(hook: (call: HookCall, peer: Peer) => Promise<HookReply>): Promise<void> {
  governors.push(await fakeGovernor(join(home, 'state'), hook));
}

const pass: HookReply = { stdout: '', stderr: '', exitCode: 0 };
const denial = { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'No.' } };
const input = {
  session_id: 's1',
  tool_use_id: 'c1',
  cwd: '/',
  tool_name: 'Bash',
  tool_input: '{"command":"ls"}',
  agent_id: '',
  permission_mode: 'plan',
};
const refused = (reason: RegExp) => ({
  hookSpecificOutput: { permissionDecision: 'deny', permissionDecisionReason: expect.stringMatching(reason) },
});

test('it shakes hands as the client expects it, and lists its one tool', async () => {
  using gate = startGate(home);
  expect(await gate.request('server/discover')).toMatchObject({ code: -32_601 });
  expect(await gate.request('initialize', { protocolVersion: '2025-11-25' })).toMatchObject({
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
  });
  gate.write('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  expect(await gate.request('ping')).toEqual({});
  expect(await gate.request('tools/list')).toMatchObject({ tools: [{ name: 'confirm' }] });
});

test.each<[string, HookReply, unknown]>([
  ['no objection', pass, {}],
  ['a refusal', { stdout: `${JSON.stringify(denial)}\n`, stderr: 'No.\n', exitCode: 2 }, denial],
  ['a failure without words', { stdout: '', stderr: 'broken', exitCode: 2 }, refused(/broken/)],
])('%s of the governor is passed on', async (_, reply, expected) => {
  const calls: HookCall[] = [];
  await govern(async (call) => {
    calls.push(call);
    return reply;
  });
  using gate = startGate(home);
  expect(await gate.confirm(input)).toMatchObject(Object(expected));
  const message = {
    hook_event_name: 'PreToolUse',
    session_id: 's1',
    tool_use_id: 'c1',
    cwd: '/',
    tool_name: 'Bash',
    permission_mode: 'plan',
    tool_input: { command: 'ls' },
  };
  expect(calls).toEqual([{ agent: 'claude-code', event: 'PreToolUse', message, pid: process.pid, ...pidSpace(), paired: true }]);
});

test('arguments of megabytes, with separators of lines that are not ours, arrive whole', async () => {
  const command = `"\u2028\u2029é\n${'x'.repeat(5_000_000)}`;
  const got: unknown[] = [];
  await govern(async ({ message }) => {
    got.push(message);
    return pass;
  });
  using gate = startGate(home);
  expect(await gate.confirm({ ...input, tool_input: JSON.stringify({ command }) })).toEqual({});
  expect(got).toMatchObject([{ tool_input: { command } }]);
});

test('calls are judged side by side; one that the client takes back is hung up on, alone', async () => {
  const first = Promise.withResolvers<HookReply>();
  const asked: string[] = [];
  const left = Promise.withResolvers<void>();
  const bothAsked = Promise.withResolvers<void>();
  await govern(async ({ message }, peer) => {
    const text = JSON.stringify(message);
    asked.push(text);
    if (asked.length === 2) bothAsked.resolve();
    if (!text.includes('taken back')) return first.promise;
    peer.closed.addEventListener('abort', () => left.resolve());
    return new Promise(() => undefined);
  });
  using gate = startGate(home);
  const kept = gate.confirm(input);
  const id = gate.nextId();
  void gate.confirm({ ...input, tool_input: '{"command":"taken back"}' });
  await bothAsked.promise;
  gate.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } }));
  await left.promise;
  first.resolve(pass);
  expect(await kept).toEqual({});
});

test('a governor that goes away while it judges: refused, and the next one is asked again', async () => {
  await govern(async () => {
    for (const one of governors.splice(0)) void one.close();
    return new Promise(() => undefined);
  });
  using gate = startGate(home);
  expect(await gate.confirm(input)).toMatchObject(refused(/stopped while it judged/));
  await govern(async () => pass);
  expect(await gate.confirm(input)).toEqual({});
});

test.each<[string, Record<string, unknown>]>([
  ['arguments that are no JSON', { ...input, tool_input: '{"command"' }],
  ['something else than text', { ...input, tool_name: {} }],
])('%s: refused without asking anybody', async (_, broken) => {
  await govern(async () => pass);
  using gate = startGate(home);
  expect(await gate.confirm(broken)).toMatchObject(refused(/gate's/));
});

test('a call without parameters is refused', async () => {
  await govern(async () => pass);
  using gate = startGate(home);
  expect(JSON.stringify(await gate.request('tools/call'))).toContain('deny');
});

test('after an uninstallation it refuses, and brings no folder back', async () => {
  using gate = startGate(home);
  expect(await gate.confirm(input)).toMatchObject(refused(/no longer installed/));
  expect(existsSync(join(home, 'state'))).toBe(false);
});

test('it ends with the client, and on what is not JSON-RPC', async () => {
  using broken = startGate(home);
  broken.write('hello');
  expect(await broken.ended).not.toBe(0);
});
