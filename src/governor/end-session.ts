import { killSession } from './kill.ts';
import type { Office } from './office.ts';

/** Ends a session because a policy says so. Never rejects. One attempt at a time; the next call that runs makes another. */
export async function endSession(office: Office, agent: string, session: string, why: string): Promise<void> {
  const { ending } = office.incidents;
  if (ending.has(session)) return;
  ending.add(session);
  try {
    await killSession(office, session, why, 'Countersign', [agent]);
  } catch (error) {
    await office.ledger.incident(`Session ${session} could not be ended`, undefined, error);
  } finally {
    ending.delete(session);
  }
}
