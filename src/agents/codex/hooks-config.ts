import { canonicalJson } from '../../engine/audit/canonical.ts';
import type { JsonObject } from '../../engine/json.ts';
import { hookLine, type HookCommand } from '../hook-command.ts';

/** An event, and what becomes of it where the hook could not be asked. */
interface Wanted {
  readonly event: string;
  /** As trust names it. */
  readonly key: string;
  readonly matcher?: '*';
  /** Seconds. A call may wait for a person. */
  readonly timeout: number;
  readonly otherwise: 'refuse' | 'withhold' | 'go on';
}

/** What to ask about. At the others an exit with 2 would mean "go on working". */
const wanted: readonly Wanted[] = [
  { event: 'PreToolUse', key: 'pre_tool_use', matcher: '*', timeout: 3_600, otherwise: 'refuse' },
  { event: 'PermissionRequest', key: 'permission_request', matcher: '*', timeout: 60, otherwise: 'go on' },
  { event: 'PostToolUse', key: 'post_tool_use', matcher: '*', timeout: 60, otherwise: 'withhold' },
  { event: 'UserPromptSubmit', key: 'user_prompt_submit', timeout: 60, otherwise: 'refuse' },
  { event: 'SessionStart', key: 'session_start', timeout: 60, otherwise: 'go on' },
  { event: 'SessionEnd', key: 'session_end', timeout: 3, otherwise: 'go on' },
  { event: 'SubagentStart', key: 'subagent_start', timeout: 30, otherwise: 'go on' },
  { event: 'SubagentStop', key: 'subagent_stop', timeout: 30, otherwise: 'go on' },
  { event: 'Stop', key: 'stop', timeout: 30, otherwise: 'go on' },
];

export interface CodexHook {
  readonly event: string;
  readonly key: string;
  /** As it stands in hooks.json. */
  readonly group: { readonly matcher?: string; readonly hooks: readonly JsonObject[] };
}

export function codexHooks(command: HookCommand): readonly CodexHook[] {
  return wanted.map(({ event, key, matcher, timeout, otherwise }) => ({
    event,
    key,
    group: {
      ...(matcher === undefined ? {} : { matcher }),
      hooks: [{ type: 'command', command: hookLine(command, 'codex', event, otherwise), timeout }],
    },
  }));
}

/** Whether a group of hooks.json is one of ours, of whatever version. */
export function isOurs(group: unknown): boolean {
  return /\bcodex \w+ --installed\b/.test(JSON.stringify(group));
}

/** What Codex takes the hash of, to know a hook that a person has trusted: compact JSON with sorted keys. */
export function trustText({ key, group }: CodexHook): string {
  const hooks = group.hooks.map((hook) => ({ ...hook, async: false }));
  return canonicalJson({ event_name: key, hooks, ...(group.matcher === undefined ? {} : { matcher: group.matcher }) });
}

/** `/etc/codex/requirements.toml`: hooks that need no trust, and that no project and no person switches off. */
export function requirementsFile(command: HookCommand, folder: string): string {
  const hooks = codexHooks(command).flatMap(({ event, group }) => [
    '',
    `[[hooks.${event}]]`,
    ...(group.matcher === undefined ? [] : [`matcher = ${JSON.stringify(group.matcher)}`]),
    `[[hooks.${event}.hooks]]`,
    ...group.hooks.flatMap((hook) => Object.entries(hook).map(([field, value]) => `${field} = ${JSON.stringify(value)}`)),
  ]);
  return [
    '# Countersign decides before a tool call of Codex runs.',
    'allow_managed_hooks_only = true',
    '',
    '[features]',
    'hooks = true',
    'unified_exec_tty = false',
    '',
    '[hooks]',
    `managed_dir = ${JSON.stringify(folder)}`,
    ...hooks,
    '',
  ].join('\n');
}
