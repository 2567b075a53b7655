import { expect, test } from 'vitest';
import type { Agent, PromptFile, Recorded, RecordedCall, RecordedResult } from '../../src/agents/agent.ts';
import type { AuditEntry } from '../../src/engine/audit/entry.ts';
import { digestOf } from '../../src/engine/audit/canonical.ts';
import type { Decision } from '../../src/engine/decision.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import { Governor } from '../../src/governor/governor.ts';
import type { RunningSession, Witness } from '../../src/governor/ports.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { callEvent, decision, origin, plainAgent, resultEvent, settled } from './fixture.ts';

const deny = decision({ action: 'deny', reason: 'no' });
const ls = { command: 'ls' };

interface Options {
  readonly decides?: Decision;
  readonly policy?: string;
  /** How long ago the hooks were put in; `undefined`: they are not. */
  readonly hookedFor?: number | undefined;
  /** What any name means. */
  readonly promptFiles?: readonly PromptFile[];
  /** Its record has other names for calls than its hooks. */
  readonly alsoByArguments?: true;
}

/** A governor that is told what agents wrote. */
function witness({ decides = decision({ action: 'allow' }), policy = '', promptFiles = [], alsoByArguments, ...rest }: Options = {}) {
  const memory = memoryPorts({
    files: policy === '' ? [] : [parsePolicyFile({ path: 'a.yaml', layer: 'user', source: policy, trusted: true })],
  });
  const ports = { ...memory, promptFiles: () => promptFiles };
  const hookedFor = 'hookedFor' in rest ? rest.hookedFor : 3_600_000;
  const since = hookedFor === undefined ? undefined : ports.clock.now() - hookedFor;
  let told: Witness | undefined;
  const records = {
    follow: (listener: Witness) => {
      told = listener;
      return () => undefined;
    },
    hookedSince: () => since,
    learn: () => undefined,
  };
  const agent: Agent = {
    ...plainAgent,
    records: { marks: ['{'], read: (line) => JSON.parse(line), isSame: isSameCommand, ...(alsoByArguments && { alsoByArguments }) },
  };
  const governor = new Governor(ports, new Map([['plain', agent]]), { decide: () => decides, weakens: () => undefined, records });
  governor.reconcile();
  if (told === undefined) throw new Error('Nobody listens to what agents write.');
  return { ports, governor, told, say: (event: unknown) => governor.hook('plain', event, { via: 'http' }) };
}

function isSameCommand(recorded: JsonObject, decided: JsonObject): boolean {
  return recorded['command'] === decided['command'];
}

type Lab = ReturnType<typeof witness>;

/** What the agent writes when it makes a call and when that has ended, and the time that a look at it may take. */
async function writes(
  lab: Lab,
  line: { readonly ran?: boolean; readonly arguments?: JsonObject; readonly ago?: number; readonly begunAgo?: number },
) {
  const at = lab.ports.clock.now() - (line.ago ?? 0);
  const begun = lab.ports.clock.now() - (line.begunAgo ?? 60_000);
  const { call } = callEvent('c1', line.arguments ?? ls);
  const made: RecordedCall = { kind: 'call', call, at };
  const result: RecordedResult = { kind: 'result', session: 's1', callId: 'c1', ran: line.ran ?? true, at };
  for (const found of [made, result]) lab.told.line({ agent: 'plain', text: JSON.stringify([found]), begun });
  lab.ports.clock.advance(2_000);
  await settled();
}

const incidents = (lab: Lab): readonly AuditEntry[] => lab.ports.audit.entries.filter(({ kind }) => kind === 'incident');
const causes = (lab: Lab) => incidents(lab).map(({ detail }) => detail?.['cause']);
const hello = { kind: 'session-start', origin: origin('start'), source: 'startup' } as const;

