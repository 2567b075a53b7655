import { expect, test } from 'vitest';
import type { Answer } from '../../src/agents/agent.ts';
import { askedCall } from '../../src/agents/asked-call.ts';
import { startEvent } from '../../src/agents/mcp/start.ts';
import type { Source } from '../../src/engine/artifact/start.ts';
import { decide } from '../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import type { Governor } from '../../src/governor/governor.ts';
import type { Asker } from '../../src/governor/own-server/asker.ts';
import type { ApprovedStart, Ports, StartStore } from '../../src/governor/ports.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { MemorySpend } from '../storage/memory-spend.ts';
import { budget } from './budget-fixture.ts';
import { bench, callEvent, settled } from './fixture.ts';
import { githubToken, guardrail } from './guard-fixture.ts';

const asker: Asker = { agent: { vendor: 'nobody', name: 'plain' }, claims: 's1', cwd: '/home/ada/project', above: [], make: askedCall };
const shell = (command: string) => ({ tool: 'Bash', arguments: { command } });

/** A session that has made a call, `ls`. */
async function governed(files: readonly PolicyFile[], more: Pick<Ports, 'reviews' | 'starts' | 'spend' | 'isRecorded'> = {}) {
  const memory = { ...memoryPorts({ files }), ...more };
  const b = bench(decide, {}, memory);
  const call = (id: string, command: string) => b.say(callEvent(id, { command }));
  await call('t0', 'ls');
  const entries = (): number => b.ports.audit.recent(1_000).length;
  return { ...b, call, entries, own: b.governor.ownServer };
}

/** What became of a call or a start, and why it was refused; whether a person is asked shows in the inbox. */
async function outcome(governor: Governor, answer: Promise<Answer>): Promise<{ readonly kind: string; readonly reason: string }> {
  const found: Answer[] = [];
  void answer.then((one) => found.push(one));
  for (let i = 0; i < 50 && found.length === 0 && governor.approvals().length === 0; i += 1) await settled();
  const [one] = found;
  return { kind: one?.kind ?? 'asked', reason: one?.kind === 'refuse' ? one.reason : '' };
}

/** What the text says will become of it. */
function foretold(text: string): string {
  if (text.includes('only recorded') || /It is allowed|No policy speaks/.test(text)) return 'pass';
  return text.includes('It is denied') ? 'refuse' : text.includes('A person is asked') ? 'asked' : text;
}

test.each<[string, string, readonly string[]]>([
  [
    'something is left',
    '{limits: [{per: session, calls: 3}]}',
    ['No policy speaks against it.', '- b: 1 call of 3 calls used, per session; 2 calls left; then deny'],
  ],
  [
    'nothing is left today',
    '{limits: [{per: day, calls: 1}]}',
    [
      'It is denied: Budget "b": 1 of 1 call made',
      '- b/user-day-calls (user)',
      'nothing left until 2026-01-02T00:00:00.000Z',
      'What a budget stops, no other call and no request gets past',
    ],
  ],
  [
    'a person may raise it',
    '{limits: [{per: session, calls: 1, onLimit: require_approval}]}',
    ['A person is asked before it runs: Budget "b"'],
  ],
  ['that ends the session', '{limits: [{per: session, calls: 1, onLimit: kill}]}', ['It is denied', 'That ends the session.']],
  ['nobody can count it', '{limits: [{per: session, costUsd: 1}]}', ['It is denied', 'cannot be counted', 'at most $1.00 left']],
  ['the same call once more', '{loop: {sameCall: 1, within: 2m}}', ['It is denied: Circuit breaker "loop" of budget "b"']],
  ['only recorded', '{mode: observe, limits: [{per: session, calls: 1}]}', ['(this is only recorded, so it runs)']],
])('what budgets say to a call is explained, and nothing is counted, remembered or recorded: %s', async (_, spec, said) => {
  const g = await governed([budget(spec)]);
  const before = g.entries();
  const { budgets } = g.ports.state;
  const kept = () => {
    throw new Error('kept');
  };
  const real = { ...budgets };
  Object.assign(budgets, { saveNote: kept, countCall: kept, saveCall: kept, endCall: kept });
  const answer = await g.own.explain(asker, shell('ls'));
  expect([answer.failed, g.entries()]).toEqual([false, before]);
  for (const part of said) expect(answer.text).toContain(part);
  // The call itself gets the very decision that was told.
  Object.assign(budgets, real);
  const became = await outcome(g.governor, g.call('t1', 'ls'));
  expect(foretold(answer.text)).toBe(became.kind);
  expect(answer.text).toContain(became.reason);
});

