import { homedir } from 'node:os';
import { join } from 'node:path';
import { hookLine } from '../../agents/hook-command.ts';
import { launchedCommand } from './hook-command.ts';
import type { Installer, InstallWish } from './installer.ts';
import { ownFile } from './own-file.ts';

/** Kiro: a hook file of our own in the person's folder, as its documentation has it. */
export const kiroInstaller: Installer = {
  agent: 'kiro',
  title: 'Kiro',
  obstacle: () => Promise.resolve(process.platform === 'win32' ? 'Hooks of Kiro on Windows were not tried' : undefined),
  edits: (wish) => [
    ownFile(join(wish.environment['HOME'] || homedir(), '.kiro', 'hooks', 'countersign.json'), hooksFor(wish), '"countersign '),
  ],
};

const events = ['PreToolUse', 'PostToolUse', 'UserPromptSubmit'];

function hooksFor(wish: InstallWish): string {
  const command = launchedCommand(wish);
  const hooks = events.map((event) => ({
    name: `countersign ${event}`,
    trigger: event,
    matcher: '*',
    action: { type: 'command', command: hookLine(command, 'kiro', event, event === 'PostToolUse' ? 'go on' : 'refuse') },
    timeout: 600,
  }));
  return `${JSON.stringify({ version: 'v1', hooks }, undefined, 2)}\n`;
}
