import { expect, test } from 'vitest';
import type { Agent, Answer } from '../../src/agents/agent.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import type { Layer } from '../../src/engine/decision.ts';
import { findingOf, whoMayAllow, whyNobodyMay, withAllowed } from '../../src/engine/guardrail/policy/false-positive.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import { Governor } from '../../src/governor/governor.ts';
import { memoryPorts, type MemoryPorts } from '../storage/memory-ports.ts';
import { answerIn, callEvent, decision, plainAgent } from './fixture.ts';
import { githubToken, guardrail, otherToken } from './guard-fixture.ts';

const agent: Agent = { ...plainAgent, describe: () => ({ paths: { read: [], write: [] }, domains: [] }) };

/** Says a call with that token under these policies; the log remembers, and so does the salt. */
async function say(ports: MemoryPorts, files: readonly PolicyFile[], token: string, id: string): Promise<Answer['kind']> {
  ports.policies.use({ files });
  const governor = new Governor(ports, new Map([['plain', agent]]), { decide: () => decision(), weakens: () => undefined });
  const event = callEvent(id, { arguments: { command: `curl -H ${token}` } });
  return answerIn(await governor.hook('plain', event, { via: 'http' })).kind;
}

function found(ports: MemoryPorts): AuditEntry {
  const [record] = ports.audit.recent(100).filter(({ entry }) => entry.detail?.['findings'] !== undefined);
  if (record === undefined) throw new Error('nothing was found');
  return record.entry;
}

const denying = '{detect: [{type: secret, action: deny}]}';
const spec = 'detect:\n    - {type: secret, action: deny}\n';
const file = (source: string, layer: Layer, path = `/${layer}/f.yaml`): PolicyFile =>
  parsePolicyFile({ path, layer, source, trusted: true });
const why = { reason: 'it is made up', from: 'entry 1 of the log' };

test.each<[string, Layer, string, Layer]>([
  ['in the guardrail itself', 'user', 'g', 'user'],
  ['in a workspace’s own guardrail', 'workspace', 'g', 'workspace'],
  ['in another of the user', 'user', 'known', 'user'],
  ['of the user, for one of the workspace', 'workspace', 'known', 'user'],
  ['of the user, for one that we ship', 'built-in', 'known', 'user'],
])('what is allowed by its fingerprint is none from then on, and every other value is one still: %s', async (_, layer, policy, to) => {
  const ports = memoryPorts();
  const source = `kind: GuardrailPolicy\nmetadata: {name: g}\nspec:\n  ${spec}`;
  expect(await say(ports, [file(source, layer)], githubToken, 'c1')).toBe('refuse');
  const finding = findingOf(found(ports), 0);
  const isOwn = policy === 'g';
  const added = withAllowed(isOwn ? source : '', finding, { file: '/f.yaml', layer: to, policy }, why);
  expect(added.source).not.toContain(githubToken);
  const files = isOwn ? [file(added.source, layer)] : [file(source, layer), file(added.source, to, '/known.yaml')];
  expect(files.flatMap((one) => whoMayAllow(one, found(ports), finding))).toContain(policy);
  expect(await say(ports, files, githubToken, 'c2')).toBe('pass');
  expect(await say(ports, files, otherToken, 'c3')).toBe('refuse');
});

test.each<[string, Layer, Layer, string]>([
  ['a workspace’s file for a guardrail of the user', 'user', 'workspace', ''],
  ['a workspace’s other file for its own', 'workspace', 'workspace', ''],
  ['the user’s file for a guardrail of the organisation', 'organisation', 'user', ''],
  ['one that only observes', 'user', 'user', 'mode: observe, '],
  ['one for other tools', 'user', 'user', 'tools: [fetch], '],
  ['one for other agents', 'user', 'user', 'agent: other, '],
  ['one for other places', 'user', 'user', 'applyTo: [output], '],
])('nobody is offered what would change nothing: %s', async (_, layer, otherLayer, scope) => {
  const ports = memoryPorts();
  await say(ports, [guardrail(denying, { layer })], githubToken, 'c1');
  const finding = findingOf(found(ports), 0);
  const other = guardrail(`{${scope}allow: [{fingerprint: "${finding.hash}", reason: r}]}`, { name: 'other', layer: otherLayer });
  expect(whoMayAllow(other, found(ports), finding)).toEqual([]);
  // And it does not, where it stands there all the same.
  expect(await say(ports, [guardrail(denying, { layer }), other], githubToken, 'c2')).toBe('refuse');
});

test('what the organisation’s guardrail finds is said to be theirs', async () => {
  const ports = memoryPorts();
  await say(ports, [guardrail(denying, { layer: 'organisation' })], githubToken, 'c1');
  expect(whyNobodyMay(findingOf(found(ports), 0))).toContain('is your organisation’s');
});

test.each<[string, AuditEntry, number, string]>([
  ['none of that number', { kind: 'decision', time: 1, detail: { findings: [] } }, 0, 'no finding 1'],
  ['no findings at all', { kind: 'decision', time: 1 }, 3, 'no finding 4'],
  [
    'what a model said',
    {
      kind: 'decision',
      time: 1,
      detail: { findings: [{ kind: 'review/health', place: '$', hash: '0123456789abcdef', rule: 'g/health' }] },
    },
    0,
    'what a model said',
  ],
  [
    'text that nobody looked through',
    { kind: 'decision', time: 1, detail: { findings: [{ kind: 'not-scanned', place: '$', hash: '', rule: 'g/secret' }] } },
    0,
    'nobody looked through',
  ],
])('%s cannot be a false positive', (_, entry, index, message) => expect(() => findingOf(entry, index)).toThrow(message));

test('a file that has a problem, and a reason that is empty, are said before anybody has to review them', async () => {
  const ports = memoryPorts();
  await say(ports, [guardrail(denying)], githubToken, 'c1');
  const finding = findingOf(found(ports), 0);
  const target = { file: '/f.yaml', layer: 'user', policy: 'known' } as const;
  expect(() => withAllowed('kind: Nonsense\n', finding, target, why)).toThrow('must be mended first');
  expect(() => withAllowed('', finding, target, { ...why, reason: ' ' })).toThrow('A fingerprint needs a reason');
});
