import { expect, test } from 'vitest';
import type { Agent, Answer, HookEvent } from '../../src/agents/agent.ts';
import type { JsonObject, JsonValue } from '../../src/engine/json.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import { Governor } from '../../src/governor/governor.ts';
import { memoryPorts, type MemoryPorts } from '../storage/memory-ports.ts';
import { answerIn, callEvent, decision, origin, plainAgent, resultEvent, settled, yes, ada } from './fixture.ts';
import { githubToken, guardrail, otherToken } from './guard-fixture.ts';

/** The plain agent, which can also say what other arguments would do. */
const agent: Agent = { ...plainAgent, describe: () => ({ paths: { read: [], write: [] }, domains: [] }) };

function guarded(files: readonly PolicyFile[], ports: MemoryPorts = memoryPorts(), by: Agent = agent) {
  ports.policies.use({ files });
  const governor = new Governor(ports, new Map([['plain', by]]), { decide: () => decision(), weakens: () => undefined });
  const say = async (event: HookEvent): Promise<Answer> => answerIn(await governor.hook('plain', event, { via: 'http' }));
  return {
    ports,
    governor,
    say,
    /** Everything that the log and the state hold, as text. */
    kept: () => JSON.stringify([ports.audit.recent(1000), [...governor.approvals()]]),
    details: () =>
      ports.audit.recent(1000).flatMap(({ entry }) => (entry.detail?.['findings'] === undefined ? [] : [entry.detail['findings']])),
  };
}

const redacting = guardrail('{detect: [{type: secret, action: redact}]}');
const prompt = (text: string): HookEvent => ({ kind: 'prompt', origin: origin('prompt'), promptId: 'p', text });
const result = (output: JsonValue, id = 'c1'): HookEvent => {
  const event = resultEvent(id);
  return event.kind === 'tool-result' ? { ...event, output } : event;
};

test('a result is edited in place, the same secret has the same name, and nothing of it is kept', async () => {
  const g = guarded([redacting]);
  await g.say(callEvent('c1'));
  const output = {
    stdout: `one ${githubToken} two ${otherToken}`,
    lines: [`again ${githubToken}`, 7, null],
    [`k ${githubToken}`]: true,
    isImage: false,
  };
  expect(await g.say(result(output))).toEqual({
    kind: 'pass',
    output: {
      stdout: 'one [redacted:github-token#1] two [redacted:github-token#2]',
      lines: ['again [redacted:github-token#1]', 7, null],
      'k [redacted:github-token#1]': true,
      isImage: false,
    },
  });
  expect(g.kept()).not.toContain(githubToken);
  expect(g.details()).toMatchObject([
    [{ kind: 'secret/github-token', place: '$.stdout', start: 4, end: 44, rule: 'g/secret', effect: 'redact' }, {}, {}, {}],
  ]);
});

test('names stay the same after a restart, and differ in no session', async () => {
  const first = guarded([redacting]);
  await first.say(result(otherToken));
  const second = guarded([redacting], first.ports);
  expect(await second.say(result(`${githubToken} ${otherToken}`))).toMatchObject({
    output: '[redacted:github-token#2] [redacted:github-token#1]',
  });
});

test.each<[string, string, Answer['kind'], JsonObject]>([
  ['nothing is found', '{detect: [{type: pii, action: deny}]}', 'pass', {}],
  ['alert', '{detect: [{type: secret, action: alert}]}', 'pass', {}],
  ['redact', '{detect: [{type: secret, action: redact}]}', 'pass', { input: { command: 'curl -H [redacted:github-token#1]' } }],
  ['deny', '{detect: [{type: secret, action: deny}]}', 'refuse', { reason: expect.stringContaining('a GitHub token in $.command') }],
  ['what only observes', '{mode: observe, detect: [{type: secret, action: deny}]}', 'pass', {}],
  ['the strictest counts', '{detect: [{type: secret, action: redact}, {type: regex, pattern: "ghp_", action: deny}]}', 'refuse', {}],
  ['other tools', '{tools: [fetch], detect: [{type: secret, action: deny}]}', 'pass', {}],
  ['other agents', '{agent: other, detect: [{type: secret, action: deny}]}', 'pass', {}],
  ['other places', '{applyTo: [output], detect: [{type: secret, action: deny}]}', 'pass', {}],
  ['what is allowed', '{detect: [{type: secret, action: deny}], allow: [{regex: "ghp_.*", reason: made up}]}', 'pass', {}],
])('arguments with a secret: %s', async (_, spec, kind, more) => {
  const g = guarded([guardrail(spec)]);
  expect(await g.say(callEvent('c1', { command: `curl -H ${githubToken}` }))).toMatchObject({ kind, ...more });
  expect(g.kept()).not.toContain(githubToken);
});

