import { chmodSync, existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Backup, digestOf, replaceFile } from './backup.ts';
import { launchedCommand } from './hook-command.ts';
import { forgetInstalled, installedAs, saveInstalled } from './installed-record.ts';
import type { Installer, InstallWish } from './installer.ts';
import { removeLauncher, renderLauncher } from './launcher.ts';
import type { PlannedChange, Uninstalled } from './plugin-install.ts';
import { readIfThere } from './rendered-files.ts';

/** What installing would change. Changes nothing. Rejects where the agent cannot be governed, or a file cannot be read. */
export async function planFiles(installer: Installer, wish: InstallWish): Promise<readonly PlannedChange[]> {
  const obstacle = await installer.obstacle?.(wish);
  if (obstacle !== undefined) throw new Error(obstacle);
  return installer.edits(wish).flatMap(({ file, put }) => {
    const before = readIfThere(file);
    const after = put(before);
    return after === before ? [] : [{ file, after, ...(before === undefined ? {} : { before }) }];
  });
}

/** Installs, or completes what is incomplete. Doing it again changes nothing. */
export async function installFiles(installer: Installer, wish: InstallWish): Promise<void> {
  const plan = await planFiles(installer, wish);
  const backup = backupOf(installer, wish);
  const edits = installer.edits(wish);
  const files = edits.map(({ file }) => file);
  backup.save(files, foldersOf(files));
  saveInstalled(installer.agent, wish);
  renderLauncher(wish);
  for (const { file, after } of plan) replaceFile(file, after);
  for (const { file } of edits.filter(({ isProgram }) => isProgram === true)) chmodSync(file, 0o700);
  backup.settle();
}

/** Takes out every trace: byte for byte what it was, unless somebody changed it since. Doing it again changes nothing. */
export function uninstallFiles(installer: Installer, wish: InstallWish): Uninstalled {
  const known = installedAs(wish.home, installer.agent, wish.version) ?? wish;
  const backup = backupOf(installer, wish);
  if (forgetInstalled(wish.home, installer.agent) === 0) removeLauncher(wish.home);
  const done = installer.edits(known).map((edit) => ({ file: edit.file, what: takeOut(edit, backup) }));
  const of = (wanted: Taken): readonly string[] => done.filter(({ what }) => what === wanted).map(({ file }) => file);
  for (const folder of foldersOf(done.map(({ file }) => file)).toReversed()) if (backup.hadFolder(folder) === false) removeIfEmpty(folder);
  if (of('left').length === 0) backup.remove();
  return { restored: of('restored'), edited: of('edited'), left: of('left') };
}

/** Whether everything that was put in is still there: the files that are not as they should be. Nothing where nothing was put in. */
export function misplaced(installer: Installer, wish: InstallWish): readonly string[] {
  const { launcher } = launchedCommand(wish);
  const missing = launcher === undefined || existsSync(launcher) ? [] : [launcher];
  const odd = installer.edits(wish).flatMap(({ file, put, isProgram }) => {
    try {
      const text = readIfThere(file);
      const isThere = text !== undefined && put(text) === text;
      return isThere && (isProgram !== true || canRun(file)) ? [] : [file];
    } catch {
      return [file];
    }
  });
  return [...missing, ...odd];
}

function canRun(file: string): boolean {
  return process.platform === 'win32' || (statSync(file).mode & 0o100) !== 0;
}

type Taken = 'restored' | 'edited' | 'left' | 'untouched';

function takeOut({ file, takeOut: without }: ReturnType<Installer['edits']>[number], backup: Backup): Taken {
  const text = readIfThere(file);
  const entry = backup.file(file);
  if (entry?.after !== undefined && entry.after === digestOf(file)) {
    backup.restore(entry);
    return 'restored';
  }
  if (text === undefined) return 'untouched';
  try {
    const rest = without(text);
    if (entry !== undefined && rest.trim() === (backup.before(entry)?.toString('utf8') ?? '').trim()) {
      backup.restore(entry);
      return 'restored';
    }
    if (rest === text) return 'untouched';
    if (rest.trim() === '' && (entry === undefined || backup.before(entry) === undefined)) rmSync(file);
    else replaceFile(file, rest);
    return 'edited';
  } catch {
    return 'left';
  }
}

/** The folder of each file, and the one around it: clients have both where they were ever used. Outer ones first. */
function foldersOf(files: readonly string[]): readonly string[] {
  const folders = files.map((file) => dirname(file));
  return [...new Set(folders.flatMap((folder) => [dirname(folder), folder]))].toSorted((a, b) => a.length - b.length);
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function backupOf({ agent }: Installer, { home }: InstallWish): Backup {
  return new Backup(join(home.backups, agent));
}