test('nobody waits for the record of a call that was not made', async () => {
  const g = await governed([budget('{limits: [{per: session, costUsd: 5}]}')], {
    spend: new MemorySpend(),
    isRecorded: () => Promise.resolve(false),
  });
  expect((await g.own.explain(asker, shell('ls'))).text).toContain('No policy speaks against it.');
});

test('where it is not known which session asks, nothing is made up of its budgets', async () => {
  const g = await governed([budget('{limits: [{per: session, calls: 1}]}')]);
  const { text } = await g.own.explain({ ...asker, claims: 'nobody' }, shell('ls'));
  expect(text).toBe('No policy speaks against it.\nWhat budgets say is not told: which session asks is not known.');
});

test.each<[string, string, boolean, string]>([
  ['stops it', 'deny', true, 'A budget stops this call, so nobody is asked: Budget "b"'],
  ['asks by itself', 'require_approval', false, 'Only a budget asks a person, and not ahead.'],
])('where a budget %s, a request says so and nobody is asked', async (_, onLimit, failed, said) => {
  const g = await governed([budget(`{limits: [{per: session, calls: 1, onLimit: ${onLimit}}]}`)]);
  expect(await g.own.request(asker, shell('ls'), 'Please.')).toEqual({ failed, text: expect.stringContaining(said) });
  expect(g.governor.approvals()).toEqual([]);
});

const review = '{type: review, name: health, prompt: Is it about health?, timeout: 500ms, action: deny, onError: require_approval}';

test.each<[string, string, string, readonly string[]]>([
  [
    'nobody knows the answer',
    `{detect: [${review}]}`,
    'ls -l',
    [
      'No policy speaks against it, unless a review says otherwise.',
      '- g/health (user) asks tiny: if it says yes, it is denied; without an answer within 500 ms, a person is asked',
    ],
  ],
  [
    'the answer to the same question is known',
    `{detect: [${review}]}`,
    'ls',
    ['It is denied: Guardrail "g" found what its review "health"'],
  ],
  [
    'a detector has something against it before',
    `{detect: [${review}, {type: secret, action: deny}]}`,
    `echo ${githubToken}`,
    ['It is denied: Guardrail "g" found a GitHub token'],
  ],
  [
    'it is longer than may be sent',
    `{detect: [${review}]}`,
    'x'.repeat(200),
    ['A person is asked', 'the text is longer than 100 characters'],
  ],
  ['it only watches', `{mode: observe, detect: [${review}]}`, 'ls -l', ['No policy speaks against it.', 'all of it is only recorded']],
])('a review is told of, and no model is shown anything: %s', async (_, spec, command, said) => {
  let asked = 0;
  const model = {
    name: 'tiny',
    mostCharacters: 100,
    atOnce: 1,
    perDay: { calls: 5 },
    ask: ({ id }: { readonly id: string }) => Promise.resolve({ text: JSON.stringify({ id, match: (asked += 1) > 0 }) }),
  };
  const g = await governed([guardrail(spec)], { reviews: { model: () => model } });
  const before = [asked, g.entries()];
  const { text } = await g.own.explain(asker, shell(command));
  for (const part of said) expect(text).toContain(part);
  expect([asked, g.entries()]).toEqual(before);
});

