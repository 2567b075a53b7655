import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bash, call, copilot, govern, subagentWord } from './governed.ts';

const patch = (file: string) => `*** Begin Patch\n*** Add File: allowed-too.txt\n+x\n  *** Add File: ${file}\n+x\n*** End Patch\n`;

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
      ];
      return { turns, subagent: [bash(command('denied-sub'), command('allowed-sub'))] };
    });
    const { done } = lab.start();
    await lab.answer((await lab.question(lab.mark('asked-yes'))).id, 'approved');
    await lab.answer((await lab.question(lab.mark('asked-no'))).id, 'denied', 'Not today.');
    const { exitCode, output } = await done;

    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    const names = ['allowed-1', 'allowed-2', 'denied-1', 'asked-yes', 'asked-no', 'allowed-sub', 'denied-sub'];
    expect(names.map((name) => [name, lab.mark(name).runs()])).toEqual([
      ['allowed-1', 1],
      ['allowed-2', 1],
      ['denied-1', 0],
      ['asked-yes', 1],
      ['asked-no', 0],
      ['allowed-sub', 1],
      ['denied-sub', 0],
    ]);
    expect(existsSync(join(lab.scratch.project, 'forbidden.txt'))).toBe(false);
    expect(existsSync(join(lab.scratch.project, 'allowed-too.txt'))).toBe(false);
    expect(lab.heard().join('\n')).toMatch(/The policy of the lab says no\.[^]*Not today\.[^]*Not that file\./);
  },
);
