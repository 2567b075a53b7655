import { commandReply, type Answer, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';
import { textOf } from '../gemini/text.ts';

/**
 * The answer in the form that Qwen Code honours for this event. It exits with 0 and says everything in JSON: of exit code 2 the client
 * reads only what was printed as an error, and the command line around us turns any other code into a refusal.
 */
export function reply(answer: Answer, to: HookEvent): Reply {
  const { event } = to.origin;
  if (answer.kind === 'refuse') return saidIf(refusal(answer.reason, answer.stop, event));
  if (answer.input !== undefined && event === 'PreToolUse')
    return saidIf(refusal('This call would have to run with other arguments, which Qwen Code does not take.', false, event));
  if (answer.kind === 'approve') return event === 'PermissionRequest' ? said(permission({ behavior: 'allow' }), false) : silent;
  return answer.output !== undefined && event === 'PostToolUse' ? saidIf(instead(textOf(answer.output))) : silent;
}

/** Whatever event it was. To `Stop` this would say "go on". */
export function refuseUnread(message: unknown, reason: string): Reply {
  const event = eventNameOf(message);
  const known = event === undefined ? undefined : refusal(reason, false, event);
  if (known !== undefined) return said(known, true);
  if (event !== undefined && goesOnWhenRefused.has(event)) return silent;
  return said({ ...refusal(reason, false, 'PreToolUse'), ...refusal(reason, false, 'UserPromptSubmit') }, true);
}

const goesOnWhenRefused: ReadonlySet<string> = new Set(['Stop', 'SubagentStop']);

function refusal(reason: string, stop: boolean, event: string): JsonObject | undefined {
  switch (event) {
    case 'PreToolUse':
      return beforeTool(reason);
    case 'PostToolUse':
      return instead(reason);
    case 'UserPromptSubmit':
      return { decision: 'block', reason, ...(stop ? { continue: false, stopReason: reason } : {}) };
    case 'PermissionRequest':
      return permission({ behavior: 'deny', message: reason, interrupt: stop });
    default:
      return undefined;
  }
}

/** Of several hooks the last `permissionDecision` counts, and then `continue: false` of any: another hook's yes does not undo our no. */
function beforeTool(reason: string): JsonObject {
  const hookSpecificOutput = { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: reason };
  return { decision: 'deny', reason, continue: false, stopReason: reason, hookSpecificOutput };
}

/** The client reads no more than 1 MiB of what a hook prints; cut short, it would be no JSON, and the model would get what was to be hidden. */
const longest = 900_000;

/** `block` would leave the result as it is. The run goes on. */
function instead(text: string): JsonObject {
  const body = { continue: false, stopReason: text };
  return JSON.stringify(body).length <= longest ? body : { continue: false, stopReason: tooLong };
}

const tooLong = 'Countersign took something out of this result, and what is left is too long for Qwen Code to take. Ask for less of it.';

function permission(decision: JsonObject): JsonObject {
  return { hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } };
}

const silent: Reply = commandReply({ stdout: '', stderr: '', exitCode: 0 }, false);

function saidIf(body: JsonObject | undefined): Reply {
  return body === undefined ? silent : said(body, true);
}

function said(body: JsonObject, isRefusal: boolean): Reply {
  return commandReply({ stdout: `${JSON.stringify(body)}\n`, stderr: '', exitCode: 0 }, isRefusal);
}
