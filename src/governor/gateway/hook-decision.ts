import { callDigest } from '../../engine/approval/digest.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { haltedReason } from '../halted.ts';
import type { Office } from '../office.ts';
import { keyOf } from '../sessions.ts';

/** Between a hook's message and the call the agent may ask its own person. */
const freshMs = 60 * 60_000;

/**
 * Whether a hook asked about this very call before and nothing spoke against it. What the agent calls it says which decision could be
 * meant; only that the governor has one itself, fresh, with the same tool and arguments, and not used yet, lets the call run by it.
 */
export function decidedByHook(office: Office, call: ToolCall): boolean {
  const { ports, sessions } = office;
  if (call.id === '' || isUsed(office, call)) return false;
  const known = ports.state.answered(call.agent.name, call.session.id, call.id);
  if (known === undefined || known.answer.kind === 'refuse' || ports.clock.now() - known.at > freshMs) return false;
  if (haltedReason(ports, sessions.get(call.agent.name, call.session.id)) !== undefined) return false;
  return (known.ranDigest ?? known.argumentsDigest) === callDigest(call);
}

/** From now on nothing runs by a decision on this call any more. */
export function consume({ ports }: Office, call: ToolCall): void {
  ports.state.budgets.saveNote(noteKey(call), { value: 1, text: '', at: ports.clock.now() }, 'in passing');
}

export function isUsed({ ports }: Office, call: ToolCall): boolean {
  return ports.state.budgets.note(noteKey(call)) !== undefined;
}

function noteKey({ agent, session, id }: ToolCall): string {
  return keyOf('through the gateway', agent.name, session.id, id);
}
