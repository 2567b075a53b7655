import { type Answer, commandReply, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';

const GO_ON = 0;
/** The only exit code that refuses; with any other but 0 the client warns and goes on. */
const REFUSE = 2;

/** The answer in the form that VS Code honours for this event. Its `allow` skips VS Code's own question, so only a person's yes gets it. */
export function reply(answer: Answer, to: HookEvent): Reply {
  const { event } = to.origin;
  if (answer.kind === 'refuse') return refuse(answer.reason, answer.stop, event);
  return said(going(answer, event));
}

/** `event`: what the hook was called with. Of an unknown one: what refuses wherever anything can be refused. */
export function refuseUnread(message: unknown, reason: string, event?: string): Reply {
  const named = eventNameOf(message) ?? event;
  if (named !== undefined && goesOnWhenRefused.has(named)) return said({});
  return commandReply({ stdout: '', stderr: line(reason), exitCode: REFUSE }, true);
}

/** To these, exit code 2 says "do not stop": the agent would work on, and ask again. */
const goesOnWhenRefused: ReadonlySet<string> = new Set(['Stop', 'SubagentStop']);

/** `continue: false` ends the chat's turn, and is read only where the exit code is 0. */
function refuse(reason: string, stop: boolean, event: string): Reply {
  if (event === 'PreToolUse' && !stop) return commandReply({ stdout: '', stderr: line(reason), exitCode: REFUSE }, true);
  const ending = stop && canStop(event) ? { continue: false, stopReason: spoken(reason) } : {};
  return said({ ...ending, ...refusal(spoken(reason), event) }, canRefuse(event));
}

function refusal(reason: string, event: string): JsonObject {
  if (event === 'PreToolUse')
    return { hookSpecificOutput: { hookEventName: event, permissionDecision: 'deny', permissionDecisionReason: reason } };
  return canRefuse(event) || event === 'PostToolUse' ? { decision: 'block', reason } : {};
}

function canRefuse(event: string): boolean {
  return event === 'PreToolUse' || event === 'UserPromptSubmit';
}

function canStop(event: string): boolean {
  return canRefuse(event) || event === 'PostToolUse';
}

function going(answer: Exclude<Answer, { readonly kind: 'refuse' }>, event: string): JsonObject {
  if (event !== 'PreToolUse') return {};
  const output = {
    ...(answer.kind === 'approve' ? { permissionDecision: 'allow', permissionDecisionReason: answer.reason } : {}),
    ...(answer.input === undefined ? {} : { updatedInput: answer.input }),
  };
  return Object.keys(output).length === 0 ? {} : { hookSpecificOutput: { hookEventName: event, ...output } };
}

function said(body: JsonObject, isRefusal = false): Reply {
  return commandReply(
    { stdout: Object.keys(body).length === 0 ? '' : `${JSON.stringify(body)}\n`, stderr: '', exitCode: GO_ON },
    isRefusal,
  );
}

function spoken(reason: string): string {
  return reason.trim() === '' ? 'Refused by Countersign.' : reason;
}

function line(reason: string): string {
  return `${spoken(reason)
    .trim()
    .replace(/\s*\n\s*/g, ' ')}\n`;
}
