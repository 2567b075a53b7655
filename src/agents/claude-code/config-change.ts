import { weaknessesOf, type HookFacts, type SettingsFile, type Weakness } from './settings.ts';

/**
 * Why a changed settings file would weaken the hooks of the running session, as a sentence that says what to do, and whether it
 * says so itself; `undefined` when it would not.
 */
export function weakens(change: SettingsFile, facts: HookFacts): { readonly reason: string; readonly isStated: boolean } | undefined {
  const found = weaknessesOf(change, facts).filter(({ severity }) => severity === 'weak');
  if (found.length === 0) return undefined;
  const what = found.map(({ message }) => message).join('; ');
  return {
    reason: `${change.file} would weaken Countersign: ${what}. Take that out of the file; until then this session keeps its old settings.`,
    isStated: found.some(({ id }) => id !== 'unreadable' && id !== 'missing'),
  };
}

/** The weak spots in the settings that a session starts with. */
export function scanSettings(files: readonly SettingsFile[], facts: HookFacts): readonly Weakness[] {
  return files.flatMap((file) => weaknessesOf(file, facts));
}
