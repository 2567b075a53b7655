import { expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { go, govern, lastWord } from './governed.ts';

/** Whatever happens to the governor: a call that was not judged does not run. */

test('a killed governor: the call it did not judge does not run, and brings it back for the next one', async () => {
  await using lab = await govern((governed) => async (ask) => {
    if (ask.step > 1) return { text: lastWord };
    if (ask.step === 0) await governed.signalGovernor('SIGKILL');
    return { calls: ['allowed', 'denied'].flatMap((name) => governed.mark(`${name}-${ask.step}`).turn.calls ?? []) };
  });
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  const runs = ['allowed-0', 'denied-0', 'allowed-1', 'denied-1'].map((name) => lab.mark(name).runs());
  expect(runs).toEqual([0, 0, 1, 0]);
  expect(lab.heard(lab.mark('allowed-0')).isError).toBe(true);
});

test('a governor killed between two prompts: the prompt brings it back, and has to be sent again', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.stepOfPrompt > 0) return { text: `${lastWord} (${ask.prompt})` };
    return governed.mark(ask.prompt.includes('again') ? 'allowed-after' : 'allowed-before').turn;
  });
  await using running = await go(lab, 'terminal', 'bypassPermissions');
  await running.finished();
  await lab.signalGovernor('SIGKILL');

  // This very prompt has not been seen by the governor that it starts, and is not trusted.
  await running.terminal?.submit('again');
  await running.terminal?.shows('Send your prompt again');
  expect(lab.mark('allowed-after').runs()).toBe(0);
  await running.terminal?.resubmit('again');
  await running.terminal?.shows(`${lastWord} (again)`);
  expect(lab.mark('allowed-after').runs()).toBe(1);
});

test('a governor killed while a person is asked: the call does not run; the question survives, and a yes lets the same call pass once', async () => {
  await using lab = await govern(
    (governed) => (ask) => (ask.stepOfPrompt === 0 ? governed.mark('asked').turn : { text: `${lastWord} (${ask.prompt})` }),
  );
  // In a terminal, because the session has to go on: with its end, its questions end as well.
  await using running = await go(lab, 'terminal', 'bypassPermissions');
  const { id } = await lab.question(lab.mark('asked'));
  await lab.signalGovernor('SIGKILL');
  await running.finished();
  expect(lab.mark('asked').runs()).toBe(0);

  await lab.succeeds('sessions');
  const [kept] = await lab.call('approvals', {});
  expect(kept).toMatchObject({ id, waiting: false });
  await lab.answer(id, 'approved');
  await running.terminal?.submit('once more');
  await running.terminal?.shows(`${lastWord} (once more)`);
  expect(lab.mark('asked').runs()).toBe(1);

  await running.terminal?.submit('and again');
  expect((await lab.question(lab.mark('asked'))).id).not.toBe(id);
  expect(lab.mark('asked').runs()).toBe(1);
});

test('a stopped governor: the call waits, and is judged when the governor goes on', async () => {
  await using lab = await govern((governed) => async (ask) => {
    if (ask.step > 0) return { text: lastWord };
    await governed.signalGovernor('SIGSTOP');
    return { calls: ['allowed', 'denied'].flatMap((name) => governed.mark(name).turn.calls ?? []) };
  });
  await using running = await go(lab, 'terminal', 'bypassPermissions');
  await running.terminal?.shows('Waiting for Countersign');
  expect(lab.mark('allowed').runs()).toBe(0);
  await lab.signalGovernor('SIGCONT');
  await running.finished();
  expect(lab.mark('allowed').runs()).toBe(1);
  expect(lab.mark('denied').runs()).toBe(0);
});

test('a governor that is stopped and then killed: the call does not run', async () => {
  await using lab = await govern((governed) => async (ask) => {
    if (ask.step > 0) return { text: lastWord };
    await governed.signalGovernor('SIGSTOP');
    return governed.mark('allowed').turn;
  });
  await using running = await go(lab, 'terminal', 'bypassPermissions');
  await running.terminal?.shows('Waiting for Countersign');
  await lab.signalGovernor('SIGKILL');
  await running.finished();
  expect(lab.mark('allowed').runs()).toBe(0);
});

test('a governor that was restarted between two calls judges the second', async () => {
  await using lab = await govern((governed) => async (ask) => {
    if (ask.step === 0) return governed.mark('allowed-before').turn;
    if (ask.step > 1) return { text: lastWord };
    await governed.signalGovernor('SIGKILL');
    await governed.succeeds('sessions');
    return { calls: ['allowed-after', 'denied-after'].flatMap((name) => governed.mark(name).turn.calls ?? []) };
  });
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  expect(['allowed-before', 'allowed-after', 'denied-after'].map((name) => lab.mark(name).runs())).toEqual([1, 1, 0]);
});

test('a policy file that was broken from the start: nothing runs, and the model hears which file', async () => {
  await using lab = await govern((governed) => [governed.mark('allowed').turn, { text: lastWord }], {
    secondPolicy: { name: 'broken.yaml', text: 'kind: ToolPolicy\nspec: {defaultAktion: allow}\n' },
  });
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  expect(lab.mark('allowed').runs()).toBe(0);
  expect(lab.heard(lab.mark('allowed')).text).toContain('broken.yaml');
});

test('a policy file that breaks while it is in force: its last good version stays in force', async () => {
  await using lab = await govern((governed) => async (ask) => {
    if (ask.step === 0) return governed.mark('allowed-before').turn;
    if (ask.step > 1) return { text: lastWord };
    governed.writePolicy('kind: ToolPolicy\nspec: {defaultAktion: allow}\n');
    await until('the governor to see the broken file', async () =>
      (await governed.call('status', {})).problems.some(({ file }) => file?.endsWith('lab.yaml')),
    );
    return { calls: ['allowed-after', 'denied-after'].flatMap((name) => governed.mark(name).turn.calls ?? []) };
  });
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  expect(['allowed-before', 'allowed-after', 'denied-after'].map((name) => lab.mark(name).runs())).toEqual([1, 1, 0]);
});
