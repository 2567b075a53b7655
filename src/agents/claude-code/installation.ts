import * as z from 'zod/mini';
import { gateFile, hookUrl, hooksFile, strictGateFile, type HookSettings } from './hooks-config.ts';
import type { HookFacts, SettingsFile } from './settings.ts';
import { readSettings } from './settings-schema.ts';

/** The first version with `onFailure: "block"`: older ones let a call run when its hook fails. */
const oldestVersion = '2.1.295';

export const marketplace = 'countersign';
export const plugin = `countersign@${marketplace}`;

export interface InstallationOptions {
  /** `$COUNTERSIGN_HOME/agents/claude-code`. */
  readonly folder: string;
  /** The client's own folder: `$CLAUDE_CONFIG_DIR`, else `~/.claude`. */
  readonly configDir: string;
  /** Set where the person had CLAUDE_CONFIG_DIR set: the client is then called with it. */
  readonly isConfigDirSet: boolean;
  /** Countersign's version. */
  readonly version: string;
  readonly hooks: HookSettings;
  /** Whether the person agreed that skills may no longer run shell commands of their own, past every hook. */
  readonly disableSkillShellExecution: boolean;
}

/** Everything that putting our plugin into Claude Code takes, as data: storage carries it out, and takes it back. */
export interface Installation {
  readonly agent: 'claude-code';
  readonly folder: string;
  /** Paths are relative to `folder`. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What must never be shown: it stands in the files. */
  readonly secret: string;
  readonly client: { readonly program: 'claude'; readonly environment: Readonly<Record<string, string>> };
  /** Says why that client cannot be governed; takes what `--version` printed. */
  readonly versionProblem: (printed: string) => string | undefined;
  /** Arguments for the client's program, to run in this order. Repeating them does no harm. */
  readonly commands: readonly (readonly string[])[];
  /** Lists the installed plugins as JSON, and says whether ours is among them, enabled, and read from our folder. */
  readonly listed: { readonly arguments: readonly string[]; readonly problem: (printed: string) => string | undefined };
  /** JSON files that the commands write, and the members in them that are ours. `set` is what the member becomes, where we know. */
  readonly configuration: readonly ConfigurationFile[];
  /** Folders that the client makes for our plugin, and for nothing else. */
  readonly ownFolders: readonly string[];
  /** Folders that the client makes when they are missing; removed again when they are empty and were not there before. Inner ones first. */
  readonly sharedFolders: readonly string[];
}

export interface ConfigurationFile {
  readonly file: string;
  readonly members: readonly Member[];
  /** What the client writes when it has nothing to say: as good as no file. */
  readonly empty: unknown;
}

export interface Member {
  readonly path: readonly string[];
  readonly set?: unknown;
  /** Written by us, not by the client's program; a value that is already there stays. */
  readonly byUs?: true;
}

export function claudeCodeInstallation(options: InstallationOptions): Installation {
  const { folder, configDir } = options;
  const plugins = `${configDir}/plugins`;
  return {
    agent: 'claude-code',
    folder,
    files: pluginFiles(options),
    secret: options.hooks.token,
    client: { program: 'claude', environment: options.isConfigDirSet ? { CLAUDE_CONFIG_DIR: configDir } : {} },
    versionProblem,
    commands: [
      ['plugin', 'marketplace', 'add', folder],
      ['plugin', 'install', plugin, '--json'],
    ],
    listed: { arguments: ['plugin', 'list', '--json'], problem: (printed) => listProblem(printed, folder) },
    configuration: [
      { file: `${configDir}/settings.json`, members: settingsMembers(options), empty: {} },
      { file: `${plugins}/known_marketplaces.json`, members: [{ path: [marketplace] }], empty: {} },
      { file: `${plugins}/installed_plugins.json`, members: [{ path: ['plugins', plugin] }], empty: { version: 2, plugins: {} } },
    ],
    ownFolders: [`${plugins}/cache/${marketplace}`, `${plugins}/data/countersign-${marketplace}`],
    sharedFolders: [`${plugins}/cache`, `${plugins}/data`, `${plugins}/marketplaces`, plugins],
  };
}

