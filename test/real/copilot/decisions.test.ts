import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { summed } from '../../agents/counted.ts';
import { count } from '../../lab/spend/counted.ts';
import { bash, call, copilot, govern, subagentWord } from './governed.ts';

const patch = (file: string) => `*** Begin Patch\n*** Add File: allowed-too.txt\n+x\n  *** Add File: ${file}\n+x\n*** End Patch\n`;

/** Each response has 1,050 tokens: the eighth is one too many, and what it asks for must not run. */
const budget = `
kind: BudgetPolicy
metadata: {name: lab-budget}
spec: {limits: [{per: session, tokens: 8000, onLimit: deny}]}
`;

test.skipIf(copilot === undefined)(
  'what is allowed runs, what is denied does not, what is asked waits for its answer, in one session of the real client',
  async () => {
    await using lab = await govern((governed) => {
      const command = (name: string) => governed.mark(name).command;
      const turns = [
        // At once: each is judged by itself.
        bash(command('allowed-1'), command('denied-1'), command('allowed-2')),
        bash(command('asked-yes')),
        bash(command('asked-no')),
        { calls: [call('apply_patch', patch('forbidden.txt'))] },
        { calls: [call('task', { agent_type: 'general-purpose', prompt: subagentWord, description: 'd', name: 'n' })] },
        bash(command('allowed-dear')),
      ];
      return { turns, subagent: [bash(command('denied-sub'), command('allowed-sub'))] };
    });
    lab.writePolicy(budget, 'budget.yaml');
    const { done } = lab.start();
    await lab.answer((await lab.question(lab.mark('asked-yes'))).id, 'approved');
    await lab.answer((await lab.question(lab.mark('asked-no'))).id, 'denied', 'Not today.');
    const { exitCode, output } = await done;

    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    const names = ['allowed-1', 'allowed-2', 'denied-1', 'asked-yes', 'asked-no', 'allowed-sub', 'denied-sub', 'allowed-dear'];
    expect(names.map((name) => [name, lab.mark(name).runs()])).toEqual([
      ['allowed-1', 1],
      ['allowed-2', 1],
      ['denied-1', 0],
      ['asked-yes', 1],
      ['asked-no', 0],
      ['allowed-sub', 1],
      ['denied-sub', 0],
      ['allowed-dear', 0],
    ]);
    expect(existsSync(join(lab.scratch.project, 'forbidden.txt'))).toBe(false);
    expect(existsSync(join(lab.scratch.project, 'allowed-too.txt'))).toBe(false);
    expect(lab.heard().join('\n')).toMatch(/The policy of the lab says no\.[^]*Not today\.[^]*Not that file\.[^]*lab-budget/);

    using counted = count({ HOME: lab.scratch.home });
    const models = counted.report('model').rows.map(({ key, sum }) => [key, Object.values(sum.tokens)]);
    const served = lab.model.ledger.map(
      ({ model, usage }) => [model, [usage.input - usage.cached, usage.output, usage.cached, 0, 0]] as const,
    );
    expect(Object.fromEntries(models)).toEqual(summed(served));
    expect(counted.report('session').rows).toHaveLength(1);
    expect(counted.report('subagent').rows).toHaveLength(2);
  },
);