test('where no model may be asked, what becomes of the call is told', async () => {
  const g = await governed([guardrail(`{detect: [${review.replace('onError: require_approval', 'onError: deny')}]}`)]);
  const { text } = await g.own.explain(asker, shell('ls'));
  expect(text).toContain('It is denied: Guardrail "g" could not have this reviewed: no governor runs that could ask a model.');
});

test('in a session that is paused, no call runs whatever policies say', async () => {
  const g = await governed([]);
  await g.governor.pause('s1', 'lunch', 'ada');
  expect((await g.own.explain(asker, shell('ls'))).text).toMatch(/^No call of this session runs now: .*lunch/);
});

const servers = parsePolicyFile({
  path: '/user/servers.yaml',
  layer: 'user',
  trusted: true,
  source: `kind: ArtifactPolicy
metadata: {name: servers}
spec:
  servers:
    - name: docs
      source: {npm: docs, version: 1.0.0}
      conditions: [{cel: artifact.packages < 10}]
  defaultAction: require_approval
`,
});
const docs: Source = { kind: 'npm', name: 'docs', version: '1.0.0', integrity: 'sha512-x', tree: `sha256:${'0'.repeat(64)}`, packages: 2 };

/** `approved`: every start that was asked about. */
function starts(approved: boolean): StartStore {
  const start: ApprovedStart = {
    digest: '',
    server: '',
    what: '',
    rules: ['user/servers/(default)'],
    by: 'ada',
    at: 0,
    approvalId: 'a1',
  };
  return {
    approved: () => (approved ? start : undefined),
    approve: () => undefined,
    lockWord: () => undefined,
    locked: () => undefined,
    approvedOf: () => [],
    signed: () => Promise.resolve({ ok: false, why: 'nobody signed it' }),
    scans: () => [],
    bill: () => undefined,
  };
}

test.each<[string, string, { readonly source?: Source; readonly fault?: string }, boolean, readonly string[]]>([
  ['is what its entry has', 'docs', { source: docs }, false, ['It is allowed: MCP server "docs" starts docs 1.0.0']],
  [
    'is another version',
    'docs',
    { source: { ...docs, version: '1.0.1' } },
    false,
    ['It is denied', 'it should be version 1.0.0', 'Nobody can approve it'],
  ],
  [
    'breaks a condition',
    'docs',
    { source: { ...docs, packages: 20 } },
    false,
    ['It is denied', 'the condition `artifact.packages < 10` is false'],
  ],
  ['is not listed', 'other', { source: docs }, false, ['A person is asked', '- servers/(default) (user)', 'asked when it is started']],
  ['was approved before', 'other', { source: docs }, true, ['It is allowed: ada approved this very start']],
  ['cannot be measured', 'docs', { fault: 'its files were changed' }, false, ['It is denied', 'its files were changed']],
])('the start of a server that %s is explained as it would be decided, and not recorded', async (_, server, about, approved, said) => {
  const g = await governed([servers], { starts: starts(approved) });
  const before = g.entries();
  const wish = { server, command: ['npx', 'docs'], ...about };
  const event = startEvent({ client: 'plain', session: 's1', cwd: asker.cwd, loads: {}, ...wish });
  const answer = await g.own.explainStart(asker, event.call, wish);
  expect([answer.failed, g.entries()]).toEqual([false, before]);
  for (const part of [`The start of MCP server "${server}" (npx docs):`, ...said]) expect(answer.text).toContain(part);
  const became = await outcome(g.governor, g.governor.gateway.start(event, { ...wish, waits: 60_000 }, { via: 'command' }));
  expect(foretold(answer.text)).toBe(became.kind);
  expect(answer.text).toContain(became.reason);
});

test('a budget that is used up stops a start, too', async () => {
  const g = await governed([servers, budget('{limits: [{per: session, calls: 1}]}')], { starts: starts(false) });
  const wish = { server: 'docs', command: ['npx', 'docs'], source: docs };
  const { call } = startEvent({ client: 'plain', session: 's1', cwd: asker.cwd, loads: {}, ...wish });
  expect((await g.own.explainStart(asker, call, wish)).text).toContain('It is denied: Budget "b"');
});
