import { expect, test } from 'vitest';
import type { Answer } from '../../src/agents/agent.ts';
import { ada, answerIn, asking, bench, callEvent, decision, settled, yes, type Bench } from './fixture.ts';

/** The gate's copy of a tool call, beside the one over HTTP. */
async function gate({ governor }: Bench, event: ReturnType<typeof callEvent>, signal?: AbortSignal): Promise<Answer> {
  return answerIn(
    await governor.hook('plain', event, { via: 'command', paired: true, pid: 7, ...(signal === undefined ? {} : { signal }) }),
  );
}
const deny = decision({ action: 'deny', reason: 'No.' });

test.each([
  ['first', decision({ action: 'allow', autoApprove: true }), 'approve'],
  ['first', deny, 'refuse'],
  ['second', decision({ action: 'allow', autoApprove: true }), 'approve'],
  ['second', deny, 'refuse'],
] as const)('the gate, arriving %s, gets the answer of the HTTP hook; there is one decision and one entry', async (when, decided, kind) => {
  const lab = bench(decided);
  const event = callEvent('c1');
  const early = when === 'first' ? gate(lab, event) : undefined;
  await settled();
  expect(lab.ports.audit.entries).toEqual([]);
  expect((await lab.say(event)).kind).toBe(kind);
  expect((await (early ?? gate(lab, event))).kind).toBe(kind);
  expect(lab.ports.audit.entries.map((entry) => entry.kind)).toEqual(['decision']);
});

test('what the HTTP hook says about mode and subagent counts, not what the gate says', async () => {
  const lab = bench();
  const { call, origin, kind } = callEvent('c1');
  const other = { ...origin.session, mode: 'bypassPermissions' };
  const early = gate(lab, { kind, origin: { ...origin, session: other }, call: { ...call, session: other } });
  await lab.say({ kind, origin, call });
  await early;
  expect(lab.governor.sessions()).toMatchObject([{ mode: 'default', calls: 1 }]);
});

test('a call that never came over HTTP is refused, and that is an incident', async () => {
  const lab = bench();
  await lab.say(callEvent('another'));
  const refused = gate(lab, callEvent('c1'));
  await settled();
  lab.ports.clock.advance(5_000);
  expect(await refused).toMatchObject({ kind: 'refuse', reason: expect.stringContaining('did not reach Countersign') });
  expect(lab.ports.audit.entries.map((entry) => entry.kind)).toEqual(['decision', 'incident', 'decision']);
});

test('other arguments than over HTTP: refused, while the call is decided and after', async () => {
  const lab = bench(asking());
  const asked = lab.say(callEvent('c1'));
  await settled();
  const forged = callEvent('c1', { command: 'rm -rf /' });
  expect((await gate(lab, forged)).kind).toBe('refuse');
  await lab.governor.answer(lab.governor.approvals()[0]?.id ?? '', yes, ada);
  expect((await asked).kind).toBe('approve');
  expect((await gate(lab, forged)).kind).toBe('refuse');
  expect((await gate(lab, callEvent('c1'))).kind).toBe('approve');
});

test('a person is asked once, and both hear the answer', async () => {
  const lab = bench(asking());
  const both = [gate(lab, callEvent('c1')), lab.say(callEvent('c1'))];
  await settled();
  expect(lab.governor.approvals()).toHaveLength(1);
  await lab.governor.answer(lab.governor.approvals()[0]?.id ?? '', yes, ada);
  expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['approve', 'approve']);
});

test.each([['gate'], ['HTTP hook']])(
  'the question stays while one of them waits, and is taken back when the %s hangs up last',
  async (last) => {
    const lab = bench(asking());
    const [one, two] = [new AbortController(), new AbortController()];
    const both = [gate(lab, callEvent('c1'), one.signal), lab.say(callEvent('c1'), two.signal)];
    await settled();
    const order = last === 'gate' ? [two, one] : [one, two];
    order[0]?.abort();
    await settled();
    expect(lab.governor.approvals()).toHaveLength(1);
    order[1]?.abort();
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['refuse', 'refuse']);
    expect(lab.governor.approvals()).toEqual([]);
  },
);

test('a call of a killed session is refused to both, and recorded once', async () => {
  const lab = bench();
  await lab.say(callEvent('c1'));
  await lab.governor.kill('s1', 'enough', 'ada');
  const before = lab.ports.audit.entries.length;
  expect(await lab.say(callEvent('c2'))).toMatchObject({ kind: 'refuse', stop: true });
  expect(await gate(lab, callEvent('c2'))).toMatchObject({ kind: 'refuse', stop: true });
  expect(lab.ports.audit.entries.length).toBe(before + 1);
  // What was allowed before is not allowed any more.
  expect((await gate(lab, callEvent('c1'))).kind).toBe('refuse');
});
