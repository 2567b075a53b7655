import { expect, test } from 'vitest';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import type { PolicyNews } from '../../src/governor/ports.ts';
import { goodPolicy } from '../engine/policy/policies.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { bench, callEvent, settled } from './fixture.ts';

const strict = goodPolicy(['name: push, commands: [git push], action: deny'], { name: 'team', layer: 'workspace' });
const lax = goodPolicy(['name: push, commands: [git push], action: allow, autoApprove: true'], { name: 'team', layer: 'workspace' });

/** A governor that remembers policies, and a disk that tells news. */
function policyBench(memory = new Map<string, string>()) {
  const texts = new Map<string, string>();
  const ports = memoryPorts();
  let told: (news: readonly PolicyNews[]) => void = () => undefined;
  const policyMemory = {
    last: (path: string) => memory.get(path),
    remember: (path: string, digest: string | undefined) => void (digest === undefined ? memory.delete(path) : memory.set(path, digest)),
    text: (digest: string) => texts.get(digest),
    trusted: () => undefined,
  };
  Object.assign(ports, { policyMemory });
  Object.assign(ports.policies, {
    onChange: (listener: typeof told) => {
      told = listener;
      return () => (told = () => undefined);
    },
  });
  const keepPolicy = ({ digest, source }: PolicyFile): void => void texts.set(digest, source);
  const { governor, say } = bench(undefined, { keepPolicy }, ports);
  let calls = 0;
  return {
    ports,
    memory,
    governor,
    call: async (file: PolicyFile) => {
      ports.policies.use({ files: [file] });
      await say(callEvent(`c${(calls += 1)}`));
    },
    tell: async (kind: PolicyNews['kind'], file: PolicyFile, more: { readonly isNew?: true } = {}) => {
      told([{ kind, path: file.path, file, ...more }]);
      await settled();
    },
    said: () => ports.audit.entries.filter(({ kind }) => kind === 'policy').map(({ reason }) => reason),
  };
}

test('a version is written down with what is new in it, and again when an older one comes back', async () => {
  const { call, said } = policyBench();
  for (const file of [strict, strict, lax, strict]) await call(file);
  expect(said()).toEqual([
    'team.yaml is in force',
    'team.yaml is in force: 1 autoApprove added: push; 1 rule loosened: push',
    'team.yaml is in force: 1 rule tightened: push; 1 autoApprove removed: push',
  ]);
});

test('the log shows from when a change holds, also while no call comes', async () => {
  const { ports, call, tell, said } = policyBench();
  await call(strict);
  await tell('changed', lax);
  expect(said().at(-1)).toContain('1 autoApprove added: push');
  expect(ports.audit.entries.at(-1)?.detail).toMatchObject({ path: 'team.yaml', digest: lax.digest, before: strict.digest });
  await call(lax);
  expect(said()).toHaveLength(2);
});

test('a file that goes is written down, and one that comes: all that is in it', async () => {
  const { call, tell, said, memory } = policyBench();
  await call(strict);
  await tell('removed', strict);
  expect(said().at(-1)).toBe('team.yaml is no longer in force: 1 policy removed: team');
  expect(memory.size).toBe(0);
  await tell('loaded', lax, { isNew: true });
  expect(said().at(-1)).toBe('team.yaml is in force: 1 autoApprove added: push; 1 policy added: team');
});

test.each<[string, PolicyFile, number]>([
  ['what was changed while no governor ran is compared with what was in force then', lax, 1],
  ['what is as it was waits for its first decision', strict, 0],
])('%s', async (_, file, entries) => {
  const first = policyBench();
  await first.call(strict);
  const second = policyBench(first.memory);
  await second.tell('loaded', file);
  expect(second.said()).toHaveLength(entries);
});

test.each<[string, PolicyNews['kind']]>([
  ['was never in force', 'loaded'],
  ['cannot be used', 'rejected'],
])('a version that %s is not written down', async (_, kind) => {
  const { tell, said } = policyBench();
  await tell(kind, lax);
  expect(said()).toEqual([]);
});
