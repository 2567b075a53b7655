import { commandReply, oneLine, type Answer, type HookEvent, type Reply } from '../agent.ts';
import type { JsonObject } from '../../engine/json.ts';

/**
 * What our plugin makes of it (`storage/install/opencode-plugin.ts`): only an answer that says `go` lets anything run, so that nothing at all, half an answer, or
 * the words of somebody else refuse.
 */
export function reply(answer: Answer, to: HookEvent): Reply {
  if (answer.kind === 'refuse') return refusal(answer.reason, answer.stop);
  const args = to.kind === 'tool-call' ? answer.input : undefined;
  const output = to.kind === 'tool-result' && answer.kind === 'pass' ? answer.output : undefined;
  const body = { go: true, ...(args === undefined ? {} : { args }), ...(output === undefined ? {} : { output }) };
  return commandReply({ stdout: printed(body), stderr: '', exitCode: 0 }, false);
}

/** A plugin can refuse whatever it is asked: it throws. */
export function refuseUnread(_: unknown, reason: string): Reply {
  return refusal(reason, false);
}

function refusal(reason: string, stop: boolean): Reply {
  const refuse = oneLine(reason);
  return commandReply({ stdout: printed({ refuse, ...(stop ? { stop } : {}) }), stderr: `${refuse}\n`, exitCode: 2 }, true);
}

function printed(body: JsonObject): string {
  return `${JSON.stringify(body)}\n`;
}
