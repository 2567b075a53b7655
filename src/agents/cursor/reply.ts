import { commandReply, oneLine, type Answer, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import { eventNameOf } from '../parse-message.ts';

/** A gate that prints nothing lets the call run, and so does one that prints another gate's word: each event gets its own, always. */
export function reply(answer: Answer, to: HookEvent): Reply {
  const event = to.origin.event;
  if (answer.kind === 'refuse' && (isGate(event) || event === 'beforeSubmitPrompt')) return refusal(event, answer.reason);
  return printed(isGate(event) ? { permission: 'allow' } : event === 'beforeSubmitPrompt' ? { continue: true } : {});
}

export function refuseUnread(message: unknown, reason: string, event = eventNameOf(message) ?? ''): Reply {
  return refusal(event, reason);
}

function isGate(event: string): boolean {
  return event === 'preToolUse' || event === 'beforeMCPExecution' || event === 'beforeShellExecution';
}

/** Said twice: exit code 2 refuses by itself. */
function refusal(event: string, reason: string): Reply {
  const text = oneLine(reason);
  const body =
    event === 'beforeSubmitPrompt'
      ? { continue: false, user_message: text }
      : { permission: 'deny', user_message: text, agent_message: text };
  return printed(body, text);
}

function printed(body: JsonObject, refused?: string): Reply {
  const command = {
    stdout: `${JSON.stringify(body)}\n`,
    stderr: refused === undefined ? '' : `${refused}\n`,
    exitCode: refused === undefined ? 0 : 2,
  };
  return commandReply(command, refused !== undefined);
}