test('a redacted call that is asked about again gets the same arguments, and whatever else runs is an incident', async () => {
  const g = guarded([redacting]);
  const args = { command: `curl -H ${githubToken}` };
  const input = { command: 'curl -H [redacted:github-token#1]' };
  expect(await g.say(callEvent('c1', args))).toEqual({ kind: 'pass', input });
  const later = guarded([redacting], g.ports);
  expect(await later.say(callEvent('c1', args))).toMatchObject({ kind: 'pass', input });
  const incidents = () => g.ports.audit.list({ kind: 'incident' }).length;
  await later.say(resultEvent('c1', 'ran', input));
  expect(incidents()).toBe(0);
  await later.say(resultEvent('c1', 'ran', args));
  expect(incidents()).toBe(1);
});

test.each<[string, PolicyFile, Agent]>([
  ['a workspace’s guardrail', guardrail('{detect: [{type: secret, action: redact}]}', { layer: 'workspace' }), agent],
  ['an agent that takes no other arguments', redacting, plainAgent],
])('what cannot be redacted is refused: %s', async (_, file, by) => {
  const g = guarded([file], memoryPorts(), by);
  expect(await g.say(callEvent('c1', { command: githubToken }))).toMatchObject({ kind: 'refuse' });
});

test('what the policies say of the redacted call counts as well', async () => {
  const ports = memoryPorts({ files: [redacting] });
  const strict = (command: unknown) => decision(command === githubToken ? {} : { action: 'deny', reason: 'Not like that.' });
  const governor = new Governor(ports, new Map([['plain', agent]]), {
    decide: (_, { call }) => strict(call.arguments['command']),
    weakens: () => undefined,
  });
  const reply = await governor.hook('plain', callEvent('c1', { command: githubToken }), { via: 'http' });
  expect(answerIn(reply)).toMatchObject({ kind: 'refuse', reason: 'Not like that.' });
});

test('a person is asked without being shown the secret', async () => {
  const g = guarded([guardrail('{detect: [{type: keyword, words: [Project Bluebird], action: require_approval}]}')]);
  const answer = g.say(callEvent('c1', { command: 'echo project  bluebird' }));
  await settled();
  const [open] = g.governor.approvals();
  expect(open).toMatchObject({
    reason: expect.stringContaining('Guardrail "g" found a keyword'),
    arguments: { command: 'echo [redacted:keyword#1]' },
  });
  await g.governor.answer(open?.id ?? '', yes, ada);
  expect(await answer).toMatchObject({ kind: 'approve' });
});

test.each<[string, string, string, Answer['kind']]>([
  ['a secret to be redacted', '{detect: [{type: secret, action: redact}]}', githubToken, 'refuse'],
  ['a secret to be told', '{detect: [{type: secret, action: alert}]}', githubToken, 'pass'],
  ['nothing', '{detect: [{type: secret, action: deny}]}', 'hello', 'pass'],
  ['only tools', '{tools: ["*"], applyTo: [input], detect: [{type: secret, action: deny}]}', githubToken, 'pass'],
])('a prompt with %s', async (_, spec, text, kind) => {
  const g = guarded([guardrail(spec)]);
  expect(await g.say(prompt(`use ${text} please`))).toMatchObject({ kind });
  expect(g.kept()).not.toContain(githubToken);
});

test('what a failed call said cannot be replaced: the turn ends, and the log has it without the secret', async () => {
  const g = guarded([guardrail('{detect: [{type: keyword, words: [Bluebird], action: redact}]}')]);
  await g.say(callEvent('c1'));
  const failed = resultEvent('c1', 'failed');
  const event = failed.kind === 'tool-result' ? { ...failed, outcome: { ...failed.outcome, error: 'no Bluebird here' } } : failed;
  expect(await g.say(event)).toMatchObject({ kind: 'refuse', stop: true, reason: expect.stringContaining('/rewind') });
  expect(g.kept()).not.toContain('Bluebird here');
});

