import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchedCommand } from './hook-command.ts';
import type { Installer } from './installer.ts';
import { proveOpencode } from './opencode-proof.ts';
import { firstLine, pluginFile } from './opencode-plugin.ts';
import { ownFile } from './own-file.ts';

/** opencode: a plugin file in the person's own folder, which it loads by itself. */
export const opencodeInstaller: Installer = {
  agent: 'opencode',
  title: 'opencode',
  edits: (wish) => [ownFile(pluginIn(wish.environment), pluginFile(launchedCommand(wish)), firstLine)],
  prove: proveOpencode,
};

function pluginIn(environment: NodeJS.ProcessEnv): string {
  const config = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
  return join(resolve(config), 'opencode', 'plugin', 'countersign.js');
}
