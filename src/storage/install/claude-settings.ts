import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingsFile } from '../../agents/claude-code/settings.ts';
import { plainText } from './plain-text.ts';

/** The settings files that a session in `cwd` starts with, those that are not there included. */
export function claudeSettings(configDir: string, cwd: string, managed = managedFolder()): readonly SettingsFile[] {
  return [userSettings(configDir), ...folderSettings(cwd), ...managedSettings(managed)];
}

export function userSettings(configDir: string): SettingsFile {
  return read('user_settings', join(configDir, 'settings.json'));
}

/** Those of a folder that a session is started in. */
export function folderSettings(cwd: string): readonly SettingsFile[] {
  return [
    read('project_settings', join(cwd, '.claude', 'settings.json')),
    read('local_settings', join(cwd, '.claude', 'settings.local.json')),
  ];
}

/** The main file and the drop-ins beside it, which the client merges in the order of their names. */
export function managedSettings(folder = managedFolder()): readonly SettingsFile[] {
  return managedFiles(folder).map((file) => read('policy_settings', file));
}

/** Where those are, or would be. */
export function managedFiles(folder = managedFolder()): readonly string[] {
  const dropIns = join(folder, 'managed-settings.d');
  return [join(folder, 'managed-settings.json'), ...namesIn(dropIns).map((name) => join(dropIns, name))];
}

/** Where administrators put settings that nobody else can change. */
export function managedFolder(): string {
  if (process.platform === 'darwin') return '/Library/Application Support/ClaudeCode';
  return process.platform === 'win32' ? 'C:\\Program Files\\ClaudeCode' : '/etc/claude-code';
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .toSorted();
  } catch {
    return [];
  }
}

function read(source: string, file: string): SettingsFile {
  return { source, file, text: plainText(file) };
}
