import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { geminiHooks, type HookEntries, parsedSettings, silencedBy } from '../../agents/gemini/hooks-config.ts';
import { launchedCommand } from './hook-command.ts';
import { hookLists } from './hook-lists.ts';
import type { Installer, InstallWish, Silencer } from './installer.ts';
import { proveByTrial } from './trial.ts';
import { geminiTrial } from './trials.ts';

/** Gemini CLI: hooks in the person's own settings. */
export const geminiInstaller: Installer = {
  agent: 'gemini-cli',
  title: 'Gemini CLI',
  obstacle: () => Promise.resolve(process.platform === 'win32' ? untried : undefined),
  edits: (wish) => [hookLists(settingsIn(homeOfGemini(wish.environment)), {}, hooksFor(wish), launchedCommand(wish))],
  managed: (wish) => ({
    file: process.platform === 'darwin' ? '/Library/Application Support/GeminiCli/settings.json' : '/etc/gemini-cli/settings.json',
    text: `${JSON.stringify({ hooksConfig: { enabled: true }, hooks: listed(hooksFor(wish)) }, undefined, 2)}\n`,
    how: 'It has to belong to root, in folders that nobody else can write to: Gemini CLI passes over any other. It governs the person whose home is named in it.',
  }),
  prove: (wish, cwd) => proveByTrial(geminiTrial, wish, cwd),
  silencers: (folder, environment) => [...new Set([folder, homeOfGemini(environment)])].map((where) => silencer(settingsIn(where))),
};

const untried = 'Gemini CLI runs hooks in PowerShell on Windows, which was not tried: a hook that fails there might let calls run';

/** `$GEMINI_CLI_HOME`, else the person's. */
function homeOfGemini(environment: NodeJS.ProcessEnv): string {
  return resolve(environment['GEMINI_CLI_HOME'] || environment['HOME'] || homedir());
}

function settingsIn(folder: string): string {
  return join(folder, '.gemini', 'settings.json');
}

function hooksFor(wish: InstallWish): HookEntries {
  return geminiHooks(launchedCommand(wish));
}

/** Settings have a list for each event. */
export function listed(entries: HookEntries) {
  return Object.fromEntries(Object.entries(entries).map(([event, entry]) => [event, [entry]]));
}

function silencer(file: string): Silencer {
  return { file, effect: (text) => silencedBy(parsedSettings(text)) };
}
