import { homedir } from 'node:os';
import { join } from 'node:path';
import { hookLine } from '../../agents/hook-command.ts';
import { launchedCommand } from './hook-command.ts';
import { hookLists } from './hook-lists.ts';
import type { Installer, InstallWish } from './installer.ts';

/**
 * Cursor: hooks of the person, each of which has to succeed. MCP calls are asked about where they come with the name of their server,
 * and only there.
 */
export const cursorInstaller: Installer = {
  agent: 'cursor',
  title: 'Cursor',
  obstacle: () => Promise.resolve(process.platform === 'win32' ? 'Hooks of Cursor on Windows were not tried' : undefined),
  edits: (wish) => {
    const file = join(wish.environment['HOME'] || homedir(), '.cursor', 'hooks.json');
    return [hookLists(file, { version: 1 }, entriesFor(wish), launchedCommand(wish))];
  },
  managed: (wish) => ({
    file: process.platform === 'darwin' ? '/Library/Application Support/Cursor/hooks.json' : '/etc/cursor/hooks.json',
    text: `${JSON.stringify({ version: 1, hooks: Object.fromEntries(Object.entries(entriesFor(wish)).map(([event, entry]) => [event, [entry]])) }, undefined, 2)}\n`,
    how: 'As Cursor documents it; not tried. It governs the person whose home is named in it.',
  }),
};

/** Seconds: a person may take that long to answer. */
const timeout = 600;

function entriesFor(wish: InstallWish) {
  const command = launchedCommand(wish);
  const gate = (event: string, more: object = {}) =>
    [event, { command: hookLine(command, 'cursor', event), timeout, failClosed: true, ...more }] as const;
  const told = (event: string) => [event, { command: hookLine(command, 'cursor', event, 'go on'), timeout: 30 }] as const;
  return Object.fromEntries([
    gate('preToolUse', { matcher: '^(?!MCP:)' }),
    gate('beforeMCPExecution'),
    gate('beforeSubmitPrompt'),
    told('postToolUse'),
    told('sessionStart'),
    told('sessionEnd'),
    told('stop'),
  ]);
}
