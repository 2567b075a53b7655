import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Push, Snapshot } from '../../../src/channel/messages.ts';
import { backoffMs, Connection, type Line } from '../../../src/hosts/extension/connection.ts';
import { approval, record, snapshot, status } from '../../webview/fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The governor's end of a line, in memory. */
class Governor {
  state: Snapshot = snapshot();
  answers = true;
  readonly calls: string[] = [];
  push: (push: Push) => void = () => undefined;
  hangUp: () => void = () => undefined;

  readonly line = (): Line => {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.hangUp = resolve;
    return {
      // Only what the connection itself calls is answered.
      call: async (method) => {
        this.calls.push(method);
        if (!this.answers) await new Promise(() => undefined);
        return JSON.parse(JSON.stringify(status));
      },
      subscribe: async (onPush) => {
        this.push = onPush;
        return this.state;
      },
      closed: promise,
      close: resolve,
    };
  };
}

function connect(open: () => Promise<Line>): { readonly connection: Connection; readonly seen: string[] } {
  const connection = new Connection(open, () => undefined);
  const seen: string[] = [];
  connection.events.on('change', () => seen.push(connection.link.state));
  connection.events.on('reset', () => seen.push('reset'));
  connection.events.on('activity', (records) => seen.push(`activity ${records.map(({ seq }) => seq).join()}`));
  void connection.run();
  return { connection, seen };
}

test('connects, and shows what the governor says', async () => {
  const governor = new Governor();
  governor.state = snapshot({ approvals: [approval('a')] });
  const { connection, seen } = connect(async () => governor.line());
  await vi.advanceTimersByTimeAsync(0);
  expect(seen).toEqual(['governed', 'reset']);
  expect(connection.snapshot?.approvals.map(({ id }) => id)).toEqual(['a']);

  governor.push({ push: 'approvals', approvals: [] });
  governor.push({ push: 'activity', records: [record(2)] });
  expect(connection.snapshot?.approvals).toEqual([]);
  expect(connection.snapshot?.activity.map(({ seq }) => seq)).toEqual([2]);
  expect(seen).toEqual(['governed', 'reset', 'governed', 'activity 2']);
  connection.dispose();
});

test('tries again for ever, with the reason at hand', async () => {
  const governor = new Governor();
  let attempts = 0;
  const { connection } = connect(async () => {
    attempts += 1;
    if (attempts < 6) throw new Error('disk full');
    return governor.line();
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.link).toEqual({ state: 'unreachable', reason: 'disk full' });
  await expect(connection.call('status', {})).rejects.toThrow('cannot be reached');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([attempts, connection.link.state]).toEqual([6, 'governed']);
  connection.dispose();
});

test('does not wait when a person says retry', async () => {
  let attempts = 0;
  const { connection } = connect(async () => {
    attempts += 1;
    throw new Error('no');
  });
  await vi.advanceTimersByTimeAsync(0);
  connection.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(attempts).toBe(2);
  connection.dispose();
});

test('a broken line is made again, and everything is presented anew', async () => {
  const governor = new Governor();
  const { connection, seen } = connect(async () => governor.line());
  await vi.advanceTimersByTimeAsync(0);
  governor.state = snapshot({ approvals: [approval('kept')] });
  governor.hangUp();
  await vi.advanceTimersByTimeAsync(250);
  expect(seen).toEqual(['governed', 'reset', 'connecting', 'governed', 'reset']);
  expect(connection.snapshot?.approvals.map(({ id }) => id)).toEqual(['kept']);
  connection.dispose();
});

test('a governor that no longer answers is left', async () => {
  const governor = new Governor();
  const { connection, seen } = connect(async () => governor.line());
  await vi.advanceTimersByTimeAsync(0);
  governor.answers = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(seen).toContain('connecting');
  connection.dispose();
});

test('a governor that answers is kept', async () => {
  const governor = new Governor();
  const { connection, seen } = connect(async () => governor.line());
  await vi.advanceTimersByTimeAsync(61_000);
  expect(governor.calls.length).toBe(6);
  expect(seen).toEqual(['governed', 'reset']);
  connection.dispose();
});

test('a line that is open only after the window was closed is closed at once', async () => {
  const governor = new Governor();
  const { promise, resolve } = Promise.withResolvers<Line>();
  const { connection } = connect(async () => promise);
  connection.dispose();
  const line = governor.line();
  resolve(line);
  await vi.advanceTimersByTimeAsync(0);
  await line.closed;
  expect(governor.calls).toEqual([]);
});

test('waits longer each time, but never long', () => {
  expect([0, 1, 2, 5, 100].map(backoffMs)).toEqual([250, 500, 1000, 8000, 10_000]);
});
