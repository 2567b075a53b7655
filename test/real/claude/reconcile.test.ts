import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPrint, startPrint } from '../../lab/claude/client.ts';
import { openTerminal } from '../../lab/claude/terminal.ts';
import { until } from '../../lab/editor/until.ts';
import { entries, incidentOf, incidentsBefore, killing, writeProjectSettings } from './incidents.ts';
import { govern, lastWord, type Governed } from './governed.ts';

test('"disableAllHooks" written in the middle of a session: it is kept from it, and nothing runs unseen', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.step === 1) writeProjectSettings(governed, { disableAllHooks: true });
    return [governed.mark('allowed-1').turn, governed.mark('allowed-2').turn, governed.mark('denied').turn][ask.step] ?? { text: lastWord };
  });
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(lab.mark('denied').runs()).toBe(0);
  expect(await incidentsBefore(lab)).toEqual([]);
});

test('ordinary sessions make no incident: subagents, background, failures, resume, fork, approvals and calls that were denied', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.subagent !== '') return ask.step === 0 ? governed.mark('allowed-sub').turn : { text: 'sub' };
    if (ask.prompt.includes('again')) return ask.stepOfPrompt === 0 ? governed.mark(`allowed-${ask.prompt}`).turn : { text: lastWord };
    return ordinary(governed)[ask.step] ?? { text: lastWord };
  });
  const session = '00000000-0000-4000-8000-000000000004';
  const run = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  const { id } = await lab.question(lab.mark('asked'));
  await lab.answer(id, 'approved');
  await run.done;
  await runPrint(lab.scratch, { prompt: 'again-resumed', args: ['--resume', session] });
  await runPrint(lab.scratch, { prompt: 'again-forked', args: ['--resume', session, '--fork-session'] });
  expect(['allowed', 'allowed-sub', 'asked'].map((name) => lab.mark(name).runs())).toEqual([1, 1, 1]);
  expect(await incidentsBefore(lab)).toEqual([]);
});

test('in a terminal, /clear and /compact make no incident', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.stepOfPrompt > 0) return { text: `${lastWord} ${ask.prompt}` };
    return governed.mark(`allowed-${ask.prompt}`).turn;
  });
  await using terminal = await openTerminal(lab.scratch, { mode: 'bypassPermissions' });
  await terminal.submit('first');
  await terminal.shows(`${lastWord} first`);
  await terminal.submit('/clear');
  await terminal.submit('second');
  await terminal.shows(`${lastWord} second`);
  await terminal.submit('/compact');
  await terminal.submit('third');
  await terminal.shows(`${lastWord} third`);
  expect(await incidentsBefore(lab)).toEqual([]);
});

/** The hook has to be the last to answer: that one wins. */
function rewriteCalls(lab: Governed): void {
  const rewrite = { hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput: { command: lab.mark('denied').command } } };
  const hook = { type: 'command', command: `sleep 0.5; echo '${JSON.stringify(rewrite)}'` };
  writeProjectSettings(lab, { hooks: { PreToolUse: [{ matcher: 'Bash', hooks: [hook] }] } });
}

test('a hook of the project that rewrites calls after they were decided on is an incident', async () => {
  await using lab = await govern((governed) => [governed.mark('allowed').turn, { text: lastWord }]);
  rewriteCalls(lab);
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(lab.mark('denied').runs()).toBe(1);
  expect(await incidentOf(lab, lab.model.calls()[0]?.id ?? '')).toMatchObject({ detail: { cause: 'rewritten' } });
});

test('a hook that rewrites calls: the session is ended where the policy says so', async () => {
  await using lab = await govern((governed) => [governed.mark('allowed').turn, governed.mark('allowed-2').turn, { text: lastWord }], {
    secondPolicy: killing,
  });
  rewriteCalls(lab);
  expect((await runPrint(lab.scratch, { prompt: 'go' })).exitCode).toBe(143);
  expect(lab.mark('denied').runs()).toBe(1);
  await until('the end to be recorded', async () => (await entries(lab)).some(({ kind }) => kind === 'session-killed'));
});

test('what ran while no governor did is noticed by the next one', async () => {
  await using lab = await govern((governed) => [governed.mark('denied').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  await lab.signalGovernor('SIGKILL');
  await runPrint(lab.scratch, { prompt: 'go', args: ['--bare'] });
  expect(lab.mark('denied').runs()).toBe(1);
  await lab.succeeds('sessions');
  await incidentOf(lab, lab.model.calls()[0]?.id ?? '');
});

test('an incident is open until a person closes it, whatever becomes of the governor', async () => {
  await using lab = await govern((governed) => [governed.mark('denied').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  await runPrint(lab.scratch, { prompt: 'go', args: ['--bare'] });
  const [call] = lab.model.calls();
  await incidentOf(lab, call?.id ?? '');
  await lab.signalGovernor('SIGKILL');
  expect(await lab.succeeds('incidents')).toContain(call?.id);
  expect(await lab.succeeds('incidents', 'close', '--all', '--reason', 'it was me')).toMatch(/^Closed: \d/);
  expect(await lab.succeeds('incidents')).toContain('No open incident');
  expect((await lab.call('status', {})).problems).toEqual([]);
  await lab.signalGovernor('SIGKILL');
  expect(await lab.succeeds('incidents')).toContain('No open incident');
});

function ordinary(lab: Governed) {
  const file = join(lab.scratch.project, 'a.txt');
  return [
    lab.mark('allowed').turn,
    {
      calls: [
        ...(lab.mark('allowed-a').turn.calls ?? []),
        ...(lab.mark('denied').turn.calls ?? []),
        ...(lab.mark('allowed-b').turn.calls ?? []),
      ],
    },
    { calls: [{ name: 'Write', input: { file_path: 'a.txt', content: 'one\n' } }] },
    { calls: [{ name: 'Read', input: { file_path: './a.txt', limit: '5' } }] },
    { calls: [{ name: 'Edit', input: { file_path: file, old_string: 'one', new_string: 'two' } }] },
    { calls: [{ name: 'Bash', input: { command: 'exit 3' } }] },
    { calls: [{ name: 'Bash', input: { command: 'cat', run_in_background: true } }] },
    { calls: [{ name: 'Agent', input: { description: 'sub', prompt: 'sub', subagent_type: 'general-purpose' } }] },
    { calls: [{ name: 'NoSuchTool', input: {} }] },
    { calls: [{ name: 'Read', input: {} }] },
    lab.mark('asked').turn,
  ];
}
