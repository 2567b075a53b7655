import type { Canary } from './canaries.ts';
import { Refused } from './fault.ts';
import type { Office } from './office.ts';
import type { Proof } from './proof.ts';

const howToLook = 'what "countersign doctor" says in that folder may be the reason.';

/** From now on that session is a canary. One that exists already cannot become one: it would vanish from sight. */
export function beginCanary({ canaries, sessions }: Office, canary: Canary): void {
  if (sessions.find(canary.session) !== undefined) throw new Refused('busy', `There is a session ${canary.session} already.`);
  canaries.begin(canary);
}

/** How a canary ended, as whoever started it saw it. */
export interface CanaryEnd extends Canary {
  /** What the client told its model of the call; left out: it made none. */
  readonly heard?: string;
  /** Why it could not even be started. */
  readonly fault?: string;
  /** The session that it stands for; left out: none in particular. */
  readonly about?: string;
}

/** What a canary proves: that our refusal of its call is what the client told its model. */
export function endCanary(office: Office, end: CanaryEnd): Proof {
  const { canaries, proofs, sessions, ports, sight } = office;
  canaries.end(end.session);
  const problem = problemOf(office, end);
  const proof: Proof = problem === undefined ? { at: ports.clock.now(), by: 'canary' } : { problem };
  const about = end.about === undefined ? undefined : (sessions.find(end.about) ?? sight.find(end.about));
  if (about !== undefined) proofs.shown(about.agent, about.id, proof);
  return proof;
}

function problemOf({ ports }: Office, { callId, session, heard, fault }: CanaryEnd): string | undefined {
  if (fault !== undefined) return `It could not be tried: ${fault.replace(/\.$/, '')}.`;
  if (heard === undefined) return `Its client, started once more, made no call: ${howToLook}`;
  const [record] = ports.audit.list({ kind: 'decision', session, callId, limit: 1 });
  if (record === undefined) return `Its client, started once more, made a call that its hooks did not bring to Countersign: ${howToLook}`;
  const { action, reason } = record.entry;
  if (action === 'deny' && reason !== undefined && heard.includes(reason)) return undefined;
  return `Its client, started once more, was not told that its call is refused: ${howToLook}`;
}
