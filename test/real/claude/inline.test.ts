import { expect, test } from 'vitest';
import { runPrint } from '../../lab/claude/client.ts';
import type { Marker } from '../../lab/claude/marker.ts';
import type { Ask } from '../../lab/claude/model.ts';
import { openTerminal } from '../../lab/claude/terminal.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, lastWord, type Governed } from './governed.ts';
import { entries, incidentsBefore, killing, put, writeProjectSettings } from './incidents.ts';

/** How a file becomes a prompt, which runs what stands in it: no hook asks about that. */
interface Way {
  readonly file: string;
  readonly head: string;
  readonly prompt: string;
  /** What the model calls when it is told to. */
  readonly skill?: string;
}
const ways: [string, Way][] = [
  ['a slash command', { file: '.claude/commands/deploy.md', head: 'description: x', prompt: '/deploy now' }],
  ['a slash command in a folder', { file: '.claude/commands/team/deploy.md', head: 'description: x', prompt: '/team:deploy now' }],
  ['a skill that a person calls', { file: '.claude/skills/ship/SKILL.md', head: 'name: deploy\ndescription: x', prompt: '/deploy now' }],
  [
    'a skill that the model calls',
    { file: '.claude/skills/ship/SKILL.md', head: 'name: ship\ndescription: x', prompt: 'go', skill: 'ship' },
  ],
];

function playing({ skill }: Partial<Way>) {
  return (lab: Governed) => (ask: Ask) => {
    // What a skill says counts as a new prompt.
    if (ask.step > 0) return { text: lastWord };
    if (ask.prompt.includes('later')) return lab.mark('allowed-later').turn;
    return skill === undefined ? { text: lastWord } : { calls: [{ name: 'Skill', input: { skill } }] };
  };
}

function write(lab: Governed, { file, head }: Way, ...names: readonly string[]): void {
  put(lab, file, `---\n${head}\n---\n${names.map((name) => `State: !\`${lab.mark(name).command}\``).join('\n')}\n`);
}

test.each(ways)('%s: what it runs by itself is decided on before', async (_, way) => {
  await using lab = await govern(playing(way));
  write(lab, way, 'allowed', 'denied');
  await runPrint(lab.scratch, { prompt: way.prompt });
  expect(lab.mark('denied').runs()).toBe(0);
  expect(await decisionOn(lab, lab.mark('denied'))).toMatchObject({ action: 'deny' });
  write(lab, way, 'allowed');
  await runPrint(lab.scratch, { prompt: way.prompt });
  expect(lab.mark('allowed').runs()).toBe(1);
  expect(await decisionOn(lab, lab.mark('allowed'))).toMatchObject({ action: 'allow' });
  expect(await incidentsBefore(lab, 'later')).toEqual([]);
});

test('what a person has to approve waits for them', async () => {
  const [, way] = ways[0] ?? [];
  if (way === undefined) throw new Error('There is no way.');
  await using lab = await govern(playing(way));
  await lab.succeeds('sessions');
  write(lab, way, 'asked');
  const run = runPrint(lab.scratch, { prompt: way.prompt });
  const { id } = await lab.question(lab.mark('asked'));
  expect(lab.mark('asked').runs()).toBe(0);
  await lab.answer(id, 'approved');
  await run;
  expect(lab.mark('asked').runs()).toBe(1);
});

test.each(ways)(
  '%s, without our hooks: what it ran is an incident, and the end of the session where the policy says so',
  async (_, way) => {
    await using lab = await govern(playing(way), { secondPolicy: killing });
    write(lab, way, 'denied');
    await lab.succeeds('sessions');
    writeProjectSettings(lab, { disableAllHooks: true });
    await runPrint(lab.scratch, { prompt: way.prompt });
    expect(lab.mark('denied').runs()).toBe(1);
    const { command } = lab.mark('denied');
    const found = await until('an incident about it', async () =>
      (await entries(lab)).find((entry) => entry.kind === 'incident' && entry.arguments?.command === command),
    );
    expect(found).toMatchObject({ detail: { cause: 'undecided', onUngoverned: 'kill' } });
  },
);

test("a person's own command is recorded, and is no incident", async () => {
  await using lab = await govern(playing({}));
  await using terminal = await openTerminal(lab.scratch, { mode: 'bypassPermissions' });
  await terminal.submit('go');
  await terminal.shows(lastWord);
  const { command, runs } = lab.mark('denied');
  terminal.press('!');
  await terminal.shows('shell mode');
  await terminal.run(command);
  const recorded = await until('an entry about it', async () =>
    (await entries(lab)).find((entry) => entry.kind === 'prompt' && entry.arguments?.command === command),
  );
  expect(recorded).toMatchObject({ detail: { by: 'person' } });
  expect(runs()).toBe(1);
  await terminal.close();
  expect(await incidentsBefore(lab, 'later')).toEqual([]);
});

function decisionOn(lab: Governed, { command }: Marker) {
  return until(`a decision on ${command}`, async () =>
    (await entries(lab)).find((entry) => entry.kind === 'decision' && entry.arguments?.command === command),
  );
}
