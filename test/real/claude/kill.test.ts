import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { runPrint, startPrint } from '../../lab/claude/client.ts';
import { openTerminal } from '../../lab/claude/terminal.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, lastWord } from './governed.ts';
import { processesOf } from './processes.ts';

const kindsSchema = z.array(z.object({ entry: z.object({ kind: z.string() }) }));
const session = '00000000-0000-4000-8000-000000000002';

test('killing a session ends it and its children; it cannot be resumed until it is revived', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.prompt.includes('resume')) return ask.stepOfPrompt === 0 ? governed.mark('allowed-later').turn : { text: lastWord };
    const begun = governed.mark('allowed-begun');
    return { calls: [{ name: 'Bash', input: { command: `${begun.command}; tail -f /dev/null` } }] };
  });
  const { done } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', session] });
  await until('the endless call to begin', async () => lab.mark('allowed-begun').runs() === 1);

  await lab.succeeds('kill', session, '--reason', 'Enough.');
  expect((await done).exitCode).toBe(143);
  const kinds = z
    .parse(kindsSchema, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--session', session)))
    .map(({ entry }) => entry.kind);
  expect(kinds).toContain('session-end');
  expect(kinds).toContain('session-killed');
  expect(processesOf(lab.scratch.home)).toEqual([lab.governor().pid]);
  expect(await lab.call('sessions', {})).toMatchObject([{ id: session, state: 'killed' }]);

  const asked = lab.model.asks.length;
  await runPrint(lab.scratch, { prompt: 'resume', args: ['--resume', session] });
  expect(lab.model.asks).toHaveLength(asked);
  expect(lab.mark('allowed-later').runs()).toBe(0);

  await lab.succeeds('revive', session);
  await runPrint(lab.scratch, { prompt: 'resume', args: ['--resume', session] });
  expect(lab.mark('allowed-later').runs()).toBe(1);
});

test('killing a session in a terminal while it waits for a person takes the question back', async () => {
  await using lab = await govern((governed) => [governed.mark('asked').turn, { text: lastWord }]);
  await using terminal = await openTerminal(lab.scratch, { mode: 'bypassPermissions', args: ['--session-id', session] });
  await terminal.submit('go');
  const { id } = await lab.question(lab.mark('asked'));
  await lab.succeeds('kill', session);
  expect(await terminal.ended()).toBe(143);
  expect((await lab.closed(id)).answer?.outcome).toBe('cancelled');
  expect(lab.mark('asked').runs()).toBe(0);
});
