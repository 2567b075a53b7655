import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { geminiClient, qwenClient } from '../../lab/gemini/client.ts';
import type { LabLedgerEntry, LabTurn } from '../../lab/gemini/model.ts';
import { installed } from '../../lab/install.ts';
import { count } from '../../lab/spend/counted.ts';
import { processesOf } from '../claude/processes.ts';
import { governLab, shell, type LabGoverned, type LabSetup } from './governed.ts';

const clients = [
  {
    client: geminiClient,
    name: 'Gemini CLI',
    binary: installed('gemini'),
    thoughtsBesides: 1,
    silencing: { hooksConfig: { enabled: false } },
  },
  { client: qwenClient, name: 'Qwen Code', binary: installed('qwen'), thoughtsBesides: 0, silencing: { disableAllHooks: true } },
];

/** Made up here, so that it stands nowhere. */
const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;

/** One call of the session: what is done just before the client hears of it, and what the model heard of it. */
interface Step {
  readonly name: string;
  readonly before?: () => Promise<void> | void;
  readonly turn: LabTurn;
}

describe.concurrent.each(clients)('$name', ({ client, binary, thoughtsBesides }) => {
  test.skipIf(binary === undefined)(
    'only what was allowed runs, whatever breaks; a killed session ends; every token is counted',
    async () => {
      const heard = new Map<string, string>();
      let steps: readonly Step[] = [];
      const { lab } = await governLab(client, binary ?? '', (setup) => {
        steps = stepsOf(setup);
        return async ({ results }) => {
          const last = steps[results.length - 1];
          if (last !== undefined) heard.set(last.name, results.at(-1) ?? '');
          await steps[results.length]?.before?.();
          return steps[results.length]?.turn ?? { text: 'That was it.' };
        };
      });
      await using governed = lab;
      const { done } = governed.start('go');
      const endless = governed.mark('endless');
      const early = done.then((run) => Promise.reject(new Error(`It ended early: ${run.stdout}${run.stderr}`.slice(-2_000))));
      await Promise.race([until('the endless call to begin', async () => endless.ran(), 150_000), early]);

      const [session, ...others] = await governed.call('sessions', {});
      expect(others).toEqual([]);
      expect(session).toMatchObject({ agent: client.agent, state: 'busy' });
      expect(await verdicts(governed)).toEqual({
        allowed: true,
        denied: false,
        'asked-yes': true,
        'asked-no': false,
        missing: false,
        killed: false,
        silent: false,
        broken: false,
        mended: true,
        'denied-hanging': false,
        'denied-alone': false,
        'allowed-alone': true,
        endless: true,
      });
      expect(heard.get('denied')).toContain('The policy of the lab says no.');
      expect(heard.get('asked-no')).toContain('As the lab says.');
      for (const name of ['missing', 'killed', 'silent', 'broken']) expect(heard.get(name)).toContain('Refused by Countersign');
      expect(heard.get('secret')).toContain('before');
      expect(heard.get('secret')).not.toContain(secret);

      await governed.countersign('kill', session?.id ?? '', '--reason', 'Enough.');
      await early.catch(() => undefined);
      expect(processesOf(governed.scratch.home)).toEqual([governed.governorPid()]);
      expect(await governed.call('sessions', {})).toMatchObject([{ state: 'killed' }]);

      using counted = count({ HOME: governed.scratch.home });
      const models = counted.report('model').rows.map(({ key, sum }) => [key, Object.values(sum.tokens)]);
      expect(Object.fromEntries(models)).toEqual(served(governed.model.ledger, thoughtsBesides));
      expect(counted.report('session').rows.map(({ key }) => key)).toEqual([session?.id]);
    },
  );
});

/** What the clients do not let us stop, by name: only settings of the machine stand above those of a project. */
test.concurrent.each(clients.filter(({ binary }) => binary !== undefined))(
  '$name runs what is denied where the project’s settings switch hooks off, and the doctor names them',
  async (one) => {
    const { client, binary = '', silencing } = one;
    const { lab } = await governLab(
      client,
      binary,
      (setup) =>
        ({ results }) =>
          results.length === 0 ? setup.lab.mark('denied').turn : {},
    );
    await using governed = lab;
    const folder = join(governed.scratch.project, `.${client.name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(silencing));
    await governed.run('go');
    expect(governed.mark('denied').ran()).toBe(true);
    const said = await governed.countersign('doctor', client.agent).catch(String);
    expect(said).toContain(`${join(folder, 'settings.json')}: switches all hooks off`);
  },
);

function stepsOf({ lab, hook }: LabSetup): readonly Step[] {
  const marked = (name: string, before?: Step['before']): Step => ({
    name,
    turn: lab.mark(name).turn,
    ...(before === undefined ? {} : { before }),
  });
  const answered = (name: string, outcome: 'approved' | 'denied') =>
    marked(name, () => void lab.answer(lab.mark(name), outcome).catch((error: unknown) => console.error(error)));
  return [
    marked('allowed'),
    marked('denied'),
    answered('asked-yes', 'approved'),
    answered('asked-no', 'denied'),
    { name: 'secret', turn: shell(`echo before ${secret.slice(0, 7)}""${secret.slice(7)} after`) },
    marked('missing', () => hook.remove()),
    marked('killed', () => hook.become("process.kill(process.pid, 'SIGKILL');")),
    marked('silent', () => hook.become('process.exit(2);')),
    marked('broken', () => hook.become("throw new Error('broken');")),
    marked('mended', () => hook.mend()),
    marked('denied-hanging', () => void process.kill(lab.governorPid(), 'SIGSTOP')),
    marked('denied-alone', () => void process.kill(lab.governorPid(), 'SIGKILL')),
    marked('allowed-alone'),
    { name: 'endless', turn: shell(`${lab.mark('endless').command}; tail -f /dev/null`) },
  ];
}

async function verdicts(lab: LabGoverned): Promise<Readonly<Record<string, boolean>>> {
  const names = ['allowed', 'denied', 'asked-yes', 'asked-no', 'missing', 'killed', 'silent', 'broken', 'mended'];
  return Object.fromEntries(
    [...names, 'denied-hanging', 'denied-alone', 'allowed-alone', 'endless'].map((name) => [name, lab.mark(name).ran()]),
  );
}

function served(ledger: readonly LabLedgerEntry[], thoughtsBesides: number) {
  const sum = (of: (usage: LabLedgerEntry['usage']) => number) => ledger.reduce((all, { usage }) => all + of(usage), 0);
  const input = sum((usage) => usage.input - usage.cached);
  const output = sum((usage) => usage.output + thoughtsBesides * usage.thoughts);
  return { [ledger[0]?.model ?? '']: [input, output, sum((usage) => usage.cached), 0, 0] };
}
