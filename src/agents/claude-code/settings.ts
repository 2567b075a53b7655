import * as z from 'zod/mini';
import { weakEnvironment } from './settings-environment.ts';

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
}

export interface Weakness {
  readonly file: string;
  /** `weak`: our hooks would not, or may not, be heard. `notice`: a person should know. */
  readonly severity: 'weak' | 'notice';
  /** Half a sentence, without a full stop. */
  readonly message: string;
}

/** Everything in that file that stands between the client and our hooks. Verified one by one with 2.1.329. */
export function weaknessesOf(settings: SettingsFile, facts: HookFacts): readonly Weakness[] {
  const { file, source, text } = settings;
  const weak = (message: string): Weakness => ({ file, severity: 'weak', message });
  const isUser = source === 'user_settings';
  if (text === undefined) return isUser ? [weak('without the file, the plugin is not enabled')] : [];
  const read = readSettings(text);
  if (typeof read === 'string') {
    // The client drops a file that it cannot read as a whole: harmless, unless it is the one that enables our plugin.
    return isUser ? [weak(`${read}, so the client ignores the whole file and with it the plugin`)] : [];
  }
  return [
    ...switchedOff(read, isUser, facts).map(weak),
    ...unreachable(read, facts).map(weak),
    ...weakEnvironment(read.env ?? {}).map(weak),
    ...foreignHooks(read).map((message): Weakness => ({ file, severity: 'notice', message })),
  ];
}

const list = z.optional(z.nullable(z.array(z.unknown())));
const record = z.optional(z.nullable(z.record(z.string(), z.unknown())));
const handler = z.looseObject({
  type: z.enum(['command', 'http', 'mcp_tool', 'prompt', 'agent']),
  timeout: z.optional(z.number().check(z.gt(0))),
  onFailure: z.optional(z.enum(['continue', 'block'])),
});
/** The parts of a settings file on which we depend, with those that make the client drop the whole file when they are odd. */
const schema = z.looseObject({
  disableAllHooks: z.optional(z.unknown()),
  allowManagedHooksOnly: z.optional(z.unknown()),
  enabledPlugins: record,
  allowedHttpHookUrls: list,
  env: record,
  model: z.optional(z.nullable(z.string())),
  permissions: z.optional(z.nullable(z.looseObject({ allow: list, deny: list, ask: list }))),
  hooks: z.optional(z.nullable(z.record(z.string(), z.array(z.looseObject({ hooks: z.array(handler) }))))),
});
type Settings = z.infer<typeof schema>;

/** The settings, or what is wrong with them. Plain JSON, as the client takes it: no comments; a byte order mark is fine. */
function readSettings(text: string): Settings | string {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return 'it is not valid JSON';
  }
  const result = z.safeParse(schema, json);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') ?? '';
  return where === '' ? 'it is not a JSON object' : `"${where}" is not what the client accepts`;
}

function switchedOff(settings: Settings, isUser: boolean, { plugin }: HookFacts): readonly string[] {
  const enabled = settings.enabledPlugins?.[plugin];
  const isOff = isUser ? enabled !== true : enabled !== undefined && enabled !== null && enabled !== true;
  return [
    ...(settings.disableAllHooks === true ? ['"disableAllHooks" switches every hook off'] : []),
    ...(settings.allowManagedHooksOnly === true ? ['"allowManagedHooksOnly" lets only hooks of managed settings run'] : []),
    ...(isOff ? [`"enabledPlugins" does not say true for "${plugin}"`] : []),
  ];
}

function unreachable(settings: Settings, { url }: HookFacts): readonly string[] {
  const patterns = settings.allowedHttpHookUrls;
  if (patterns === undefined || patterns === null) return [];
  const allows = patterns.some((pattern) => typeof pattern === 'string' && wildcard(pattern).test(url));
  return allows ? [] : [`"allowedHttpHookUrls" leaves out ${url}`];
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

/** Hooks run side by side on the same call: another one can change the arguments after we allowed them. */
function foreignHooks(settings: Settings): readonly string[] {
  const events = ['PreToolUse', 'PermissionRequest'].filter((event) => (settings.hooks?.[event]?.length ?? 0) > 0);
  return events.map((event) => `its ${event} hooks may change a call after Countersign allowed it`);
}