/** What `weakens` and `scanSettings` have to know about the installed plugin. */
export function hookFacts(port: number): HookFacts {
  return { plugin, url: hookUrl(port) };
}

/** Whether those files enable our plugin: the last one that speaks of it counts. One that the client cannot read says nothing. */
export function installsOurs(files: readonly SettingsFile[]): boolean {
  const said = files.map(({ text }) => {
    const read = text === undefined ? undefined : readSettings(text);
    return read === undefined || 'problem' in read ? undefined : read.settings.enabledPlugins?.[plugin];
  });
  return said.findLast((value) => value !== undefined) === true;
}

/** The plugin and the marketplace around it: a folder, because from a folder the client runs the very files that lie there. */
export function pluginFiles({ version, hooks }: Pick<InstallationOptions, 'version' | 'hooks'>): Installation['files'] {
  const description = 'Decides before a tool call runs: allow, deny, or ask you.';
  const author = { name: 'Countersign' };
  const listing = { name: 'countersign', source: './plugins/countersign', description, version };
  return [
    {
      path: '.claude-plugin/marketplace.json',
      text: json({ name: marketplace, owner: author, metadata: { description }, plugins: [listing] }),
    },
    { path: 'plugins/countersign/.claude-plugin/plugin.json', text: json({ name: 'countersign', version, description, author }) },
    // Before the hooks: those without their gate would refuse everything.
    { path: 'plugins/countersign/.mcp.json', text: gateFile(hooks) },
    { path: 'plugins/countersign/hooks/hooks.json', text: hooksFile(hooks) },
    { path: 'strict-mcp.json', text: strictGateFile(hooks) },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function settingsMembers({ folder, disableSkillShellExecution }: InstallationOptions): readonly Member[] {
  return [
    { path: ['extraKnownMarketplaces', marketplace], set: { source: { source: 'directory', path: folder } } },
    { path: ['enabledPlugins', plugin], set: true },
    ...(disableSkillShellExecution ? [{ path: ['disableSkillShellExecution'], set: true, byUs: true } as const] : []),
  ];
}

/** Why a client of that version cannot be governed; takes what `--version` prints. */
export function versionProblem(printed: string): string | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec(printed.trim());
  if (found === null) return `"claude --version" said "${printed.trim().slice(0, 80)}", which is no version of Claude Code`;
  if (isAtLeast(found.slice(1).map(Number), oldestVersion.split('.').map(Number))) return undefined;
  return `Claude Code ${found[0]} lets a tool call run when its hook fails. Update it to ${oldestVersion} or later ("claude update"), then install again`;
}

function isAtLeast(version: readonly number[], oldest: readonly number[]): boolean {
  const at = oldest.findIndex((part, index) => (version[index] ?? 0) !== part);
  return at === -1 || (version[at] ?? 0) > (oldest[at] ?? 0);
}

const list = z.array(
  z.looseObject({
    id: z.string(),
    enabled: z.optional(z.boolean()),
    readFromFolder: z.optional(z.string()),
    scope: z.optional(z.string()),
  }),
);

function listProblem(printed: string, folder: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(printed);
  } catch {
    return '"claude plugin list --json" printed no JSON';
  }
  const result = z.safeParse(list, parsed);
  if (!result.success) return '"claude plugin list --json" printed a list of another shape';
  const ours = result.data.find(({ id }) => id === plugin);
  if (ours === undefined) return `the plugin ${plugin} is not installed`;
  if (ours.enabled === false) return `the plugin ${plugin} is switched off`;
  if (ours.readFromFolder !== undefined && !ours.readFromFolder.startsWith(folder))
    return `the plugin ${plugin} is read from ${ours.readFromFolder}, not from ${folder}`;
  return undefined;
}
