import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { geminiClient, qwenClient } from '../../lab/gemini/client.ts';
import { installed } from '../../lab/install.ts';
import { governLab, shell } from './governed.ts';

const clients = [
  { client: geminiClient, binary: installed('gemini') },
  { client: qwenClient, binary: installed('qwen') },
];

/** Made up here, so that it stands nowhere. */
const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;

test.concurrent.each(clients.filter(({ binary }) => binary !== undefined))(
  'a session of $client.agent whose hooks were taken out is found by its own record, with what it ran',
  async ({ client, binary = '' }) => {
    const { lab } = await governLab(client, binary, ({ lab: inner }) => {
      const file = join(inner.scratch.project, 'a.txt');
      const turns = [
        inner.mark('denied').turn,
        inner.mark('allowed').turn,
        // Refused, or made another one: what is in the record is not what the model wrote, or did not run.
        shell(`echo ${secret} > copy`),
        { calls: [{ name: 'write_file', input: { file_path: file, content: 'x\n' } }] },
        { calls: [{ name: 'read_file', input: { file_path: file } }] },
        shell('exit 3'),
      ];
      return ({ results }) => turns[results.length] ?? {};
    });
    await using governed = lab;
    await governed.run('go');
    expect([governed.mark('denied').ran(), governed.mark('allowed').ran()]).toEqual([false, true]);
    writeFileSync(join(governed.scratch.home, `.${client.name}`, 'settings.json'), JSON.stringify(client.settings));
    await governed.run('go');
    expect(governed.mark('denied').ran()).toBe(true);
    const found = await until('what ran to be told', async () => {
      const open = await governed.call('incidents', {});
      return open.length >= 7 ? open : undefined;
    });
    const known = (await governed.call('sessions', {})).map(({ id }) => id);
    const [session, ...others] = new Set(found.map((incident) => incident.session));
    expect(others).toEqual([]);
    expect(known).not.toContain(session);
    const told = found.map(({ agent, cause, what }) => `${agent} ${cause}: ${what.replace(/\(.*\)/, '(id)')}`);
    const ran = (tool: string) => `${client.agent} undecided: ${tool} (id) ran without a decision`;
    expect(told.toSorted()).toEqual([
      `${client.agent} no-hello: A session of ${client.agent} runs without Countersign`,
      ran('read_file'),
      ...Array.from({ length: 4 }, () => ran('run_shell_command')),
      ran('write_file'),
    ]);
  },
);
