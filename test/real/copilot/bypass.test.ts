import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../lab/editor/until.ts';
import { bash, call, copilot, govern, subagentWord } from './governed.ts';

test.skipIf(copilot === undefined)(
  'a session of Copilot CLI whose hooks were taken out is found by its own record, with what it ran',
  async () => {
    await using lab = await govern((governed) => {
      const command = (name: string) => governed.mark(name).command;
      const turns = [
        bash(command('denied'), command('allowed')),
        { calls: [call('view', { path: join(governed.scratch.project, 'ran-allowed') })] },
        { calls: [call('apply_patch', '*** Begin Patch\n*** Add File: a.txt\n+hello\n*** End Patch')] },
        { calls: [call('task', { agent_type: 'general-purpose', prompt: subagentWord, description: 'd', name: 'n' })] },
      ];
      return { turns, subagent: [bash(command('allowed-sub'))] };
    });
    await lab.run();
    expect([lab.mark('denied').runs(), lab.mark('allowed').runs(), lab.mark('allowed-sub').runs()]).toEqual([0, 1, 1]);
    rmSync(lab.hooks);
    rmSync(join(lab.scratch.project, 'a.txt'));
    await lab.run();
    expect([lab.mark('denied').runs(), lab.mark('allowed-sub').runs()]).toEqual([1, 2]);
    const found = await until('what ran to be told', async () => {
      const open = await lab.call('incidents', {});
      return open.length >= 6 ? open : undefined;
    });
    const [session, ...others] = new Set(found.map((incident) => incident.session));
    expect(others).toEqual([]);
    expect((await lab.call('sessions', {})).map(({ id }) => id)).not.toContain(session);
    const told = found.map(({ cause, what }) => `${cause}: ${what.replace(/\(.*\)/, '(id)')}`);
    expect(told.toSorted()).toEqual([
      'no-hello: A session of copilot-cli runs without Countersign',
      'undecided: apply_patch (id) ran without a decision',
      'undecided: bash (id) ran without a decision',
      'undecided: bash (id) ran without a decision',
      'undecided: bash (id) ran without a decision',
      'undecided: view (id) ran without a decision',
    ]);
  },
);
