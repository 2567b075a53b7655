import type { BudgetStanding } from '../../engine/budget/standing.ts';
import { amountText } from '../../engine/budget/amount.ts';
import { type Command, parse, required, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { table } from './table.ts';

export const budgets: Command = {
  name: 'budgets',
  summary: 'how far the budgets of your agents are used up',
  usage: 'countersign budgets [--json]',
  run: async (args, terminal) => {
    const { values } = parse(args, { json: { type: 'boolean' } });
    const found = await withGovernor((client) => client.call('budgets', {}));
    if (values.json) terminal.out(JSON.stringify(found.map((standing) => ({ id: idOf(standing), ...standing }))));
    else if (found.length === 0) terminal.out('No budget is held against a session of late. docs/budgets.md says how to write one.');
    else terminal.out(table(['BUDGET', 'PER', 'OF', 'USED', 'LIMIT', '', 'THEN', 'UNTIL'], found.map(row)));
    return 0;
  },
};

export const budget: Command = {
  name: 'budget',
  summary: 'let a session go on whose circuit breaker tripped',
  usage: 'countersign budget reset SESSION',
  run: async (args, terminal) => {
    const [verb, session] = parse(args, {}).positionals;
    if (verb !== 'reset') throw new WrongUsage(`"${verb ?? ''}" is not "reset"`);
    const named = required(session, 'the SESSION');
    refuseAgents('"countersign budget reset"');
    const { id } = await withGovernor((client) => client.call('resetBreakers', { session: named, surface: 'cli' }));
    terminal.out(`The circuit breakers of ${id} are reset.`);
    return 0;
  },
};

function idOf({ policy, per, window, unit, limit, raisedBy, subject }: BudgetStanding): string {
  return [policy, per, window, unit, String(limit - raisedBy), subject].join('/');
}

function row(standing: BudgetStanding): readonly string[] {
  const { policy, per, window, subject, used, limit, unit, onLimit, resetsAt, isLowerBound } = standing;
  return [
    policy,
    window === 'total' ? per : `${per}/${window}`,
    subject,
    `${isLowerBound ? '≥ ' : ''}${amountText(unit, used)}`,
    amountText(unit, limit),
    `${Math.floor((100 * used) / limit)} %`,
    onLimit,
    resetsAt === undefined ? '' : new Date(resetsAt).toLocaleString(),
  ];
}
