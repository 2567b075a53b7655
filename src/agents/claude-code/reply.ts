import { oneLine, type Answer, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';

/** Exit codes of a command hook: everything but these two means "go on" to an event without `onFailure`. */
const GO_ON = 0;
const REFUSE = 2;
const FAILED = 1;

/** The answer in the form that Claude Code honours for this event. Events that cannot refuse get no objection. */
export function reply(answer: Answer, to: HookEvent): Reply {
  if (answer.kind === 'refuse') return refuse(answer.reason.trim() || oneLine(''), answer.stop, to.origin.event);
  const body = going(answer, to.origin.event);
  return { http: { status: 200, body }, command: { stdout: printed(body), stderr: '', exitCode: GO_ON } };
}

/**
 * The refusal of a message that could not be read. An event that can refuse gets its own form of "no". Any other gets a
 * failed status: `onFailure: "block"` turns that into a refusal wherever the client can refuse at all, and into a visible
 * error elsewhere.
 */
export function refuseUnread(message: unknown, reason: string): Reply {
  const event = eventNameOf(message);
  if (event !== undefined && canRefuse(event)) return refuse(reason, false, event);
  const exitCode = event !== undefined && goesOnWhenRefused.has(event) ? FAILED : REFUSE;
  return { http: { status: 500, body: { error: reason } }, command: { stdout: '', stderr: line(reason), exitCode } };
}

/** To these, exit code 2 says "do not stop": the agent would work on, and ask again. */
const goesOnWhenRefused: ReadonlySet<string> = new Set(['Stop', 'SubagentStop', 'TeammateIdle', 'TaskCompleted']);

/**
 * A command says "no" twice, by its exit code and on stdout: with an empty stdout, the client takes exit code 2 of a
 * plugin's prompt hook for a missing script as soon as "no such file" stands in the reason, and lets the prompt through.
 */
function refuse(reason: string, stop: boolean, event: string): Reply {
  const body = { ...refusal(reason, stop, event), ...(stop && canStop(event) ? { continue: false, stopReason: reason } : {}) };
  const command = canRefuse(event)
    ? { stdout: printed(body), stderr: line(reason), exitCode: REFUSE }
    : { stdout: printed(body), stderr: '', exitCode: GO_ON };
  return { http: { status: 200, body }, command };
}

function refusal(reason: string, stop: boolean, event: string): JsonObject {
  switch (event) {
    case 'PreToolUse':
      return { hookSpecificOutput: { hookEventName: event, permissionDecision: 'deny', permissionDecisionReason: reason } };
    case 'PermissionRequest':
      return { hookSpecificOutput: { hookEventName: event, decision: { behavior: 'deny', message: reason, interrupt: stop } } };
    case 'UserPromptSubmit':
    case 'UserPromptExpansion':
    case 'ConfigChange':
    case 'PostToolBatch':
      return { decision: 'block', reason };
    default:
      return {};
  }
}

function canRefuse(event: string): boolean {
  return Object.keys(refusal('', false, event)).length > 0;
}

/**
 * Where `continue: false` ends the turn. Before a tool call it goes beside the refusal: alone it lets that very call run.
 * A prompt is only blocked: stopping as well would keep it in the conversation.
 */
function canStop(event: string): boolean {
  return event === 'PreToolUse' || event === 'PostToolUse';
}

/** The client takes other arguments, and another result, as a whole. */
function going(answer: Exclude<Answer, { readonly kind: 'refuse' }>, event: string): JsonObject {
  if (event === 'PostToolUse' && answer.kind === 'pass' && answer.output !== undefined)
    return { hookSpecificOutput: { hookEventName: event, updatedToolOutput: answer.output } };
  const input = event === 'PreToolUse' && answer.input !== undefined ? { updatedInput: answer.input } : {};
  if (answer.kind === 'approve') return approval(answer.reason, event, input);
  return answer.input === undefined || event !== 'PreToolUse' ? {} : { hookSpecificOutput: { hookEventName: event, ...input } };
}

function approval(reason: string, event: string, input: JsonObject): JsonObject {
  if (event === 'PreToolUse')
    return { hookSpecificOutput: { hookEventName: event, permissionDecision: 'allow', permissionDecisionReason: reason, ...input } };
  if (event === 'PermissionRequest') return { hookSpecificOutput: { hookEventName: event, decision: { behavior: 'allow' } } };
  return {};
}

/** No output at all where there is nothing to say. */
function printed(body: JsonObject): string {
  return Object.keys(body).length === 0 ? '' : `${JSON.stringify(body)}\n`;
}

function line(reason: string): string {
  return `${oneLine(reason)}\n`;
}
