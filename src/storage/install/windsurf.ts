import { homedir } from 'node:os';
import { join } from 'node:path';
import { hookLine } from '../../agents/hook-command.ts';
import { launchedCommand } from './hook-command.ts';
import { hookLists } from './hook-lists.ts';
import type { Installer, InstallWish } from './installer.ts';

/** Windsurf: hooks of the person, as its documentation has them. */
export const windsurfInstaller: Installer = {
  agent: 'windsurf',
  title: 'Windsurf',
  obstacle: () => Promise.resolve(process.platform === 'win32' ? 'Hooks of Windsurf on Windows were not tried' : undefined),
  edits: (wish) => {
    const file = join(wish.environment['HOME'] || homedir(), '.codeium', 'windsurf', 'hooks.json');
    return [hookLists(file, {}, entriesFor(wish), launchedCommand(wish))];
  },
};

const events = ['pre_run_command', 'pre_write_code', 'pre_read_code', 'pre_mcp_tool_use', 'pre_user_prompt'];

function entriesFor(wish: InstallWish) {
  const command = launchedCommand(wish);
  return Object.fromEntries(events.map((event) => [event, { command: hookLine(command, 'windsurf', event), show_output: true }]));
}
