import { expect, test } from 'vitest';
import type { Answer, Origin } from '../../src/agents/agent.ts';
import { callOf, describe, originOf, type McpCall } from '../../src/agents/mcp/call.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import { decide as judged } from '../../src/engine/policy/decide.ts';
import type { GatewayVerdict } from '../../src/governor/gateway/decide.ts';
import { goodPolicy } from '../engine/policy/policies.ts';
import { ada, bench, settled, yes } from './fixture.ts';
import { githubToken, guardrail } from './guard-fixture.ts';
import type { ToolCall } from '../../src/engine/tool-call.ts';

const speaker = { client: 'claude-code', session: 's1', cwd: '/home/ada/project', server: 'github' };
const rewriting = (call: ToolCall, input: JsonObject): ToolCall => ({
  ...call,
  arguments: input,
  ...describe({ ...call, arguments: input }),
});

const abilities = { rewriting, waits: 55_000 };

function governed(...files: readonly PolicyFile[]) {
  const b = bench(judged);
  b.ports.policies.use({ files });
  const { gateway } = b.governor;
  return {
    ...b,
    call: (name: string, input: JsonObject = {}, hint = '', signal?: AbortSignal): Promise<GatewayVerdict> => {
      const asked: McpCall = { ...speaker, kind: 'tool', name, arguments: input };
      const event = { kind: 'tool-call', origin: originOf(asked, 'tools/call'), call: callOf(asked, hint) } as const;
      return gateway.call(event, { via: 'command', ...(signal === undefined ? {} : { signal }) }, abilities);
    },
    result: (verdict: GatewayVerdict, name: string, output: JsonObject, input: JsonObject = {}): Promise<Answer> => {
      const call = callOf({ ...speaker, kind: 'tool', name, arguments: input }, verdict.callId);
      const origin: Origin = originOf(speaker, 'result');
      return gateway.result({ kind: 'tool-result', origin, call, outcome: { status: 'ran' }, output }, verdict.joined);
    },
    hook: (id: string, name: string, input: JsonObject = {}): Promise<Answer> => {
      const call = callOf({ ...speaker, kind: 'tool', name, arguments: input }, id);
      return b.say({ kind: 'tool-call', origin: originOf(speaker, 'before'), call });
    },
    decisions: () =>
      b.ports.audit
        .recent(100)
        .filter(({ entry }) => entry.kind === 'decision')
        .map(({ entry }) => `${entry.callId} ${entry.action}`)
        .toReversed(),
  };
}

const asking = goodPolicy(['name: ask, tools: [merge], action: require_approval']);
const denying = goodPolicy(['name: no, tools: [delete_file], action: deny, message: Never.']);

test('a call is decided by the same documents and recorded under the agent that clientInfo names', async () => {
  const g = governed(denying);
  expect((await g.call('delete_file')).answer).toEqual({ kind: 'refuse', reason: 'Never.', stop: false });
  expect((await g.call('list_issues')).answer).toEqual({ kind: 'pass' });
  expect(
    g.ports.audit
      .recent(10)
      .filter(({ entry }) => entry.kind === 'decision')
      .map(({ entry }) => [entry.agent, entry.mcpServer, entry.nativeTool]),
  ).toEqual([
    ['claude-code', 'github', 'mcp__github__list_issues'],
    ['claude-code', 'github', 'mcp__github__delete_file'],
  ]);
});

test('what a hook decided is neither decided nor recorded again', async () => {
  const g = governed(denying);
  await g.hook('t1', 'list_issues', { page: 1 });
  const { answer, joined } = await g.call('list_issues', { page: 1 }, 't1');
  expect([answer.kind, joined, g.decisions()]).toEqual(['pass', true, ['t1 abstain']]);
});

test.each<[string, (g: ReturnType<typeof governed>) => Promise<GatewayVerdict>]>([
  ['used once already', async (g) => (await g.call('list_issues', { page: 1 }, 't1'), g.call('list_issues', { page: 1 }, 't1'))],
  ['with other arguments', (g) => g.call('list_issues', { page: 2 }, 't1')],
  ['of another tool', (g) => g.call('get_issue', { page: 1 }, 't1')],
  ['hours ago', (g) => (g.ports.clock.advance(2 * 60 * 60_000), g.call('list_issues', { page: 1 }, 't1'))],
  ['that nobody made', (g) => g.call('list_issues', { page: 1 }, 't2')],
])('a decision %s lets nothing run: the call is decided on its own', async (_, make) => {
  const g = governed(denying);
  await g.hook('t1', 'list_issues', { page: 1 });
  expect((await make(g)).joined).toBe(false);
  expect(g.decisions()).toHaveLength(2);
});

test('a hint that repeats itself while its call is decided is another call', async () => {
  const g = governed(asking);
  const [one, two] = [g.call('merge', {}, 't1'), g.call('merge', {}, 't1')];
  await settled();
  expect(g.governor.approvals()).toHaveLength(2);
  for (const { id } of g.governor.approvals()) await g.governor.answer(id, yes, ada);
  expect([(await one).answer.kind, (await two).answer.kind]).toEqual(['approve', 'approve']);
  expect(g.decisions()).toHaveLength(2);
});

test('a refusal that a hook heard holds at the gateway too, and is recorded once', async () => {
  const g = governed(denying);
  await g.hook('t1', 'delete_file');
  expect((await g.call('delete_file', {}, 't1')).answer.kind).toBe('refuse');
  expect(g.decisions()).toEqual(['t1 deny']);
});

