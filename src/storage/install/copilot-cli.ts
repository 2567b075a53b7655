import { join } from 'node:path';
import * as z from 'zod/mini';
import { hooksFile } from '../../agents/copilot-cli/hooks-config.ts';
import { copilotCliReach } from '../../agents/copilot-cli/reach.ts';
import { copilotFolder } from '../agent-folders.ts';
import { launchedCommand } from './hook-command.ts';
import type { Installer, Silencer } from './installer.ts';
import { proveByTrial } from './trial.ts';
import { copilotTrial } from './trials.ts';

/** A file of our own in its folder of hooks, which VS Code's own chat agent reads as well. */
export const copilotCliInstaller: Installer = {
  agent: copilotCliReach.agent,
  title: copilotCliReach.title,
  consent: 'VS Code’s own chat agent reads the same file: it is governed, too.',
  edits: (wish) => [
    {
      file: join(copilotFolder(wish.environment), 'hooks', 'countersign.json'),
      put: () => hooksFile(launchedCommand(wish)),
      takeOut: () => '',
    },
  ],
  managed: (wish) => ({
    file: '/etc/github-copilot/policy.d/countersign.json',
    text: hooksFile(launchedCommand(wish)),
    how: 'Hooks in this folder run for everybody, and nobody but an administrator switches them off. They name the home of the person who asked: it is for a machine of one person.',
  }),
  prove: (wish, cwd) => proveByTrial(copilotTrial, wish, cwd),
  silencers: (folder, environment) =>
    [
      join(folder, '.github', 'copilot', 'settings.json'),
      join(folder, '.github', 'copilot', 'settings.local.json'),
      join(copilotFolder(environment), 'settings.json'),
      join(copilotFolder(environment), 'config.json'),
    ].map(silencer),
};

const off = z.object({ disableAllHooks: z.literal(true) });

function silencer(file: string): Silencer {
  return {
    file,
    effect: (text) => (switchesOff(text) ? '"disableAllHooks" switches every hook off that is not the machine’s.' : undefined),
  };
}

function switchesOff(text: string): boolean {
  try {
    return z.safeParse(off, JSON.parse(text)).success;
  } catch {
    // With comments in it, or broken: whoever means it writes these words.
    return /"disableAllHooks"\s*:\s*true/.test(text);
  }
}
