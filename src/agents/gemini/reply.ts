import { commandReply, type Answer, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';
import { textOf } from './text.ts';

/**
 * The answer in the form that Gemini CLI honours for this event. It exits with 0 and says everything in JSON: an exit code of 2 without
 * text lets the call run, and the command line around us turns any other code into a refusal.
 */
export function reply(answer: Answer, to: HookEvent): Reply {
  const { event } = to.origin;
  if (answer.kind === 'refuse') return refusable.has(event) ? said(refusal(answer.reason, answer.stop)) : silent;
  if (answer.kind === 'pass' && answer.output !== undefined && event === 'AfterTool') return said(refusal(textOf(answer.output), false));
  if (answer.input === undefined || event !== 'BeforeTool') return silent;
  return said({ hookSpecificOutput: { hookEventName: event, tool_input: answer.input } });
}

/** Whatever event it was: where nothing can be refused, the client does not look at this. After a turn it would go on and on. */
export function refuseUnread(message: unknown, reason: string): Reply {
  return eventNameOf(message) === 'AfterAgent' ? silent : said(refusal(reason, false));
}

const refusable: ReadonlySet<string> = new Set(['BeforeTool', 'AfterTool', 'BeforeAgent', 'BeforeModel']);

/** `continue: false` ends the run at once. */
function refusal(reason: string, stop: boolean): JsonObject {
  return { decision: 'deny', reason, ...(stop ? { continue: false, stopReason: reason } : {}) };
}

const silent: Reply = commandReply({ stdout: '', stderr: '', exitCode: 0 }, false);

function said(body: JsonObject): Reply {
  return commandReply({ stdout: `${JSON.stringify(body)}\n`, stderr: '', exitCode: 0 }, body['decision'] === 'deny');
}
