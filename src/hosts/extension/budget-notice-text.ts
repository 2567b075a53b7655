import type { Problem } from '../../channel/messages.ts';
import { plainName } from './notification-text.ts';

interface Notices {
  readonly notices: readonly string[];
  /** All that need not be said again. */
  readonly known: ReadonlySet<string>;
}

/**
 * What notifications say of budgets that they have not said yet. No more than the budget's name: the rest names folders and calls,
 * which agents choose.
 */
export function budgetNotices(problems: readonly Problem[], seen: ReadonlySet<string>): Notices {
  const budgets = problems.filter(({ id }) => id.startsWith('budget:'));
  const fresh = budgets.filter(({ id }) => !seen.has(id));
  return {
    notices: [...new Set(fresh.map(({ id }) => `Budget ${plainName(id.split(':')[1] ?? '')} has something to tell: the inbox shows it.`))],
    known: new Set([...seen, ...budgets.map(({ id }) => id)]),
  };
}
