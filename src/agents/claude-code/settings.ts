import { foreignHooks } from './settings-hooks.ts';
import { oddInSettings, weakEnvironment, weakInSettings, type OddVariable } from './settings-environment.ts';
import { lineOf } from './settings-place.ts';
import { readSettings, type Settings } from './settings-schema.ts';
import type { Fix, Spot } from './settings-spot.ts';

/** A settings file of Claude Code as it lies on disk; without `text` when it is not there. */
export interface SettingsFile {
  /** The client's word: `user_settings`, `project_settings`, `local_settings`, `policy_settings`. */
  readonly source: string;
  readonly file: string;
  readonly text?: string | undefined;
}

/** What our hooks need of the settings. */
export interface HookFacts {
  /** The plugin as `enabledPlugins` names it: `countersign@countersign`. */
  readonly plugin: string;
  /** Where our HTTP hooks go. */
  readonly url: string;
  /** Managed settings enable our plugin: no other file can switch it off then. */
  readonly isManaged?: boolean;
}

export interface Weakness {
  /** Tells it from the others of that file. */
  readonly id: string;
  readonly file: string;
  /** Counted from 1; left out: it is about the file as a whole. */
  readonly line?: number;
  /** `weak`: our hooks would not, or may not, be heard. `notice`: a person should know. */
  readonly severity: 'weak' | 'notice';
  /** Half a sentence, without a full stop: what it does. */
  readonly message: string;
  readonly fix?: Fix;
}

/** Everything in that file that stands between the client and our hooks. Verified one by one with 2.1.329. */
export function weaknessesOf(settings: SettingsFile, facts: HookFacts): readonly Weakness[] {
  const { file, source, text } = settings;
  const needed = source === 'user_settings' && facts.isManaged !== true;
  if (text === undefined) {
    const message = 'without the file, the plugin is not enabled';
    return needed ? [{ id: 'missing', file, severity: 'weak', message, fix: { say: 'Install the hooks again.' } }] : [];
  }
  const read = readSettings(text);
  // The client drops a file that it cannot read as a whole: harmless, unless it is the one that enables our plugin.
  if ('problem' in read) return needed ? [unreadable(file, read.problem, read.line)] : [];
  return [
    ...switchedOff(read.settings, source, facts).map((spot) => placed(spot, 'weak', file, text)),
    ...unreachable(read.settings, facts).map((spot) => placed(spot, 'weak', file, text)),
    ...[...weakEnvironment(read.settings.env ?? {}), ...weakInSettings(read.settings.env ?? {})].map((one) =>
      placed(variable(one), 'weak', file, text),
    ),
    ...oddInSettings(read.settings.env ?? {}).map((one) => placed(variable(one), 'notice', file, text)),
    ...foreignHooks(read.settings, facts.url).map((spot) => placed(spot, 'notice', file, text)),
  ];
}

function placed({ path, message, fix }: Spot, severity: Weakness['severity'], file: string, marked: string): Weakness {
  const line = lineOf(marked.replace(/^\uFEFF/, ''), path);
  return { id: path.join('.'), file, line, severity, message, ...(fix === undefined ? {} : { fix }) };
}

function unreadable(file: string, problem: string, line: number): Weakness {
  const message = `${problem}, so the client ignores the whole file and with it the plugin`;
  return { id: 'unreadable', file, line, severity: 'weak', message, fix: { say: 'Correct the file.' } };
}

function switchedOff(settings: Settings, source: string, { plugin, isManaged = false }: HookFacts): readonly Spot[] {
  // Nothing below managed settings reaches a plugin that those enable.
  const holds = isManaged && source !== 'policy_settings';
  const enabled = settings.enabledPlugins?.[plugin];
  const isOff = source === 'user_settings' ? enabled !== true : enabled !== undefined && enabled !== null && enabled !== true;
  const on: Fix = { say: `Enable the plugin ${plugin}.`, edit: { path: ['enabledPlugins', plugin], set: true } };
  return [
    ...(settings.disableAllHooks === true && !holds
      ? [{ path: ['disableAllHooks'], message: '"disableAllHooks" switches every hook off', fix: without('disableAllHooks') }]
      : []),
    ...(settings.allowManagedHooksOnly === true && !isManaged
      ? [{ path: ['allowManagedHooksOnly'], message: '"allowManagedHooksOnly" lets only hooks of managed settings run', fix: onlyManaged }]
      : []),
    ...(isOff && !holds
      ? [{ path: ['enabledPlugins', plugin], message: `"enabledPlugins" does not say true for "${plugin}"`, fix: on }]
      : []),
  ];
}

const onlyManaged: Fix = { say: 'Install the hooks as managed settings: countersign install claude-code --managed.' };

function unreachable(settings: Settings, { url }: HookFacts): readonly Spot[] {
  const patterns = settings.allowedHttpHookUrls;
  if (patterns === undefined || patterns === null) return [];
  if (patterns.some((pattern) => typeof pattern === 'string' && wildcard(pattern).test(url))) return [];
  const path = ['allowedHttpHookUrls'];
  return [
    {
      path,
      message: `"allowedHttpHookUrls" leaves out ${url}`,
      fix: { say: `Add ${url} to it.`, edit: { path, set: [...patterns, url] } },
    },
  ];
}

function wildcard(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
}

function variable({ name, message }: OddVariable): Spot {
  return { path: ['env', name], message, fix: without('env', name) };
}

function without(...path: readonly string[]): Fix {
  return { say: `Take "${path.join('.')}" out of the file.`, edit: { path } };
}