const cells: [title: string, causes: readonly string[], run: () => Promise<Lab>][] = [
  ['it was decided on: none', [], () => after({}, [callEvent('c1')], {})],
  ['nobody decided on it: undecided', ['undecided'], () => after({}, [], {})],
  ['it did not run: none', [], () => after({}, [], { ran: false })],
  ['it was refused, and did not run: none', [], () => after({ decides: deny }, [callEvent('c1')], { ran: false })],
  ['it was refused, and ran: refused', ['refused'], () => after({ decides: deny }, [callEvent('c1')], {})],
  [
    'a policy that only observes would have refused it: none',
    [],
    () => after({ decides: { ...deny, mode: 'observe' } }, [callEvent('c1')], {}),
  ],
  ['another command was decided on: changed', ['changed'], () => after({}, [callEvent('c1', { command: 'rm' })], {})],
  ['the agent completed the arguments on the way: none', [], () => after({}, [callEvent('c1', { ...ls, timeout: 5 })], {})],
  [
    'its hook told of a rewritten input: rewritten, once',
    ['rewritten'],
    () => after({}, [callEvent('c1'), resultEvent('c1', 'ran', { command: 'rm' })], {}),
  ],
  [
    'it was decided on in another session, and copied from there a moment before this file began: none',
    [],
    () => after({}, [callEvent('c1', ls, 's0')], { ago: 5_000, begunAgo: 1_000 }),
  ],
  ['another session has a decision on a call of the same name: undecided', ['undecided'], () => after({}, [callEvent('c1', ls, 's0')], {})],
  ['its line is older than the file, so it was copied: none', [], () => after({}, [], { ago: 120_000, begunAgo: 60_000 })],
  ['it is older than the hooks: none', [], () => after({ hookedFor: 10_000 }, [], { ago: 20_000, begunAgo: 20_000 })],
  ['no hooks are installed: none', [], () => after({ hookedFor: undefined }, [], {})],
];

/** A session that said hello, what its hooks told, and then what it wrote. */
async function after(options: Options, events: readonly unknown[], line: Parameters<typeof writes>[1]): Promise<Lab> {
  const lab = witness(options);
  await lab.say(hello);
  for (const event of events) await lab.say(event);
  await writes(lab, line);
  return lab;
}

test.each(cells)('a call that was written down: %s', async (_, expected, run) => {
  expect(causes(await run())).toEqual(expected);
});

test.each([
  ['an allowed one', { action: 'allow' }],
  ['one that is only observed', { action: 'deny', mode: 'observe' }],
] as const)("another process's decision that becomes visible a moment later is in time: %s", async (_, decided) => {
  const lab = witness();
  await lab.say(hello);
  const { call } = callEvent('c1');
  const at = lab.ports.clock.now();
  lab.told.line({ agent: 'plain', text: JSON.stringify([{ kind: 'result', session: 's1', callId: 'c1', ran: true, at }]), begun: at });
  // Another process wrote it: there is an entry, and no memo of its answer.
  const entry = {
    kind: 'decision',
    callId: 'c1',
    session: 's1',
    agent: 'plain',
    ...decided,
    argumentsDigest: digestOf(call.arguments),
    time: at,
  } as const;
  await lab.ports.audit.append(entry, 'written');
  lab.ports.clock.advance(2_000);
  expect(causes(lab)).toEqual([]);
});

/** Servers of models that number calls anew in each session: both are called the same, and run at the same time. */
async function both(first: JsonObject, second: JsonObject, heard: readonly unknown[]): Promise<Lab> {
  const lab = witness();
  for (const id of ['s1', 's2']) await lab.say({ ...hello, origin: origin('start', id) });
  for (const event of heard) await lab.say(event);
  const at = lab.ports.clock.now();
  const made = [callEvent('c1', first, 's1'), callEvent('c1', second, 's2')].map(({ call }): Recorded => ({ kind: 'call', call, at }));
  const ran = ['s1', 's2'].map((session): Recorded => ({ kind: 'result', session, callId: 'c1', ran: true, at }));
  for (const found of [...made, ...ran]) lab.told.line({ agent: 'plain', text: JSON.stringify([found]), begun: at - 60_000 });
  lab.ports.clock.advance(2_000);
  await settled();
  return lab;
}

const rm = { command: 'rm -rf .' };
test.each<[string, readonly string[], () => Promise<Lab>]>([
  ['one ran as it was decided on, the other as nobody was asked', ['s2 "undecided"'], () => both(ls, rm, [callEvent('c1', ls, 's1')])],
  ['the same command, and one of them was not asked about', ['s2 "undecided"'], () => both(ls, ls, [callEvent('c1', ls, 's1')])],
  [
    'each as the other one was decided on',
    ['s1 "changed"', 's2 "changed"'],
    () => both(ls, rm, [callEvent('c1', rm), callEvent('c1', ls, 's2')]),
  ],
  ['each as it was decided on', [], () => both(ls, rm, [callEvent('c1', ls), callEvent('c1', rm, 's2')])],
  ['nobody was asked about either', ['s1 "undecided"', 's2 "undecided"'], () => both(ls, rm, [])],
])('two sessions have a call of the same name: %s', async (_, expected, run) => {
  expect(incidents(await run()).map(({ session: of = '', detail }) => `${of} ${JSON.stringify(detail?.['cause'])}`)).toEqual(expected);
});

