import { expect, test } from 'vitest';
import type { Expansion, HookEvent } from '../../src/agents/agent.ts';
import { canonicalJson } from '../../src/engine/audit/canonical.ts';
import type { Request } from '../../src/engine/request.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { ada, asking, bench, callEvent, decision, origin, settled, yes } from './fixture.ts';

const expansion: Expansion = { id: 'p1', name: '/deploy', arguments: '' };
const events: [string, HookEvent][] = [
  ['a prompt', { kind: 'prompt', origin: origin('prompt'), promptId: 'p1', text: '/deploy', expansion }],
  ['a call', { ...callEvent('c1'), expansion }],
];

/** A file of that name holds these commands. */
function lab(texts: readonly string[], judge: (command: string) => ReturnType<typeof decision>) {
  const files = texts.map((text) => ({ text, folder: '/w', changedAt: 0 }));
  const ports = { ...memoryPorts(), promptFiles: (_: string, name: string) => (name === 'deploy' ? files : []) };
  return bench((_, { call }: Request) => judge(canonicalJson(call.arguments)), {}, ports);
}

const only = (word: string) => (command: string) =>
  command === canonicalJson({ command: word }) ? decision({ action: 'deny', reason: `No ${word}.` }) : decision({ action: 'allow' });
const decided = ({ ports }: ReturnType<typeof lab>) =>
  ports.audit.entries.flatMap(({ kind, arguments: args, action }) => (kind === 'decision' ? [[args?.['command'], action]] : []));

test.each(events)('what a file runs by itself is decided on with %s that expands it', async (_, event) => {
  const place = lab(['make', 'rm'], only('rm'));
  expect(await place.say(event)).toMatchObject({ kind: 'refuse', reason: '/deploy runs a command by itself: No rm.' });
  expect(decided(place).slice(-2)).toEqual([
    ['make', 'allow'],
    ['rm', 'deny'],
  ]);
  // Nobody reports their end.
  expect(place.governor.sessions()).toMatchObject([{ state: event.kind === 'prompt' ? 'idle' : 'busy' }]);
});

test.each(events)(
  'where nothing is refused, %s passes, and a second message gets the same answer without another entry',
  async (_, event) => {
    const place = lab(['make'], only('rm'));
    expect([await place.say(event), await place.say(event)]).toMatchObject([{ kind: 'pass' }, { kind: 'pass' }]);
    expect(decided(place).filter(([command]) => command === 'make')).toHaveLength(1);
  },
);

test('a question to a person holds the prompt', async () => {
  const place = lab(['make'], () => asking());
  const answer = place.say(events[0]?.[1] ?? callEvent('c1'));
  await settled();
  const [approval] = place.governor.approvals();
  await place.governor.answer(approval?.id ?? '', yes, ada);
  expect(await answer).toEqual({ kind: 'pass' });
});

test('a file that cannot be read refuses what would expand it', async () => {
  const promptFiles = (): never => {
    throw new Error('deploy.md is too long');
  };
  const place = bench(decision({ action: 'allow' }), {}, { ...memoryPorts(), promptFiles });
  for (const [, event] of events) expect(await place.say(event)).toMatchObject({ kind: 'refuse' });
});
