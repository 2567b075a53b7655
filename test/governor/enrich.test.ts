import { expect, test } from 'vitest';
import { requestOf } from '../../src/governor/enrich.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { sessionOf } from '../storage/samples.ts';
import { callEvent } from './fixture.ts';

function lookUps() {
  const ports = memoryPorts();
  const { readText, gitState } = requestOf(ports, callEvent('t1').call, sessionOf());
  if (readText === undefined || gitState === undefined) throw new Error('the look-ups are missing');
  return { surroundings: ports.surroundings, readText, gitState };
}

test('the engine can ask for scripts and for what git knows, and nobody is asked before', () => {
  const { surroundings, readText, gitState } = lookUps();
  expect(surroundings.asked).toEqual([]);
  surroundings.scripts.set('/w/run', 'true');
  surroundings.gitStates.set('/w/src', 'clean');
  expect([readText('/w/run'), readText('/w/none'), gitState('/w/src'), gitState('/x')]).toEqual(['true', undefined, 'clean', 'outside']);
});

test('the same path is asked for once in a call', () => {
  const { surroundings, readText, gitState } = lookUps();
  for (let n = 0; n < 3; n += 1) expect([readText('/w/none'), gitState('/w/src')]).toEqual([undefined, 'outside']);
  expect(surroundings.asked).toEqual(['/w/none', '/w/src']);
});

test('a git that is slow is asked no more after a while', () => {
  const ports = memoryPorts();
  const { gitState } = requestOf(
    { clock: ports.clock, surroundings: Object.assign(ports.surroundings, { gitState: () => (ports.clock.advance(800), 'clean') }) },
    callEvent('t1').call,
    sessionOf(),
  );
  expect(['/w/a', '/w/b', '/w/c', '/w/a'].map((path) => gitState?.(path))).toEqual(['clean', 'clean', 'unknown', 'clean']);
});

test('a call that asks for very much gets no more answers, and no wrong ones', () => {
  const { surroundings, readText, gitState } = lookUps();
  for (let n = 0; n < 100; n += 1) {
    surroundings.scripts.set(`/w/${n}`, 'true');
    surroundings.gitStates.set(`/w/${n}`, 'clean');
  }
  const paths = [...surroundings.scripts.keys()];
  expect(paths.filter((path) => readText(path) === 'true')).toHaveLength(32);
  expect(paths.filter((path) => gitState(path) === 'clean')).toHaveLength(16);
  expect(gitState('/w/99')).toBe('unknown');
  expect(surroundings.asked).toHaveLength(48);
});
