import * as z from 'zod/mini';
import type { HookFacts, SettingsFile } from './settings.ts';

const schema = z.looseObject({
  enabledPlugins: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  hooks: z.optional(z.unknown()),
});

/**
 * The strongest place in these settings that puts our hooks into a session. Says only where they stand: whether something else
 * keeps them from running, `weaknessesOf` tells.
 */
export function hookLevelOf(files: readonly SettingsFile[], { plugin, url }: HookFacts): 'managed' | 'plugin' | 'settings' | undefined {
  const found = files.map(({ source, text }) => ({ isManaged: source === 'policy_settings', ...waysIn(text, plugin, url) }));
  if (found.some(({ isManaged, byPlugin, byHooks }) => isManaged && (byPlugin || byHooks))) return 'managed';
  if (found.some(({ byPlugin }) => byPlugin)) return 'plugin';
  return found.some(({ byHooks }) => byHooks) ? 'settings' : undefined;
}

function waysIn(text: string | undefined, plugin: string, url: string): { readonly byPlugin: boolean; readonly byHooks: boolean } {
  const { enabledPlugins, hooks } = read(text);
  return { byPlugin: enabledPlugins?.[plugin] === true, byHooks: JSON.stringify(hooks ?? '').includes(JSON.stringify(url)) };
}

/** A file that cannot be read puts nothing in. */
function read(text: string | undefined): z.infer<typeof schema> {
  try {
    return text === undefined ? {} : z.parse(schema, JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return {};
  }
}
