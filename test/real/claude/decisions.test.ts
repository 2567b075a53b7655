import { expect, test } from 'vitest';
import type { PermissionMode } from '../../lab/claude/client.ts';
import { go, govern, lastWord, type Surface } from './governed.ts';

/** How often each call must have run. The client's own rules still hold for what we merely have no objection to. */
interface Runs {
  readonly allowed: number;
  readonly automatic: number;
}
const cells: [Surface, PermissionMode, Runs][] = [
  ['-p', 'bypassPermissions', { allowed: 1, automatic: 1 }],
  ['-p', 'acceptEdits', { allowed: 1, automatic: 1 }],
  ['-p', 'default', { allowed: 0, automatic: 1 }],
  ['terminal', 'bypassPermissions', { allowed: 1, automatic: 1 }],
  ['terminal', 'acceptEdits', { allowed: 1, automatic: 1 }],
  ['terminal', 'default', { allowed: 1, automatic: 1 }],
];

test.each(cells)(
  'in %s, %s: what is allowed runs, what is denied does not, what is asked waits for its answer',
  async (surface, mode, runs) => {
    const names = ['allowed', 'automatic', 'denied', 'asked-yes', 'asked-no'] as const;
    await using lab = await govern((governed) => [...names.map((name) => governed.mark(name).turn), { text: lastWord }]);
    const mark = (name: (typeof names)[number]) => lab.mark(name);
    await using running = await go(lab, surface, mode);
    // The client asks its own person about what we merely allow, as it would without us.
    if (surface === 'terminal' && mode === 'default') await running.terminal?.dismiss('Do you want to proceed?', 'Enter');

    const yes = await lab.question(mark('asked-yes'));
    expect(mark('asked-yes').runs()).toBe(0);
    await lab.answer(yes.id, 'approved');
    const no = await lab.question(mark('asked-no'));
    await lab.answer(no.id, 'denied', 'Not today.');
    await running.finished();

    expect(Object.fromEntries(names.map((name) => [name, mark(name).runs()]))).toEqual({
      ...runs,
      denied: 0,
      'asked-yes': 1,
      'asked-no': 0,
    });
    expect(lab.heard(mark('denied'))).toMatchObject({ isError: true, text: expect.stringContaining('The policy of the lab says no.') });
    expect(lab.heard(mark('asked-no'))).toMatchObject({ isError: true, text: expect.stringContaining('Not today.') });
  },
);

test('calls made in one message are judged one by one', async () => {
  await using lab = await govern((governed) => [
    { calls: ['allowed-1', 'denied-1', 'allowed-2', 'denied-2'].flatMap((name) => governed.mark(name).turn.calls ?? []) },
    { text: lastWord },
  ]);
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  expect(['allowed-1', 'denied-1', 'allowed-2', 'denied-2'].map((name) => lab.mark(name).runs())).toEqual([1, 0, 1, 0]);
});

test.each<Surface>(['terminal', '-p'])(
  'interrupting the agent in %s while it waits takes the question back, and the call never runs',
  async (surface) => {
    await using lab = await govern((governed) => [governed.mark('asked').turn, { text: lastWord }]);
    await using running = await go(lab, surface, 'bypassPermissions');
    const { id } = await lab.question(lab.mark('asked'));
    await running.interrupt();

    const taken = await lab.closed(id);
    expect(taken.answer).toMatchObject({ outcome: 'cancelled', by: { surface: 'agent' } });
    expect((await lab.countersign('approvals', 'approve', id)).exitCode).toBe(1);
    expect(lab.mark('asked').runs()).toBe(0);
  },
);
