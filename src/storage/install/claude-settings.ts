import { join } from 'node:path';
import type { SettingsFile } from '../../agents/claude-code/settings.ts';
import { readIfThere } from './rendered-files.ts';

/** The settings files that a session in `cwd` starts with, those that are not there included. */
export function claudeSettings(configDir: string, cwd: string): readonly SettingsFile[] {
  const files = [
    { source: 'user_settings', file: join(configDir, 'settings.json') },
    { source: 'project_settings', file: join(cwd, '.claude', 'settings.json') },
    { source: 'local_settings', file: join(cwd, '.claude', 'settings.local.json') },
    { source: 'policy_settings', file: managedSettings() },
  ];
  return files.map((one) => ({ ...one, text: readIfThere(one.file) }));
}

/** Where administrators put settings that nobody else can change. */
function managedSettings(): string {
  if (process.platform === 'darwin') return '/Library/Application Support/ClaudeCode/managed-settings.json';
  return process.platform === 'win32' ? 'C:\\Program Files\\ClaudeCode\\managed-settings.json' : '/etc/claude-code/managed-settings.json';
}
