import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { bash, copilot, govern, type Governed } from './governed.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const recorded = z.array(z.object({ entry: z.object({ kind: z.string() }) }));

async function decisions(lab: Governed): Promise<number> {
  const listed = z.parse(recorded, JSON.parse(await lab.countersign('audit', 'list', '--json', '--limit', '1000')));
  return listed.filter(({ entry }) => entry.kind === 'decision').length;
}

// VS Code's chat hands the plugin to this program, where its target is Copilot.
test.skipIf(copilot === undefined)(
  'the chat plugin of the extension governs Copilot’s own program, and beside its file records once',
  async () => {
    await using lab = await govern((governed) => ({ turns: [bash(governed.mark('allowed').command, governed.mark('denied').command)] }));
    const withPlugin = ['--allow-all-tools', '--allow-all-paths', '--plugin-dir', join(root, 'hooks', 'vscode-chat')];
    expect(await lab.run(...withPlugin)).toMatchObject({ exitCode: 0 });
    expect([lab.mark('allowed').runs(), lab.mark('denied').runs(), await decisions(lab)]).toEqual([1, 0, 2]);

    await lab.countersign('install', 'vscode', '--yes');
    await lab.countersign('uninstall', 'copilot-cli', '--yes');
    expect(await lab.run(...withPlugin)).toMatchObject({ exitCode: 0 });
    expect([lab.mark('allowed').runs(), lab.mark('denied').runs(), await decisions(lab)]).toEqual([2, 0, 4]);
  },
);
