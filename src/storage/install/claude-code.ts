import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { claudeCodeInstallation, pluginFiles, type Installation } from '../../agents/claude-code/installation.ts';
import type { Home } from '../home.ts';
import { Backup } from './backup.ts';
import { hookCommand } from './hook-command.ts';
import { install, planInstall, uninstall, type PlannedChange, type Uninstalled } from './plugin-install.ts';
import { renderInto } from './rendered-files.ts';
import { saveRecord } from './rendered-record.ts';

export interface ClaudeCodeOptions {
  readonly home: Home;
  /** Countersign's version. */
  readonly version: string;
  /** The governor's port and the hook token. */
  readonly port: number;
  readonly token: string;
  /** Absolute paths of a Node runtime and of the command hook. */
  readonly runtime: string;
  readonly script: string;
  /** The runtime is an editor's binary: it has to be told to be Node. */
  readonly isElectron?: boolean;
  readonly disableSkillShellExecution?: boolean;
  /** Where `claude` is, when it is not to be found on the PATH. */
  readonly program?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** What `installClaudeCode` would change. Changes nothing. Rejects when the client is missing or too old. */
export function planClaudeCode(options: ClaudeCodeOptions): Promise<readonly PlannedChange[]> {
  return planInstall(installationOf(options), contextOf(options));
}

/** Puts our plugin into the person's Claude Code. Again does no harm; after a crash, again completes it. */
export function installClaudeCode(options: ClaudeCodeOptions): Promise<void> {
  return install(installationOf(options), contextOf(options));
}

/**
 * Takes every trace of ours out of the person's Claude Code, wherever CLAUDE_CONFIG_DIR pointed when it was put in.
 * Sessions that run keep our hooks until they end.
 */
export function uninstallClaudeCode(options: ClaudeCodeOptions): Uninstalled {
  const { environment = process.env } = options;
  const known = new Backup(join(options.home.backups, 'claude-code')).files
    .filter((file) => basename(file) === 'settings.json')
    .map((file) => dirname(file));
  const all = [...new Set([claudeConfigDir(environment), ...known])].map((configDir) =>
    installationOf({ ...options, disableSkillShellExecution: true, environment: { ...environment, CLAUDE_CONFIG_DIR: configDir } }),
  );
  return uninstall(all, contextOf(options));
}

/**
 * Writes the plugin's files anew, for another port, token or runtime, without the client. Sessions read them when they start.
 * Returns the files that changed.
 */
export function renderClaudeCode(options: ClaudeCodeOptions): readonly string[] {
  const files = pluginFiles({
    version: options.version,
    hooks: { port: options.port, token: options.token, command: hookCommand(options) },
  });
  saveRecord(folderOf(options), files);
  return renderInto(folderOf(options), files);
}

/** `$CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export function claudeConfigDir(environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment['CLAUDE_CONFIG_DIR'];
  return configured ? resolve(configured) : join(environment['HOME'] || homedir(), '.claude');
}

export function installationOf(options: ClaudeCodeOptions): Installation {
  const environment = options.environment ?? process.env;
  return claudeCodeInstallation({
    folder: folderOf(options),
    configDir: claudeConfigDir(environment),
    isConfigDirSet: Boolean(environment['CLAUDE_CONFIG_DIR']),
    version: options.version,
    hooks: { port: options.port, token: options.token, command: hookCommand(options) },
    disableSkillShellExecution: options.disableSkillShellExecution === true,
  });
}

function folderOf({ home }: ClaudeCodeOptions): string {
  return join(home.agents, 'claude-code');
}

function contextOf({ home, program }: ClaudeCodeOptions): { readonly backups: string; readonly program?: string } {
  return { backups: home.backups, ...(program === undefined ? {} : { program }) };
}
