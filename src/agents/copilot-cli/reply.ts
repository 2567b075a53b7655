import { type Answer, commandReply, type HookEvent, type Reply } from '../agent.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';
import { inputOf } from './tools.ts';

const GO_ON = 0;
/** Before a tool call, every exit code but 0 refuses; to a prompt, none does. */
const REFUSE = 2;

/**
 * The answer in the form that Copilot CLI 1.0.102 was seen to honour. Its own `interrupt` and `continue: false` end nothing before a
 * tool call: a session ends by its process.
 */
export function reply(answer: Answer, to: HookEvent): Reply {
  const { event } = to.origin;
  if (answer.kind === 'refuse') return refuse(answer.reason, answer.stop, event);
  const body = going(answer, event);
  return commandReply({ stdout: printed(body), stderr: '', exitCode: GO_ON }, false);
}

/** `event`: what the hook was called with, when the message does not say it. */
export function refuseUnread(message: unknown, reason: string, event?: string): Reply {
  const named = event ?? eventNameOf(message) ?? '';
  return canRefuse(named) ? refuse(reason, false, named) : refuseAny(spoken(reason));
}

/** Of an unknown event: this client does not mind what belongs to others, and each takes its own out of it. */
function refuseAny(reason: string): Reply {
  const all = ['PreToolUse', 'PermissionRequest', 'UserPromptSubmit'].map((event) => refusal(reason, false, event));
  return commandReply({ stdout: printed(Object.assign({}, ...all)), stderr: line(reason), exitCode: REFUSE }, true);
}

function refuse(given: string, stop: boolean, event: string): Reply {
  const reason = spoken(given);
  const stdout = printed(refusal(reason, stop, event));
  if (event !== 'PreToolUse') return commandReply({ stdout, stderr: '', exitCode: GO_ON }, canRefuse(event));
  return commandReply({ stdout, stderr: line(reason), exitCode: REFUSE }, true);
}

function refusal(reason: string, stop: boolean, event: string): JsonObject {
  switch (event) {
    case 'PreToolUse':
      return { permissionDecision: 'deny', permissionDecisionReason: reason };
    case 'PermissionRequest':
      return { behavior: 'deny', message: reason, interrupt: stop };
    case 'UserPromptSubmit':
      return { decision: 'block', reason };
    // The tool has run: only its result is withheld.
    case 'PostToolUse':
      return { decision: 'block', reason };
    default:
      return {};
  }
}

function canRefuse(event: string): boolean {
  return event === 'PreToolUse' || event === 'PermissionRequest' || event === 'UserPromptSubmit';
}

function spoken(reason: string): string {
  return reason.trim() === '' ? 'Refused by Countersign.' : reason;
}

function line(reason: string): string {
  return `${reason.trim().replace(/\s*\n\s*/g, ' ')}\n`;
}

function going(answer: Exclude<Answer, { readonly kind: 'refuse' }>, event: string): JsonObject {
  if (event === 'PostToolUse' && answer.kind === 'pass' && answer.output !== undefined) return { modifiedResult: resultOf(answer.output) };
  if (event === 'PermissionRequest') return answer.kind === 'approve' ? { behavior: 'allow' } : {};
  if (event !== 'PreToolUse') return {};
  return {
    ...(answer.kind === 'approve' ? { permissionDecision: 'allow', permissionDecisionReason: answer.reason } : {}),
    ...(answer.input === undefined ? {} : { modifiedArgs: inputOf(answer.input) }),
  };
}

/** What came as `result_type` has to go back as `resultType`: the other spelling changes nothing, and the model gets it all. */
function resultOf(output: JsonValue): JsonObject {
  const { result_type: type, text_result_for_llm: text } = isObject(output) ? output : {};
  return {
    resultType: typeof type === 'string' ? type : 'success',
    textResultForLlm: typeof text === 'string' ? text : JSON.stringify(output),
  };
}

function printed(body: JsonObject): string {
  return Object.keys(body).length === 0 ? '' : `${JSON.stringify(body)}\n`;
}
