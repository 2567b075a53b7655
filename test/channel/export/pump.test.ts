import { expect, test } from 'vitest';
import { TryLater } from '../../../src/channel/export/sender.ts';
import { Pump } from '../../../src/channel/export/pump.ts';
import { FakePace, FakeReceiver, pumping } from './fake-log.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('everything arrives, in order, in batches, once', async () => {
  const { pump, receiver, log, run } = pumping(1234);
  pump.wake();
  await run();
  expect(receiver.batches.flat()).toEqual(numbers(1, 1234));
  expect(receiver.batches.map(({ length }) => length)).toEqual([500, 500, 234]);
  expect(log.last).toBe(1234);
});

test('a burst of entries is waited for, and nothing is sent before that', () => {
  const { pump, receiver, pace } = pumping(1);
  pump.wake();
  pump.wake();
  expect(pace.waits).toEqual([1000]);
  expect(receiver.batches).toEqual([]);
});

test('what comes later is sent from where it stood', async () => {
  const { pump, receiver, log, run } = pumping(3);
  pump.wake();
  await run();
  log.grow(2);
  pump.wake();
  await run();
  expect(receiver.batches).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test('a receiver that is gone is tried again, later and later, and gets everything when it is back', async () => {
  const { pump, receiver, log, pace, run } = pumping(10);
  receiver.fails = () => new Error('connection refused');
  pump.wake();
  for (let i = 0; i < 12; i += 1) await run();
  expect(pace.waits.slice(1, 5)).toEqual([750, 1500, 3000, 6000]);
  expect(pace.waits.at(-1)).toBe(225_000);
  expect(log.last).toBe(0);
  receiver.fails = () => undefined;
  await run();
  expect(receiver.batches.flat()).toEqual(numbers(1, 10));
});

test('new entries do not hurry it while it waits after a failure', async () => {
  const { pump, receiver, pace, run } = pumping(1);
  receiver.fails = () => new Error('connection refused');
  pump.wake();
  await run();
  pump.wake();
  expect(pace.waits).toEqual([1000, 750]);
});

test('a receiver that says when to come back is left alone until then', async () => {
  const { pump, receiver, pace, run } = pumping(1);
  receiver.fails = () => new TryLater('it answered 429', 60_000);
  pump.wake();
  await run();
  expect(pace.waits.at(-1)).toBe(60_000);
});

test('a person is told from the second failure on, and when it is over', async () => {
  const { pump, receiver, troubles, run } = pumping(7);
  receiver.fails = () => new Error('connection refused');
  pump.wake();
  await run();
  expect(troubles).toEqual([]);
  await run();
  expect(troubles).toEqual([{ message: 'connection refused', waiting: 7 }]);
  receiver.fails = () => undefined;
  await run();
  expect(troubles.at(-1)).toBeUndefined();
});

/** Three entries are settled, the next three confirmed but not settled yet. */
async function unsettled() {
  const made = pumping(3);
  const { pump, receiver, log, pace, run } = made;
  receiver.settlesMs = 60_000;
  pump.wake();
  await run();
  pace.time = 70_000;
  log.grow(3);
  pump.wake();
  await run();
  expect(log).toMatchObject({ last: 6, settled: 3 });
  return made;
}

test('after a failure, what may not have been stored is sent again, and then the rest', async () => {
  const { pump, receiver, log, run } = await unsettled();
  log.grow(2);
  receiver.fails = () => new Error('reset');
  pump.wake();
  await run();
  receiver.fails = () => undefined;
  await run();
  expect(receiver.batches.slice(2).flat()).toEqual([4, 5, 6, 7, 8]);
});

test('a receiver that dies while it is given things again gets them once more', async () => {
  const { pump, receiver, log, run } = await unsettled();
  log.grow(600);
  receiver.fails = (batch) => (batch.includes(606) ? new Error('reset') : undefined);
  pump.wake();
  await run();
  await run();
  receiver.fails = () => undefined;
  receiver.batches.length = 0;
  await run();
  expect(receiver.batches.flat()).toEqual(numbers(4, 606));
});

test('what was sent again is settled a minute after that, not after the first time', async () => {
  const { pump, receiver, log, pace, run } = await unsettled();
  log.grow(2);
  receiver.fails = () => new Error('reset');
  pump.wake();
  await run();
  receiver.fails = () => undefined;
  pace.time = 200_000;
  await run();
  expect(log).toMatchObject({ last: 8, settled: 3 });
});

test('what was only sent again takes back no confirmation, and hides no trouble', async () => {
  const { pump, receiver, log, troubles, run } = pumping(600);
  receiver.settlesMs = 60_000;
  pump.wake();
  await run();
  log.grow(1);
  receiver.fails = () => new Error('reset');
  pump.wake();
  await run();
  receiver.fails = (batch) => (batch.includes(400) ? new Error('reset') : undefined);
  await run();
  expect(receiver.batches.at(-1)?.at(-1)).toBe(250);
  expect(log.last).toBe(600);
  expect(troubles).toEqual([{ message: 'reset', waiting: 1 }]);
});

test('a receiver that dies while nothing is sent gets again what it may have lost', async () => {
  const { receiver, run } = await unsettled();
  receiver.interrupt();
  await run();
  expect(receiver.batches.slice(2)).toEqual([[4, 5, 6]]);
});

test('an interruption while something is sent is a failure', async () => {
  const { pump, receiver, log, run } = pumping(3);
  receiver.fails = () => {
    receiver.interrupt();
    return undefined;
  };
  pump.wake();
  await run();
  expect(log.last).toBe(0);
});

test('a new start begins where everything is settled', async () => {
  const { log } = await unsettled();
  const receiver = new FakeReceiver();
  const pace = new FakePace();
  const pump = new Pump(log, receiver, pace, () => undefined);
  pump.wake();
  pace.fire();
  await pump.idle();
  expect(receiver.batches).toEqual([[4, 5, 6]]);
});

test('an entry that a receiver never takes is not left out: it is tried alone, and a person is told', async () => {
  const { pump, receiver, log, troubles, run } = pumping(20);
  receiver.fails = (batch) => (batch.includes(13) ? new Error('it answered 400') : undefined);
  pump.wake();
  for (let i = 0; i < 20; i += 1) await run();
  expect(log.last).toBe(12);
  expect(receiver.batches.flat()).toEqual(numbers(1, 12));
  expect(troubles.at(-1)).toEqual({ message: 'it answered 400', waiting: 8 });
});

test('an outbox that cannot be used is a failure like any other', async () => {
  const { pump, log, troubles, pace, run } = pumping(5);
  Object.assign(log, {
    progress: () => {
      throw new Error('the disk is full');
    },
  });
  pump.wake();
  await run();
  await run();
  expect(troubles).toEqual([{ message: 'the disk is full', waiting: 0 }]);
  expect(pace.armed).toBe(true);
});

test('once stopped it sends nothing more', async () => {
  const { pump, receiver, pace } = pumping(5);
  pump.wake();
  await pump.stop();
  pace.fire();
  pump.wake();
  expect(pace.armed).toBe(false);
  expect(receiver.batches).toEqual([]);
});
