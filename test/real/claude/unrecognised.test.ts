import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { claudeBinary, runPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, lastWord, type Governed } from './governed.ts';

/** A program that nobody can look into before it runs, as a compiled one would be: what it does shows only afterwards. */

const records = z.array(
  z.object({
    entry: z.object({ kind: z.string(), action: z.optional(z.string()), reason: z.optional(z.string()), session: z.optional(z.string()) }),
  }),
);
const killing = { name: 'ungoverned.yaml', text: 'kind: ToolPolicy\nmetadata: {name: ungoverned}\nspec: {onUngoverned: kill}\n' };

test('it kills the governor: the next call does not run and brings it back, and the log still holds', async () => {
  await using lab = await within('kill');
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(lab.heard(lab.mark('allowed-1')).isError).toBe(true);
  expect(runs(lab)).toEqual([0, 1, 0]);
  await lab.succeeds('audit', 'verify');
});

test.each([
  ['erases the log', 'erase'],
  ['puts an old log in its place', 'rollback'],
])('it kills the governor and %s: the next one says so in the log', async (_, deed) => {
  await using lab = await within(deed);
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(runs(lab)).toEqual([0, 1, 0]);
  const lost = await until('the loss to be noticed', async () =>
    (await entries(lab)).find(({ kind, reason }) => kind === 'incident' && reason?.includes('audit log') === true),
  );
  expect(lost.reason).toMatch(/cut off, replaced or erased|was replaced/);
  expect((await lab.call('status', {})).problems).toMatchObject([{ id: 'log' }]);
});

test('it switches the hooks off in the project: the session keeps its old settings, which is an incident, and the end of the session', async () => {
  await using lab = await within('settings');
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(runs(lab)[2]).toBe(0);
  const change = await changeOf(lab);
  expect(change).toMatchObject({ action: 'deny', reason: expect.stringContaining('disableAllHooks') });
  const log = await until('the session to be ended', async () => {
    const found = await entries(lab);
    return found.some(({ kind }) => kind === 'session-killed') && found;
  });
  expect(log.filter(({ kind, session }) => kind === 'incident' && session === lab.model.calls()[0]?.session)).not.toEqual([]);
});

test('it starts an agent without hooks: an incident, and the end of that agent', async () => {
  await using lab = await within('bare', 'tail -f /dev/null');
  await runPrint(lab.scratch, { prompt: 'go' });
  const log = await until('the agent to be ended', async () => {
    const found = await entries(lab);
    return found.some(({ kind }) => kind === 'session-killed') && found;
  });
  const killed = log.find(({ kind }) => kind === 'session-killed')?.session;
  expect(killed).not.toBe(lab.model.calls()[0]?.session);
  expect(log.some(({ kind, session }) => kind === 'incident' && session === killed)).toBe(true);
});

/** The helper does one deed; then three calls follow, of which the last is denied by the policy. */
async function within(deed: string, command = 'true'): Promise<Governed> {
  const lab = await govern(
    (governed) => async (ask) => {
      // Other agents than the first: they stay until they are ended.
      if (!ask.prompt.startsWith('go'))
        return { calls: [{ name: 'Bash', input: { command: ask.step === 0 ? command : 'tail -f /dev/null' } }] };
      if (ask.step === 0) return { calls: [{ name: 'Bash', input: { command: `./helper deeds.dat ${deed}` } }] };
      const name = ['allowed-1', 'allowed-2', 'denied'][ask.step - 1];
      // The client looks at its settings every second or two; a session of some hundred milliseconds would end before.
      if (deed === 'settings' && name === 'denied') await changeOf(governed);
      return name === undefined ? { text: lastWord } : governed.mark(name).turn;
    },
    { secondPolicy: killing },
  );
  await lab.succeeds('sessions');
  const { project } = lab.scratch;
  symlinkSync(process.execPath, join(project, 'helper'));
  cpSync(join(import.meta.dirname, 'deeds.cjs'), join(project, 'deeds.dat'));
  writeFileSync(join(project, 'claude-binary'), claudeBinary);
  return lab;
}

function changeOf(lab: Governed) {
  return until('the change to be noticed', async () => (await entries(lab)).find(({ kind }) => kind === 'config-change'));
}

function runs(lab: Governed): readonly number[] {
  return ['allowed-1', 'allowed-2', 'denied'].map((name) => lab.mark(name).runs());
}

async function entries(lab: Governed) {
  return z.parse(records, JSON.parse(await lab.succeeds('audit', 'list', '--json', '--limit', '1000'))).map(({ entry }) => entry);
}
