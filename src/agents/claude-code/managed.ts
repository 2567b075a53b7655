import { marketplace, plugin } from './installation.ts';
import type { SettingsFile } from './settings.ts';
import { readSettings } from './settings-schema.ts';

/** Ours among the drop-ins: later names overrule earlier ones, so an organisation can still overrule us. */
export const managedFileName = '50-countersign.json';

export interface ManagedWish {
  /** Where the plugin lies: `$COUNTERSIGN_HOME/agents/claude-code`. */
  readonly folder: string;
  /** No hooks run but those of managed settings. */
  readonly onlyManagedHooks: boolean;
}

/** The members that make our plugin one that no other settings file can switch off. */
export function managedMembers({
  folder,
  onlyManagedHooks,
}: ManagedWish): readonly { readonly path: readonly string[]; readonly set: unknown }[] {
  return [
    { path: ['extraKnownMarketplaces', marketplace], set: { source: { source: 'directory', path: folder } } },
    { path: ['enabledPlugins', plugin], set: true },
    ...(onlyManagedHooks ? [{ path: ['allowManagedHooksOnly'], set: true }] : []),
  ];
}

/** What an organisation's own managed settings have against it, each as a sentence that says what to do. */
export function managedObstacles(files: readonly SettingsFile[]): readonly string[] {
  return files.flatMap(({ file, text }) => {
    if (text === undefined) return [];
    const read = readSettings(text);
    if ('problem' in read) return [`${file}: ${read.problem}. Claude Code does not start with such a file: correct it first.`];
    const { disableAllHooks, enabledPlugins, strictKnownMarketplaces } = read.settings;
    const isOff = enabledPlugins?.[plugin] !== undefined && enabledPlugins[plugin] !== true;
    return [
      ...(disableAllHooks === true ? [`${file}: "disableAllHooks" switches every hook off. Its administrator has to take it out.`] : []),
      ...(isOff ? [`${file}: "enabledPlugins" switches ${plugin} off. Its administrator has to take it out.`] : []),
      ...(Array.isArray(strictKnownMarketplaces)
        ? [`${file}: "strictKnownMarketplaces" names the only places that plugins may come from. Its administrator has to add ours.`]
        : []),
    ];
  });
}
