import { entryOf, type HookEntries, memberOf } from '../gemini/hooks-config.ts';
import { type HookCommand, hookLine, type Otherwise } from '../hook-command.ts';

/** Seconds: from 1,000 on the client would take it for milliseconds. It waits no longer than that for an answer to a tool call anyway. */
const patience = 60;

/** At the end of a turn a refusal would make the client go on. */
const harmless = 'go on';

/** In place of a result that nobody has looked through: exit code 2 would leave it as it is. */
const withheld = { print: '{"continue":false,"stopReason":"Countersign could not look through this result, so it is withheld."}' };

/** Our hooks in Qwen Code's settings. */
export function qwenHooks(command: HookCommand): HookEntries {
  const entry = (event: string, otherwise?: Otherwise) =>
    [event, entryOf(hookLine(command, 'qwen-code', event, otherwise), patience)] as const;
  return Object.fromEntries([
    entry('SessionStart'),
    entry('UserPromptSubmit'),
    entry('PreToolUse'),
    entry('PostToolUse', withheld),
    entry('PostToolUseFailure', harmless),
    entry('SubagentStart', harmless),
    entry('SubagentStop', harmless),
    entry('Stop', harmless),
    entry('SessionEnd', harmless),
  ]);
}

/** Why the client does not run them, by a settings file of a person or a project; `undefined`: it says nothing against them. */
export function silencedBy(settings: unknown): string | undefined {
  return memberOf(settings, 'disableAllHooks') === true ? 'switches all hooks off ("disableAllHooks": true)' : undefined;
}
