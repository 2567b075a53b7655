import { commandReply, oneLine, type Answer, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';

type Command = Reply['command'];

/** No objection is no output: a plain "allow" is a failed hook to Codex, as is any field that it does not know. */
const silent: Command = { stdout: '', stderr: '', exitCode: 0 };

/**
 * The answer in the form that Codex honours. It says "no" with exit code 2 and a line on stderr, which holds whatever else a person's
 * shell prints when it starts; JSON among that would be a failed hook, and the call would run.
 */
export function reply(answer: Answer, to: HookEvent): Reply {
  const { event } = to.origin;
  switch (event) {
    case 'PreToolUse':
      return beforeCall(answer, to);
    case 'PostToolUse':
      return afterCall(answer);
    case 'UserPromptSubmit':
      return answer.kind === 'refuse' ? refusal(answer.reason) : commandReply(silent, false);
    case 'PermissionRequest':
      return ownQuestion(answer);
    default:
      // Elsewhere a "no" would mean: go on working.
      return commandReply(silent, false);
  }
}

/** A message that could not be read is refused wherever Codex lets itself be stopped. */
export function refuseUnread(message: unknown, reason: string, calledFor?: string): Reply {
  const event = eventNameOf(message) ?? calledFor;
  if (event === undefined || stoppable.has(event)) return refusal(reason);
  return commandReply({ stdout: '', stderr: `${oneLine(reason)}\n`, exitCode: unread.has(event) ? 1 : 2 }, true);
}

const stoppable: ReadonlySet<string> = new Set(['PreToolUse', 'PostToolUse', 'UserPromptSubmit']);
/** To these, exit code 2 says "do not stop". */
const unread: ReadonlySet<string> = new Set(['Stop', 'SubagentStop']);

function refusal(reason: string): Reply {
  return commandReply({ stdout: '', stderr: `${oneLine(reason)}\n`, exitCode: 2 }, true);
}

function beforeCall(answer: Answer, to: HookEvent): Reply {
  if (answer.kind === 'refuse') return refusal(answer.reason);
  if (answer.input === undefined) return commandReply(silent, false);
  const isCommand = to.kind === 'tool-call' && to.call.nativeTool === 'Bash';
  if (!isCommand) return refusal('Something has to be taken out of this call, and Codex does not let this tool be given other arguments.');
  return printed({ hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'allow', updatedInput: answer.input } });
}

/** What the model gets instead of the result. */
function afterCall(answer: Answer): Reply {
  if (answer.kind === 'refuse') return refusal(answer.reason);
  if (answer.kind !== 'pass' || answer.output === undefined) return commandReply(silent, false);
  return commandReply({ stdout: '', stderr: `${textOf(answer.output) || oneLine('')}\n`, exitCode: 2 }, false);
}

function textOf(output: JsonValue): string {
  return typeof output === 'string' ? output.trim() : JSON.stringify(output);
}

/** Codex is about to ask its own person. */
function ownQuestion(answer: Answer): Reply {
  if (answer.kind === 'pass') return commandReply(silent, false);
  const decision = answer.kind === 'approve' ? { behavior: 'allow' } : { behavior: 'deny', message: oneLine(answer.reason) };
  return printed({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } });
}

function printed(body: JsonObject): Reply {
  return commandReply({ stdout: `${JSON.stringify(body)}\n`, stderr: '', exitCode: 0 }, false);
}
