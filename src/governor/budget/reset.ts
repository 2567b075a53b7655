import { Refused } from '../fault.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';
import { resetEntry } from './entries.ts';
import { sessionResetKey } from './trips.ts';

/** A person lets a session go on whose circuit breakers tripped: what it did before counts no more. Calls that wait for that go on. */
export async function resetBreakers(
  office: Office,
  id: string,
  by: { readonly user: string; readonly surface: string },
): Promise<SessionRecord> {
  const { sessions, ports, ledger, approvals, budgetNews } = office;
  const session = sessions.find(id);
  if (session === undefined) throw new Refused('not-found', `There is no session ${id}.`);
  // Written down before it holds.
  await ledger.write(resetEntry(session, by), 'synced');
  const note = { value: ports.clock.now(), text: by.user, at: ports.clock.now() };
  ports.state.budgets.saveNote(sessionResetKey(session.agent, id), note, 'at once');
  for (const { raises = [] } of approvals.open().filter((approval) => approval.session === id))
    for (const { key } of raises.filter((raise) => raise.key.startsWith('reset '))) ports.state.budgets.saveNote(key, note, 'at once');
  approvals.release(by);
  budgetNews.hide((_, shown) => shown === id);
  return session;
}