test('a call whose agent gives up is refused for now; approved later, it passes once', async () => {
  const g = governed(asking);
  const first = g.call('merge', { n: 1 });
  await settled();
  g.ports.clock.advance(abilities.waits);
  expect((await first).answer).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('then try again') });
  const [open, ...more] = g.governor.approvals();
  expect([open?.waiting, more]).toEqual([false, []]);
  await g.governor.answer(open?.id ?? '', yes, ada);
  expect((await g.call('merge', { n: 1 })).answer.kind).toBe('approve');
  const third = g.call('merge', { n: 1 });
  await settled();
  expect(g.governor.approvals()).toHaveLength(1);
  await g.governor.dispose();
  expect((await third).answer.kind).toBe('refuse');
});

test('a retry before the answer joins the question that is open', async () => {
  const g = governed(asking);
  const first = g.call('merge', { n: 1 });
  await settled();
  g.ports.clock.advance(abilities.waits);
  await first;
  const second = g.call('merge', { n: 1 });
  await settled();
  const [open, ...more] = g.governor.approvals();
  expect([open?.waiting, more]).toEqual([true, []]);
  await g.governor.answer(open?.id ?? '', yes, ada);
  expect((await second).answer.kind).toBe('approve');
});

test('a call that is taken back is refused, and so is its question', async () => {
  const g = governed(asking);
  const gone = new AbortController();
  const call = g.call('merge', {}, '', gone.signal);
  await settled();
  gone.abort();
  expect((await call).answer.kind).toBe('refuse');
  expect(g.governor.approvals()).toEqual([]);
});

test('a guardrail takes secrets out of arguments and results; where none looks, nobody has to', async () => {
  const g = governed(guardrail('{detect: [{type: secret, action: redact}]}'));
  const verdict = await g.call('create_issue', { body: `see ${githubToken}` });
  expect(verdict).toMatchObject({ answer: { kind: 'pass', input: { body: 'see [redacted:github-token#1]' } }, watched: true });
  const input = { body: 'see [redacted:github-token#1]' };
  const result = { content: [{ type: 'text', text: githubToken }], structuredContent: { token: githubToken }, isError: true };
  expect(await g.result(verdict, 'create_issue', result, input)).toEqual({
    kind: 'pass',
    output: {
      content: [{ type: 'text', text: '[redacted:github-token#1]' }],
      structuredContent: { token: '[redacted:github-token#1]' },
      isError: true,
    },
  });
  expect(JSON.stringify(g.ports.audit.recent(100))).not.toContain(githubToken);
  expect((await governed(denying).call('list')).watched).toBe(false);
});

test('what a person answered to the server is looked through before it goes there', async () => {
  const g = governed(guardrail('{detect: [{type: secret, action: deny}]}'));
  const { callId } = await g.call('login');
  const call = callOf({ ...speaker, kind: 'tool', name: 'login', arguments: {} }, callId);
  const origin = originOf(speaker, 'tools/call');
  expect((await g.governor.gateway.continue(origin, call, { who: { content: { name: 'ada' } } })).kind).toBe('pass');
  expect((await g.governor.gateway.continue(origin, call, { who: { content: { name: githubToken } } })).kind).toBe('refuse');
});

test('tools that are always denied are hidden, and that is recorded once', async () => {
  const g = governed(denying);
  const origin = originOf(speaker, 'list');
  const calls = ['list_issues', 'delete_file'].map((name) => callOf({ ...speaker, kind: 'tool', name, arguments: {} }, ''));
  for (const _ of [1, 2]) expect(await g.governor.gateway.hidden(origin, 'github', calls)).toEqual(['delete_file']);
  const entries = g.ports.audit.recent(10).filter(({ entry }) => entry.detail?.['event'] === 'mcp-hidden');
  expect(entries.map(({ entry }) => [entry.detail?.['tools'], entry.rules?.map(({ rule }) => rule)])).toEqual([[['delete_file'], ['no']]]);
});

test('resources and prompts are tools of their own kind', async () => {
  const g = governed(goodPolicy(['name: no, tools: ["resource:file:///etc/*", "prompt:evil"], action: deny']));
  const ask = async (kind: McpCall['kind'], name: string) => {
    const asked: McpCall = { ...speaker, kind, name, arguments: kind === 'resource' ? { uri: name } : {} };
    const event = { kind: 'tool-call', origin: originOf(asked, 'x'), call: callOf(asked, '') } as const;
    return (await g.governor.gateway.call(event, { via: 'command' }, abilities)).answer.kind;
  };
  expect([
    await ask('resource', 'file:///etc/passwd'),
    await ask('resource', 'file:///home/x'),
    await ask('prompt', 'evil'),
    await ask('tool', 'evil'),
  ]).toEqual(['refuse', 'pass', 'refuse', 'pass']);
});

test('a server of which only hooks tell is known, until a gateway stands before it', async () => {
  const g = governed();
  const ran = async (id: string): Promise<unknown> => {
    const call = callOf({ ...speaker, kind: 'tool', name: 'list_issues', arguments: {} }, id);
    await g.hook(id, 'list_issues');
    return g.say({ kind: 'tool-result', origin: originOf(speaker, 'after'), call, outcome: { status: 'ran' } });
  };
  await ran('c1');
  expect(g.governor.pastGateway()).toEqual([{ agent: 'claude-code', server: 'github', session: 's1', cwd: '/home/ada/project' }]);
  await g.call('list_issues', {}, 'c2');
  await ran('c2');
  expect(g.governor.pastGateway()).toEqual([]);
});
