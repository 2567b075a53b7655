import { type HookCommand, hookLine, type Otherwise } from '../hook-command.ts';

/** What a client runs at one event, as it stands in its settings. */
export interface HookEntry {
  readonly matcher: string;
  readonly hooks: readonly { readonly type: 'command'; readonly command: string; readonly timeout: number }[];
}

/** By the names of events. */
export type HookEntries = Readonly<Record<string, HookEntry>>;

/** Milliseconds: a person may take that long to answer. */
const patience = 3_600_000;

/** After a turn, and at its end, a refusal would make the client go on. */
const harmless = 'go on';

/**
 * Our hooks in Gemini CLI's settings. Without a name: a project could switch them off by it, and a hook without one is called like its
 * command, which has the person's home in it.
 */
export function geminiHooks(command: HookCommand): HookEntries {
  const entry = (event: string, otherwise?: Otherwise) =>
    [event, entryOf(hookLine(command, 'gemini-cli', event, otherwise), patience)] as const;
  return Object.fromEntries([
    entry('SessionStart'),
    entry('BeforeAgent'),
    entry('BeforeModel'),
    entry('BeforeTool'),
    entry('AfterTool'),
    entry('AfterAgent', harmless),
    entry('SessionEnd', harmless),
  ]);
}

export function entryOf(command: string, timeout: number): HookEntry {
  return { matcher: '*', hooks: [{ type: 'command', command, timeout }] };
}

/** Why the client does not run them, by a settings file of a person or a project; `undefined`: it says nothing against them. */
export function silencedBy(settings: unknown): string | undefined {
  // Older versions have these among the hooks themselves.
  for (const part of [memberOf(settings, 'hooksConfig'), memberOf(settings, 'hooks')]) {
    if (memberOf(part, 'enabled') === false) return 'switches all hooks off ("enabled": false)';
    const disabled = memberOf(part, 'disabled');
    if (Array.isArray(disabled) && disabled.some(isOurs)) return 'switches a hook of Countersign off ("disabled")';
  }
  return undefined;
}

/** A hook without a name is called like its command. */
function isOurs(name: unknown): boolean {
  return typeof name === 'string' && name.includes(' gemini-cli ') && name.includes('--installed');
}

/** What such a file says, comments passed over as the client does; `undefined` where it is no JSON: the client does not heed it then. */
export function parsedSettings(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, kept?: string) => kept ?? ''));
  } catch {
    return undefined;
  }
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
