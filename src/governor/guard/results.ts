import type { Answer, HookEvent } from '../../agents/agent.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Office } from '../office.ts';
import { look } from './look.ts';
import type { Removed } from './removed.ts';

/** Before the model gets results: whether what was taken out of them is out. Another hook may have put it back. */
export function guardResults(office: Office, { origin, results }: Extract<HookEvent, { readonly kind: 'calls-end' }>): Answer {
  for (const { callId, text } of results) {
    const removed = office.removed.take(origin, callId);
    const reason = removed?.stop ?? (removed !== undefined && isBack(office, removed, text) ? putBack(removed.call) : undefined);
    if (reason !== undefined) return { kind: 'refuse', reason, stop: false };
  }
  return { kind: 'pass' };
}

function isBack(office: Office, { call, hashes }: Removed, text: string): boolean {
  // What a review had withheld is a whole text; of a command's output the agent leaves out the end of the last line.
  if ([text, `${text}\n`].some((whole) => hashes.has(office.guards.hashOf(whole)))) return true;
  return look(office, office.ports.policies.inForce(call.cwd), 'output', call, text).some(({ hash }) => hashes.has(hash));
}

function putBack({ nativeTool }: ToolCall): string {
  return `What a guardrail took out of a result of ${nativeTool} is in it again: another hook has replaced the result. The turn ends here; remove that hook.`;
}
