import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationFile, Installation, Member } from '../../agents/claude-code/installation.ts';
import { Backup, digestOf, replaceFile } from './backup.ts';
import { runClient, type Client } from './client-program.ts';
import { hasMember, removeMember, setMember } from './json-edit.ts';
import { readIfThere, renderInto } from './rendered-files.ts';
import { recordFile, saveRecord } from './rendered-record.ts';

export interface InstallContext {
  /** `$COUNTERSIGN_HOME/backups`. */
  readonly backups: string;
  /** Where the client's program is, when it is not to be found on the PATH. */
  readonly program?: string;
}

/** What installing would change, for a person to look at. Whitespace may differ: the client writes its own files. */
export interface PlannedChange {
  readonly file: string;
  readonly before?: string;
  readonly after: string;
}

/** What installing would do. Changes nothing. Rejects when the client is missing or too old. */
export async function planInstall(installation: Installation, context: InstallContext): Promise<readonly PlannedChange[]> {
  await refuseOldClient(installation, context);
  const ours = installation.files.map(({ path, text }) => ({ file: join(installation.folder, path), after: text }));
  const theirs = installation.configuration.flatMap(({ file, members }) => {
    const known = members.filter((member) => 'set' in member);
    return known.length === 0 ? [] : [{ file, after: withMembers(readIfThere(file) ?? '{}\n', known, file) }];
  });
  return [...ours, ...theirs].flatMap(({ file, after }) => {
    const before = readIfThere(file);
    const masked = (text: string): string => text.replaceAll(installation.secret, '<token>');
    if (before === after) return [];
    return [{ file, after: masked(after), ...(before === undefined ? {} : { before: masked(before) }) }];
  });
}

/** Installs, or repairs an installation that is incomplete or old. Doing it again changes nothing. */
export async function install(installation: Installation, context: InstallContext): Promise<void> {
  await refuseOldClient(installation, context);
  const { configuration, ownFolders, sharedFolders } = installation;
  // A file that is odd already must stop us before the first change.
  for (const { file, members } of configuration)
    withMembers(
      readIfThere(file) ?? '{}',
      members.filter((member) => 'set' in member),
      file,
    );
  const backup = backupOf(installation, context);
  backup.save(
    configuration.map(({ file }) => file),
    [...ownFolders, ...sharedFolders],
  );
  saveRecord(installation.folder, installation.files);
  renderInto(installation.folder, installation.files);
  const client = clientOf(installation, context);
  for (const command of installation.commands) await runClient(client, command);
  for (const { file, members } of configuration) addOwnMembers(file, members);
  const problem = installation.listed.problem(await runClient(client, installation.listed.arguments));
  if (problem !== undefined) throw new Error(`The installation is not complete: ${problem}`);
  backup.settle();
}

export interface Uninstalled {
  /** Files that are byte for byte as they were before the installation. */
  readonly restored: readonly string[];
  /** Files that were changed since: only what is ours was taken out. */
  readonly edited: readonly string[];
  /** Files that could not be read as JSON: a person has to look. */
  readonly left: readonly string[];
}

/** Takes out every trace. Needs no client, and works on half an installation. Doing it again changes nothing. */
export function uninstall(installations: readonly Installation[], context: InstallContext): Uninstalled {
  // First: from here on nobody expects anything of ours to be there.
  for (const { folder } of installations) rmSync(recordFile(folder), { force: true });
  const done = installations.flatMap((installation) => takeOutAll(installation, context));
  const of = (wanted: Taken): readonly string[] => done.filter(({ what }) => what === wanted).map(({ file }) => file);
  // The copies are worth keeping as long as a file still waits for a person.
  if (of('left').length === 0) for (const installation of installations) backupOf(installation, context).remove();
  return { restored: of('restored'), edited: of('edited'), left: of('left') };
}

function takeOutAll(installation: Installation, context: InstallContext): readonly { readonly file: string; readonly what: Taken }[] {
  const backup = backupOf(installation, context);
  const done = installation.configuration.map((one) => ({ file: one.file, what: takeOut(one, backup) }));
  for (const folder of installation.ownFolders) if (backup.hadFolder(folder) !== true) rmSync(folder, { recursive: true, force: true });
  for (const folder of installation.sharedFolders) if (backup.hadFolder(folder) === false) removeIfEmpty(folder);
  rmSync(installation.folder, { recursive: true, force: true });
  return done;
}

type Taken = 'restored' | 'edited' | 'left' | 'untouched';

function takeOut({ file, members, empty }: ConfigurationFile, backup: Backup): Taken {
  const text = readIfThere(file);
  const entry = backup.file(file);
  if (entry?.after !== undefined && entry.after === digestOf(file)) {
    backup.restore(entry);
    return 'restored';
  }
  if (text === undefined) return 'untouched';
  const before = entry === undefined ? undefined : (backup.before(entry)?.toString('utf8') ?? JSON.stringify(empty));
  try {
    const stripped = withoutMembers(text, members, before);
    // Whoever rewrote the file kept its meaning: then it can be exactly what it was.
    if (entry !== undefined && before !== undefined && isSameJson(stripped, before)) {
      backup.restore(entry);
      return 'restored';
    }
    if (stripped === text) return 'untouched';
    replaceFile(file, stripped);
    return 'edited';
  } catch {
    return 'left';
  }
}

/** Without what is ours, and without objects that became empty and were not there before. Members that were there before stay. */
function withoutMembers(text: string, members: readonly Member[], before: string | undefined): string {
  return members.reduce((current, { path, byUs }) => {
    if (before !== undefined && hasMember(before, path)) return current;
    // Without a backup nobody knows who switched it on: it stays.
    if (before === undefined && byUs === true) return current;
    return withoutEmpty(removeMember(current, path), path.slice(0, -1), before);
  }, text);
}

function withoutEmpty(text: string, path: readonly string[], before: string | undefined): string {
  if (path.length === 0 || before === undefined || hasMember(before, path)) return text;
  const value: unknown = path.reduce<unknown>(
    (object, name) => (typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined),
    JSON.parse(text),
  );
  return isDeepStrictEqual(value, {}) ? removeMember(text, path) : text;
}

function isSameJson(a: string, b: string): boolean {
  return isDeepStrictEqual(JSON.parse(a), JSON.parse(b));
}

function withMembers(text: string, members: readonly Member[], file: string): string {
  try {
    return members.reduce(
      (current, { path, set, byUs }) => (byUs === true && hasMember(current, path) ? current : setMember(current, path, set)),
      text,
    );
  } catch (cause) {
    throw new Error(`${file} is not valid JSON. Correct it first: the client ignores such a file, and the plugin with it`, { cause });
  }
}

function addOwnMembers(file: string, members: ConfigurationFile['members']): void {
  const own = members.filter(({ byUs }) => byUs === true);
  const text = readIfThere(file) ?? '{}\n';
  const after = withMembers(text, own, file);
  if (after !== text) replaceFile(file, after);
}

async function refuseOldClient(installation: Installation, context: InstallContext): Promise<void> {
  const problem = installation.versionProblem(await runClient(clientOf(installation, context), ['--version']));
  if (problem !== undefined) throw new Error(problem);
}

function clientOf(installation: Installation, context: InstallContext): Client {
  return { ...installation.client, ...(context.program === undefined ? {} : { program: context.program }) };
}

function backupOf({ agent }: Pick<Installation, 'agent'>, { backups }: InstallContext): Backup {
  return new Backup(join(backups, agent));
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
