import { digestOf } from '../engine/audit/canonical.ts';
import type { AuditEntry } from '../engine/audit/entry.ts';
import { redact } from '../engine/guardrail/redact.ts';
import { onUngoverned } from '../engine/policy/outer-layers.ts';
import { aboutCall } from './decision-entries.ts';
import { adviceFor, type Ungoverned } from './incident-list.ts';
import { endSession } from './end-session.ts';
import type { Office } from './office.ts';

/**
 * Raises an incident: in the log, before a person's eyes and, where the policies say so, against the session. Resolves when it
 * is written down, with what is done about it. Never rejects: a log that cannot be written is no reason to leave the session alone.
 */
export async function raiseIncident(office: Office, found: Ungoverned): Promise<'alert' | 'kill'> {
  const then = thenFor(office, found.cwd);
  const written = office.incidents.show(found, office.ports.clock.now());
  try {
    written((await office.ledger.write(entryOf(found, then), 'synced')).seq);
  } catch (error) {
    await office.ledger.incident(found.what, undefined, error);
  }
  if (then === 'kill' && !office.alone) void endSession(office, found.agent, found.session, `${found.what}.`);
  return then;
}

/** Policies that cannot be read say nothing about it: the calls they govern are refused meanwhile. */
function thenFor(office: Office, cwd: string): 'alert' | 'kill' {
  try {
    return onUngoverned(office.ports.policies.inForce(cwd));
  } catch {
    return 'alert';
  }
}

function entryOf(found: Ungoverned, then: 'alert' | 'kill'): Omit<AuditEntry, 'time'> {
  const { agent, session, cwd, cause, what, call, callId } = found;
  return {
    kind: 'incident',
    agent,
    session,
    cwd,
    ...(callId === undefined ? {} : { callId }),
    ...(call === undefined ? {} : { ...aboutCall(call), arguments: redact(call.arguments, []), argumentsDigest: digestOf(call.arguments) }),
    reason: `${what}.`,
    detail: { cause, advice: adviceFor(found.agent, cause), onUngoverned: then },
  };
}
