import { expect, test } from 'vitest';
import { factsOf, type Facts } from '../../src/engine/audit/facts.ts';
import type { Decide } from '../../src/governor/office.ts';
import { bench, callEvent, decision, type Bench } from './fixture.ts';

/** Decides after it has asked the machine about these. */
const asking =
  (paths: { readonly scripts?: readonly string[]; readonly git?: readonly string[] }, over = decision()): Decide =>
  (_, { readText, gitState }) => {
    for (const path of paths.scripts ?? []) readText?.(path);
    for (const path of paths.git ?? []) gitState?.(path);
    return over;
  };

async function recorded(b: Bench, ...ids: readonly string[]): Promise<readonly (Facts | undefined)[]> {
  for (const id of ids) await b.say(callEvent(id));
  return b.ports.audit.entries.filter(({ kind }) => kind === 'decision').map(factsOf);
}

test('what is the same for a session is written once, and referred to', async () => {
  const [first, second, third] = await recorded(bench(), 'c1', 'c2', 'c3');
  expect(first?.circumstances).toMatchObject({ mode: 'default', workspace: { root: '/home/ada/project' }, user: { name: 'ada' } });
  expect([second, third].map((facts) => [facts?.like, facts?.circumstances])).toEqual([
    [1, undefined],
    [1, undefined],
  ]);
  expect([first, second, third].map((facts) => facts?.calls)).toEqual([0, 1, 2]);
  expect(JSON.stringify(second).length).toBeLessThan(60);
});

test('what changed, or was said long ago, is written anew', async () => {
  const b = bench();
  await b.say(callEvent('c1'));
  b.ports.surroundings.person = { ...b.ports.surroundings.person, roles: ['maintainer'] };
  await b.say(callEvent('c2'));
  b.ports.clock.advance(13 * 60 * 60_000);
  const facts = await recorded(b, 'c3', 'c4');
  expect(facts.map((one) => one?.like)).toEqual([undefined, undefined, undefined, 3]);
  expect(facts[1]?.circumstances?.user.roles).toEqual(['maintainer']);
});

test('a script’s text is kept by the first entry that met it, secrets masked; others name that entry', async () => {
  const b = bench(asking({ scripts: ['/w/run', '/w/none'] }));
  b.ports.surroundings.scripts.set('/w/run', `token=ghp_${'a'.repeat(36)}`);
  const [first, second] = await recorded(b, 'c1', 'c2');
  expect(first?.scripts).toEqual({ '/w/run': { digest: expect.any(String), text: 'token=[redacted: GitHub token]' }, '/w/none': null });
  expect(second?.scripts).toEqual({ '/w/run': { digest: first?.scripts?.['/w/run']?.digest, in: 1 }, '/w/none': null });
});

test('a long script is named by its digest only, and all of a call together stay small', async () => {
  const paths = Array.from({ length: 40 }, (_, n) => `/w/${n}`);
  const b = bench(asking({ scripts: [...paths, '/w/long'] }));
  for (const [n, path] of paths.entries()) b.ports.surroundings.scripts.set(path, `${n}`.repeat(10_000));
  const [facts] = await recorded(b, 'c1');
  expect(JSON.stringify(facts).length).toBeLessThan(80_000);
  expect(facts?.scripts?.['/w/31']).toEqual({ digest: expect.any(String) });
  const long = bench(asking({ scripts: ['/w/long'] }));
  long.ports.surroundings.scripts.set('/w/long', 'x'.repeat(100_000));
  expect((await recorded(long, 'c1'))[0]?.scripts).toEqual({ '/w/long': { digest: expect.any(String) } });
});

test('where a rule keeps arguments out of the log, nothing is kept that may come from them', async () => {
  const b = bench(asking({ scripts: ['/w/run'], git: ['/w/src'] }, decision({ redact: ['$.command'] })));
  const [facts] = await recorded(b, 'c1');
  expect([facts?.partial, facts?.scripts, facts?.git]).toEqual([true, undefined, undefined]);
});

test('what git said is kept', async () => {
  const b = bench(asking({ git: ['/w/src', '/w/x'] }));
  b.ports.surroundings.gitStates.set('/w/src', 'clean');
  expect((await recorded(b, 'c1'))[0]?.git).toEqual({ '/w/src': 'clean', '/w/x': 'outside' });
});

test('a call that nobody asked the policies about has no facts', async () => {
  const b = bench();
  await b.say(callEvent('c1'));
  await b.governor.kill('s1', 'enough', 'ada');
  const [asked, refused] = await recorded(b, 'c2');
  expect([asked?.v, refused]).toEqual([1, undefined]);
});