test('an incident says what ran, where, and what to do, and a person sees it once for each session', async () => {
  const secret = `curl -H "Authorization: Bearer ghp_${'a'.repeat(36)}"`;
  const lab = await after({}, [], { arguments: { command: secret } });
  expect(incidents(lab)).toMatchObject([
    { session: 's1', callId: 'c1', nativeTool: 'Bash', argumentsDigest: digestOf({ command: secret }), detail: { onUngoverned: 'alert' } },
  ]);
  expect(JSON.stringify(incidents(lab))).not.toContain('ghp_');
  const told = lab.governor.problems();
  expect(told).toMatchObject([{ id: 'ungoverned:s1', message: expect.stringContaining('countersign kill') }]);
  await writes(lab, {});
  expect(causes(lab)).toEqual(['undecided']);
  expect(lab.governor.problems()).toEqual(told);
});

const session: RunningSession = { agent: 'plain', session: 's9', cwd: '/w', startedAt: Date.UTC(2026, 0, 1), isActive: true };

const silences: [title: string, causes: readonly string[], over: Partial<RunningSession>, says: readonly unknown[], options: Options][] = [
  ['it works: an incident', ['no-hello'], {}, [], {}],
  ['it is only being started: none', [], { isActive: false }, [], {}],
  ['it said hello: none', [], {}, [{ ...hello, origin: origin('start', 's9') }], {}],
  ['it began before the hooks: none', [], { startedAt: 0 }, [], {}],
  ['no hooks are installed: none', [], {}, [], { hookedFor: undefined }],
];

test.each(silences)('a session that runs and was never heard of: %s', async (_, expected, over, says, options) => {
  const lab = witness(options);
  for (const event of says) await lab.say(event);
  for (let look = 0; look < 40; look += 1) {
    lab.told.running([{ ...session, ...over }]);
    lab.ports.clock.advance(250);
  }
  await settled();
  expect(causes(lab)).toEqual(expected);
});

const kills = 'kind: ToolPolicy\nmetadata: {name: a}\nspec: {onUngoverned: kill}\n';

test('where a policy says so, the session is ended, even one that never spoke to us', async () => {
  const lab = witness({ policy: kills });
  lab.ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  await writes(lab, {});
  await settled();
  expect(lab.ports.processes.running.size).toBe(0);
  expect(lab.ports.audit.entries.map(({ kind }) => kind)).toContain('session-killed');
  expect(lab.governor.sessions()).toMatchObject([{ id: 's1', state: 'killed' }]);
});

test('one that was not found in that moment is ended when it is seen again, unless a person has revived it', async () => {
  const lab = witness({ policy: kills });
  const s1: RunningSession = { agent: 'plain', session: 's1', cwd: '/w', startedAt: lab.ports.clock.now(), isActive: true };
  const runs = async () => {
    lab.ports.processes.start('plain', 's1', { pid: 40, start: '7' });
    lab.told.running([s1]);
    await settled();
    return lab.ports.processes.running.size;
  };
  await writes(lab, {});
  await settled();
  expect(await runs()).toBe(0);
  expect(await runs()).toBe(0);
  await lab.governor.revive('s1', 'ada');
  expect(await runs()).toBe(1);
});

test('a log that cannot be written keeps no session from being ended', async () => {
  const lab = witness({ policy: kills });
  lab.ports.processes.start('plain', 's1', { pid: 40, start: '7' });
  lab.ports.audit.failure = new Error('disk full');
  await writes(lab, {});
  await settled();
  expect(lab.ports.processes.running.size).toBe(0);
});

test('a state that cannot be read ends nothing of ours', async () => {
  const lab = witness();
  lab.ports.state.failure = new Error('disk gone');
  await writes(lab, {});
  lab.ports.state.failure = undefined;
  await lab.say(callEvent('c2'));
  expect(lab.ports.audit.entries.at(-1)).toMatchObject({ kind: 'decision', callId: 'c2' });
});

