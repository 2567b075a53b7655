import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parsedSettings } from '../../agents/gemini/hooks-config.ts';
import { qwenHooks, silencedBy } from '../../agents/qwen/hooks-config.ts';
import { listed } from './gemini.ts';
import { launchedCommand } from './hook-command.ts';
import { hookLists } from './hook-lists.ts';
import type { Installer } from './installer.ts';
import { proveByTrial } from './trial.ts';
import { qwenTrial } from './trials.ts';

/** Qwen Code: hooks in the person's own settings. */
export const qwenInstaller: Installer = {
  agent: 'qwen-code',
  title: 'Qwen Code',
  obstacle: () => Promise.resolve(process.platform === 'win32' ? untried : undefined),
  edits: (wish) => [hookLists(settingsIn(homeOf(wish.environment)), {}, qwenHooks(launchedCommand(wish)), launchedCommand(wish))],
  managed: (wish) => ({
    file: process.platform === 'darwin' ? '/Library/Application Support/QwenCode/settings.json' : '/etc/qwen-code/settings.json',
    text: `${JSON.stringify({ disableAllHooks: false, hooks: listed(qwenHooks(launchedCommand(wish))) }, undefined, 2)}\n`,
    how: 'This was read in the code of Qwen Code, and not tried. It governs the person whose home is named in it.',
  }),
  prove: (wish, cwd) => proveByTrial(qwenTrial, wish, cwd),
  silencers: (folder, environment) =>
    [...new Set([folder, homeOf(environment)])].map((where) => ({
      file: settingsIn(where),
      effect: (text) => silencedBy(parsedSettings(text)),
    })),
};

const untried = 'Qwen Code was not tried on Windows: a hook that fails there might let calls run';

function homeOf(environment: NodeJS.ProcessEnv): string {
  return resolve(environment['HOME'] || homedir());
}

function settingsIn(folder: string): string {
  return join(folder, '.qwen', 'settings.json');
}
