import { join } from 'node:path';
import { hookFacts, installsOurs, versionProblem } from '../../agents/claude-code/installation.ts';
import { weaknessesOf, type SettingsFile, type Weakness } from '../../agents/claude-code/settings.ts';
import type { Fix } from '../../agents/claude-code/settings-spot.ts';
import { folderSettings, managedFolder, managedSettings, userSettings } from './claude-settings.ts';
import { alteredFiles, hasRecord } from './rendered-record.ts';

/** What stands, or may stand, between a client and our hooks. */
export interface TamperFinding {
  /** The same for as long as it is the same thing in the same place. */
  readonly id: string;
  /** `beside`: sessions are governed, but not all that they use. */
  readonly severity: 'weak' | 'beside' | 'notice';
  /** A sentence: its effect. */
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly fix?: Fix | Reinstall;
  /** The folder whose sessions it is about; left out: all. */
  readonly folder?: string;
}

/** Installing the hooks again puts it right. */
export interface Reinstall {
  readonly say: string;
  readonly reinstall: true;
}

export interface TamperPlaces {
  /** `$COUNTERSIGN_HOME/agents/claude-code`. */
  readonly plugin: string;
  readonly port: number;
  /** Settings folders of Claude Code. */
  readonly configDirs: readonly string[];
  /** Folders in which sessions run or windows are open. */
  readonly folders: readonly string[];
  /** Versions of clients that run. */
  readonly versions: readonly string[];
  readonly managed?: string;
}

export type HookLevel = 'managed' | 'plugin' | 'none';

export interface Examined {
  readonly level: HookLevel;
  readonly findings: readonly TamperFinding[];
}

/** Looks at everything that decides whether sessions which start now, or run, have our hooks. Nothing is expected where none were put in. */
export function examine(places: TamperPlaces): Examined {
  const managed = managedSettings(places.managed ?? managedFolder());
  const users = places.configDirs.map(userSettings);
  const level = levelOf(places, managed, users);
  if (level === 'none') return { level, findings: [] };
  const facts = { ...hookFacts(places.port), isManaged: level === 'managed' };
  const general = [...managed, ...users];
  const known = new Set(general.map(({ file }) => file));
  const weak = general.flatMap((file) => weaknessesOf(file, facts)).map((spot) => fromSettings(spot));
  // In a home folder the project's settings are the person's own: told once.
  const ofFolders = places.folders.flatMap((folder) =>
    folderSettings(folder)
      .filter(({ file }) => !known.has(file))
      .flatMap((file) => weaknessesOf(file, facts).map((spot) => fromSettings(spot, folder))),
  );
  return { level, findings: [...weak, ...ofFolders, ...altered(places.plugin), ...tooOld(places.versions)] };
}

export function levelOf({ plugin }: TamperPlaces, managed: readonly SettingsFile[], users: readonly SettingsFile[]): HookLevel {
  if (installsOurs(managed)) return 'managed';
  return hasRecord(plugin) || users.some((file) => installsOurs([file])) ? 'plugin' : 'none';
}

function fromSettings({ id, file, line, severity, message, fix }: Weakness, folder?: string): TamperFinding {
  return {
    id: `settings:${file}:${id}`,
    severity,
    message: `${message.replace(/^./, (first) => first.toUpperCase())}.`,
    file,
    ...(line === undefined ? {} : { line }),
    ...(fix === undefined ? {} : { fix }),
    ...(folder === undefined ? {} : { folder }),
  };
}

function altered(plugin: string): readonly TamperFinding[] {
  return alteredFiles(plugin).map(({ path, state }) => ({
    id: `plugin:${path}`,
    severity: 'weak',
    message: `A file of the installed hooks ${state === 'gone' ? 'is gone' : 'is not as Countersign wrote it'}: sessions that start now may not be governed.`,
    ...(state === 'gone' ? {} : { file: path }),
    fix: reinstall,
  }));
}

const reinstall: Reinstall = { say: 'Install the hooks again: countersign install claude-code.', reinstall: true };

function tooOld(versions: readonly string[]): readonly TamperFinding[] {
  return [...new Set(versions)].flatMap((version) => {
    const problem = versionProblem(version);
    return problem === undefined
      ? []
      : [{ id: `client:${version}`, severity: 'weak' as const, message: `A session runs with an old client: ${problem}.` }];
  });
}

/** Files and folders whose change may change what `examine` finds. */
export function watchedFiles({ plugin, configDirs, folders, managed = managedFolder() }: TamperPlaces): readonly string[] {
  const settings = [...managedSettings(managed), ...configDirs.map(userSettings), ...folders.flatMap(folderSettings)].map(
    ({ file }) => file,
  );
  const ours = [
    '.claude-plugin/marketplace.json',
    'plugins/countersign/.mcp.json',
    'plugins/countersign/.claude-plugin/plugin.json',
    'plugins/countersign/hooks/hooks.json',
  ];
  return [...new Set([...settings, join(managed, 'managed-settings.d'), `${plugin}.json`, ...ours.map((path) => join(plugin, path))])];
}