const expansion = { id: 'p1', name: '/deploy', arguments: '' };
const inlineCells: [
  title: string,
  causes: readonly string[],
  decides: boolean,
  over: { readonly ago?: number; readonly changedAgo?: number },
][] = [
  ['decided on with the prompt: none', [], true, {}],
  ['nobody decided on it: undecided', ['undecided'], false, {}],
  ['older than the transcript, so it was copied: none', [], false, { ago: 120_000 }],
  ['from a file that was changed since: nobody knows', [], false, { ago: 2_000, changedAgo: 1_000 }],
];
test.each(inlineCells)('a command that a prompt file ran by itself: %s', async (_, expected, decides, { ago = 0, changedAgo = 90_000 }) => {
  const changedAt = Date.UTC(2026, 0, 1) - changedAgo;
  const lab = witness({ promptFiles: [{ text: 'make', folder: '/w', changedAt }] });
  await lab.say(hello);
  const from = origin('prompt');
  if (decides) await lab.say({ kind: 'prompt', origin: from, promptId: 'p1', text: '/deploy', expansion });
  const found: Recorded = { kind: 'expansion', origin: from, expansion, at: lab.ports.clock.now() - ago };
  lab.told.line({ agent: 'plain', text: JSON.stringify([found]), begun: lab.ports.clock.now() - 60_000 });
  lab.ports.clock.advance(2_000);
  await settled();
  expect(causes(lab)).toEqual(expected);
  expect(incidents(lab).map(({ arguments: args }) => args?.['command'])).toEqual(expected.map(() => 'make'));
});

test("a person's own command is an entry, once, redacted, and no incident", async () => {
  const lab = witness();
  await lab.say(hello);
  const command = `curl -H "Authorization: Bearer ghp_${'a'.repeat(36)}"`;
  const found: Recorded = { kind: 'command', origin: origin('prompt'), id: 'u1', command, at: lab.ports.clock.now() };
  for (const _ of ['read', 'read again after a crash']) {
    lab.told.line({ agent: 'plain', text: JSON.stringify([found]), begun: lab.ports.clock.now() });
    await settled();
  }
  const entries = lab.ports.audit.entries.filter(({ kind }) => kind === 'prompt');
  expect(entries).toMatchObject([{ session: 's1', callId: 'u1', tool: 'shell', argumentsDigest: digestOf({ command }) }]);
  expect(JSON.stringify(entries)).not.toContain('ghp_');
  expect(incidents(lab)).toEqual([]);
});

test('what a person typed does not pass for a hook that was heard', async () => {
  const lab = witness();
  const typed: Recorded = { kind: 'command', origin: origin('prompt'), id: 'u1', command: 'ls', at: lab.ports.clock.now() };
  lab.told.line({ agent: 'plain', text: JSON.stringify([typed]), begun: lab.ports.clock.now() });
  await settled();
  await writes(lab, {});
  expect(new Set(causes(lab))).toEqual(new Set(['no-hello', 'undecided']));
});

const named = (id: string, input: JsonObject = ls, of = 's1') => callEvent(id, input, of);
test.each<[string, readonly string[], readonly unknown[], Decision?]>([
  ['the same arguments were decided on under another name: none', [], [named('hook-1')]],
  ['others were: undecided', ['undecided'], [named('hook-1', { command: 'rm' })]],
  ['the same were, in another session: undecided', ['undecided'], [named('hook-1', ls, 's0')]],
  ['the same were refused: refused', ['refused'], [named('hook-1')], deny],
  ['nothing was: undecided', ['undecided'], []],
])('where records name calls otherwise than hooks do: %s', async (_, expected, events, decides = decision({ action: 'allow' })) => {
  expect(causes(await after({ alsoByArguments: true, decides }, events, {}))).toEqual(expected);
});

test('where records name calls otherwise than hooks do, one that was written down late has no decision in another session', async () => {
  const lab = await after({ alsoByArguments: true }, [named('hook-1', ls, 's0')], { ago: 5_000, begunAgo: 1_000 });
  expect(causes(lab)).toEqual(['undecided']);
});

test('where records name calls otherwise than hooks do, a result alone says nothing', async () => {
  const lab = witness({ alsoByArguments: true });
  await lab.say(hello);
  const at = lab.ports.clock.now();
  lab.told.line({ agent: 'plain', text: JSON.stringify([{ kind: 'result', session: 's1', callId: 'c1', ran: true, at }]), begun: at });
  lab.ports.clock.advance(2_000);
  expect(causes(lab)).toEqual([]);
});
