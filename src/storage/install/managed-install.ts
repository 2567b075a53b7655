import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { managedFileName, managedMembers, managedObstacles } from '../../agents/claude-code/managed.ts';
import type { Home } from '../home.ts';
import { hasCode } from '../private-file.ts';
import { Backup, digestOf, replaceFile } from './backup.ts';
import { managedFolder, managedSettings } from './claude-settings.ts';
import { changeElevated, type FileChange, type Prompt } from './elevation.ts';
import { removeMember, setMember } from './json-edit.ts';
import type { PlannedChange } from './plugin-install.ts';
import { readIfThere } from './rendered-files.ts';

export interface ManagedOptions {
  readonly home: Home;
  readonly onlyManagedHooks: boolean;
  /** How to ask for the password where the file is not ours to change. */
  readonly prompt: Prompt;
  /** Where managed settings lie; left out: where the client looks. */
  readonly managed?: string;
}

/** What `installManaged` would change. Throws, saying why, where the organisation's own settings are against it. */
export function planManaged(options: ManagedOptions): readonly PlannedChange[] {
  const file = fileOf(options);
  const others = managedSettings(options.managed).filter((one) => one.file !== file);
  const obstacles = managedObstacles(others);
  if (obstacles.length > 0) throw new Error(obstacles.join(' '));
  const before = readIfThere(file);
  const members = managedMembers({ folder: join(options.home.agents, 'claude-code'), onlyManagedHooks: options.onlyManagedHooks });
  const after = members.reduce((text, { path, set }) => setMember(text, path, set), before ?? '{}\n');
  return before === after ? [] : [{ file, after, ...(before === undefined ? {} : { before }) }];
}

/** Puts our drop-in beside what an organisation has. Again does no harm. */
export async function installManaged(options: ManagedOptions): Promise<void> {
  const [change] = planManaged(options);
  if (change === undefined) return;
  const backup = backupOf(options);
  backup.save([change.file], [dirname(change.file), dirname(dirname(change.file))]);
  await carryOut({ file: change.file, text: change.after }, options.prompt);
  backup.settle();
}

/** Whether a managed installation of ours is there to be taken out. */
export function hasManaged(options: Pick<ManagedOptions, 'home' | 'managed'>): boolean {
  return backupOf(options).isThere;
}

/** As it was before, byte for byte; where somebody changed the file since, without what is ours. */
export async function uninstallManaged(options: ManagedOptions): Promise<void> {
  const file = fileOf(options);
  const backup = backupOf(options);
  const entry = backup.file(file);
  if (entry === undefined) return;
  const isOurs = entry.after !== undefined && entry.after === digestOf(file);
  const text = isOurs ? backup.before(entry)?.toString('utf8') : withoutOurs(file, options);
  const folders = [dirname(file), dirname(dirname(file))].filter((folder) => backup.hadFolder(folder) === false);
  await carryOut({ file, folders, ...(text === undefined ? {} : { text }) }, options.prompt);
  backup.remove();
}

function withoutOurs(file: string, { home }: ManagedOptions): string | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const members = managedMembers({ folder: join(home.agents, 'claude-code'), onlyManagedHooks: true });
  const left = members.reduce((current, { path }) => removeMember(current, path), text);
  const emptied = ['extraKnownMarketplaces', 'enabledPlugins'].reduce((current, name) => {
    const value: unknown = Reflect.get(Object(JSON.parse(current)), name);
    return isDeepStrictEqual(value, {}) ? removeMember(current, [name]) : current;
  }, left);
  return isDeepStrictEqual(JSON.parse(emptied), {}) ? undefined : emptied;
}

/** By ourselves where we may, else as administrator. */
async function carryOut(change: FileChange, prompt: Prompt): Promise<void> {
  try {
    apply(change);
  } catch (error) {
    if (!hasCode(error, 'EACCES') && !hasCode(error, 'EPERM') && !hasCode(error, 'EROFS')) throw error;
    await changeElevated(change, prompt);
  }
}

function apply({ file, text, folders = [] }: FileChange): void {
  if (text === undefined) rmSync(file, { force: true });
  else {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    replaceFile(file, text, 0o644);
    // Whatever our umask: everybody's client reads it.
    chmodSync(file, 0o644);
  }
  for (const folder of folders) if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function fileOf({ managed = managedFolder() }: Pick<ManagedOptions, 'managed'>): string {
  return join(managed, 'managed-settings.d', managedFileName);
}

function backupOf({ home }: Pick<ManagedOptions, 'home'>): Backup {
  return new Backup(join(home.backups, 'claude-code-managed'));
}