const delivered = (text: string, callId = 'c1'): HookEvent => ({ kind: 'calls-end', origin: origin('batch'), results: [{ callId, text }] });

test('a turn ends once before the model gets what a failed call said', async () => {
  const g = guarded([redacting]);
  await g.say(callEvent('c1'));
  const failed = resultEvent('c1', 'failed');
  if (failed.kind === 'tool-result') await g.say({ ...failed, outcome: { ...failed.outcome, error: `no ${githubToken}` } });
  expect(await g.say(delivered('fine', 'c2'))).toEqual({ kind: 'pass' });
  expect(await g.say(delivered('whatever'))).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('/rewind') });
  expect(await g.say(delivered('whatever'))).toEqual({ kind: 'pass' });
});

test.each<[string, string, Answer['kind']]>([
  ['what was taken out', githubToken, 'refuse'],
  ['something else', otherToken, 'pass'],
  ['its name', '[redacted:github-token#1]', 'pass'],
])('the model is about to get %s', async (_, text, kind) => {
  const g = guarded([redacting]);
  await g.say(callEvent('c1'));
  await g.say(result(githubToken));
  expect(await g.say(delivered(text))).toMatchObject({ kind });
});

test('what is denied in a result takes all of its text along', async () => {
  const g = guarded([guardrail('{detect: [{type: secret, action: deny}]}')]);
  expect(await g.say(result({ a: `before ${githubToken} after`, b: 'fine' }))).toEqual({
    kind: 'pass',
    output: { a: '[withheld by guardrail "g"]', b: 'fine' },
  });
});

test.each<[string, PolicyFile, boolean]>([
  [
    'the user’s reaches a workspace',
    guardrail('{detect: [{type: pii, action: alert}], allow: [{regex: "ghp_.*"}]}', { name: 'mine' }),
    true,
  ],
  [
    'a workspace’s reaches nobody else',
    guardrail('{detect: [{type: pii, action: alert}], allow: [{regex: "ghp_.*"}]}', { name: 'mine', layer: 'workspace' }),
    false,
  ],
  [
    'one that only observes reaches nobody else',
    guardrail('{mode: observe, detect: [{type: pii, action: alert}], allow: [{regex: "ghp_.*"}]}', { name: 'mine' }),
    false,
  ],
])('what is allowed in one layer: %s', async (_, file, allowed) => {
  const g = guarded([guardrail('{detect: [{type: secret, action: deny}]}', { layer: 'workspace' }), file]);
  expect(await g.say(callEvent('c1', { command: githubToken }))).toMatchObject({ kind: allowed ? 'pass' : 'refuse' });
});

test('another detection never hides what one would find', async () => {
  const card = guardrail('{detect: [{type: keyword, words: [ghp], action: alert}, {type: secret, action: alert}]}', {
    layer: 'workspace',
    name: 'w',
  });
  const strict = guardrail('{detect: [{type: regex, pattern: "ghp_[A-Za-z0-9]+", action: deny}]}');
  const g = guarded([card, strict]);
  expect(await g.say(callEvent('c1', { command: githubToken }))).toMatchObject({ kind: 'refuse' });
});

test('what is too long to be looked through does not pass: it is cut, or refused', async () => {
  const g = guarded([redacting]);
  const long = 'word '.repeat(300_000);
  expect(await g.say(callEvent('c1', { command: long }))).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining('more text than'),
  });
  const answer = await g.say(result({ text: long }));
  const text = JSON.stringify(answer.kind === 'pass' ? answer.output : '');
  expect(text.length).toBeLessThan(1_010_000);
  expect(text).toContain('more characters are withheld');
});

test('a fault in looking withholds the result', async () => {
  const g = guarded([redacting]);
  let deep: JsonValue = githubToken;
  for (let i = 0; i < 20_000; i += 1) deep = [deep];
  const answer = await g.governor.hook('plain', { ...result(''), output: deep }, { via: 'http' });
  expect(answerIn(answer)).toMatchObject({ kind: 'refuse', stop: true });
});
