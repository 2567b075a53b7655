import type { Action } from '../../engine/decision.ts';
import type { AuditFilter } from '../../storage/audit-log.ts';
import { WrongUsage } from './command.ts';
import { timeOf } from './time.ts';

const text = { type: 'string' } as const;

/** The options that choose entries, the same in every verb of `audit`. */
export const filterOptions = { since: text, until: text, session: text, agent: text, tool: text, action: text };

type Given = { readonly [name in keyof typeof filterOptions]?: string | undefined };

/** Throws `WrongUsage` on a time or an action that is none. */
export function filterOf(values: Given): AuditFilter {
  const { since, until, session, agent, tool, action } = values;
  const now = Date.now();
  return {
    ...(since === undefined ? {} : { since: timeOf(since, now) }),
    ...(until === undefined ? {} : { until: timeOf(until, now) }),
    ...(session === undefined ? {} : { session }),
    ...(agent === undefined ? {} : { agent }),
    ...(tool === undefined ? {} : { tool }),
    ...(action === undefined ? {} : { action: actionOf(action) }),
  };
}

const actions: readonly Action[] = ['allow', 'deny', 'require_approval', 'abstain'];

function actionOf(given: string): Action {
  const action = actions.find((known) => known === given);
  if (action === undefined) throw new WrongUsage(`--action is one of ${actions.join(', ')}`);
  return action;
}
