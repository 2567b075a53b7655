import { html, nothing, type TemplateResult } from 'lit';
import type { BudgetStanding } from '../../engine/budget/standing.ts';
import { shortCount, usdText } from '../../engine/spend/spend-text.ts';
import { agentText } from '../text.ts';
import { momentText } from './step-text.ts';

/** How every budget stands; nothing where there is none. */
export function budgetsTable(budgets: readonly BudgetStanding[], now: number): TemplateResult | typeof nothing {
  if (budgets.length === 0) return nothing;
  const fullest = budgets.toSorted((a, b) => shareOf(b) - shareOf(a));
  return html`<section class="budgets" aria-label="Budgets">
    <h2>Budgets</h2>
    <div class="wide" tabindex="0" role="region" aria-label="How the budgets stand">
      <table>
        <thead>
          <tr>
            <th scope="col">Budget</th>
            <th scope="col">Of</th>
            <th scope="col" class="number">Used</th>
            <th scope="col" class="number">Limit</th>
            <th scope="col">At the limit</th>
            <th scope="col" class="number">Ends</th>
          </tr>
        </thead>
        <tbody>
          ${fullest.map((budget) => oneBudget(budget, now))}
        </tbody>
      </table>
    </div>
  </section>`;
}

const consequences: Readonly<Record<BudgetStanding['onLimit'], string>> = {
  alert: 'you are told',
  require_approval: 'calls wait for you',
  deny: 'calls are denied',
  kill: 'the session is ended',
};

function oneBudget(budget: BudgetStanding, now: number): TemplateResult {
  const { policy, per, subject, window, limit, raisedBy, onLimit, resetsAt, used, isLowerBound } = budget;
  const share = shareOf(budget);
  const state = share >= 1 ? 'over' : budget.alertAt.some((at) => share >= at) ? 'near' : 'within';
  return html`<tr class=${state}>
    <th scope="row"><span class="name">${agentText(policy)}</span></th>
    <td>
      ${per === 'user' ? 'everything' : html`${per} ${agentText(per === 'session' ? subject.slice(0, 8) : subject)}`}${window === 'total' ? nothing : `, each ${window}`}
    </td>
    <td class="number">
      <meter min="0" max="1" value=${Math.min(share, 1)} aria-label="Used of the limit"></meter>
      ${isLowerBound ? 'at least ' : ''}${amount(used, budget)} (${Math.floor(share * 100)} %)${state === 'over' ? ', reached' : nothing}
    </td>
    <td class="number">${amount(limit, budget)}${raisedBy > 0 ? `, raised by ${amount(raisedBy, budget)}` : nothing}</td>
    <td>${consequences[onLimit]}</td>
    <td class="number">${resetsAt === undefined ? 'never' : momentText(resetsAt, now)}</td>
  </tr>`;
}

function shareOf({ used, limit }: BudgetStanding): number {
  return limit === 0 ? 1 : used / limit;
}

function amount(value: number, { unit }: BudgetStanding): string {
  return unit === 'usd' ? usdText(value) : `${shortCount(value)} ${unit}`;
}
