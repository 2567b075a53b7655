import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { SpendStep } from '../../engine/spend/report.ts';
import { costText, tokensText, usdText } from '../../engine/spend/spend-text.ts';
import { totalOf } from '../../engine/spend/usage.ts';
import { agentText } from '../text.ts';
import type { ChartData, Series } from './chart-data.ts';
import type { PageEvents, PageState } from './page-state.ts';
import { pressable } from './pressable.ts';
import { swatch } from './paint.ts';
import { stepText } from './step-text.ts';

/** The chart's place with its legend, what is under the pointer, and the same as a table. */
export function chartArea({ choice, chart, report, hovered }: PageState, on: PageEvents): TemplateResult {
  if (!chart || !report) return html``;
  const each = chart.step === 'hour' ? 'Each hour' : 'Each day';
  return html`<section class="over-time" aria-label="Over time">
    <div class="heading">
      <h2>Over time</h2>
      <div class="choices" role="group" aria-label="Shape of the chart">
        ${pressable(each, choice.shape === 'steps', () => on.shape('steps'))}
        ${pressable('Running total', choice.shape === 'running', () => on.shape('running'))}
      </div>
    </div>
    <div class="chart" role="img" aria-label=${spoken(chart)}></div>
    <ul class="legend" aria-label="Series">
      ${chart.series.map((series, n) => legend(series, n, hovered))}
    </ul>
    <p class="hovered" aria-hidden="true">${hovered === undefined ? nothing : underPointer(report.steps[hovered], chart.step)}</p>
    <details>
      <summary>As a table</summary>
      ${stepsTable(report.steps, chart)}
    </details>
  </section>`;
}

function spoken({ step, series, limits }: ChartData): string {
  const lines = limits.length === 0 ? '' : ` Budgets: ${limits.map(({ label, usd }) => `${label} ${usdText(usd)}`).join(', ')}.`;
  return `Cost of each ${step} by ${series.map(({ label }) => label).join(', ')}.${lines} The table below has the numbers.`;
}

function legend({ label, values }: Series, n: number, hovered: number | undefined): TemplateResult {
  const value = hovered === undefined ? undefined : values[hovered];
  return html`<li>
    <canvas width="12" height="12" aria-hidden="true" ${ref((canvas) => canvas instanceof HTMLCanvasElement && swatch(canvas, n))}></canvas>
    <span>${agentText(label)}</span>${value === undefined || value === null ? nothing : html` <span class="value">${usdText(value)}</span>`}
  </li>`;
}

function underPointer(step: SpendStep | undefined, length: ChartData['step']): string {
  return step === undefined ? '' : `${stepText(step.start, length)}: ${costText(step.sum)}, ${tokensText(totalOf(step.sum.tokens))}`;
}

function stepsTable(steps: readonly SpendStep[], { step, series, shape }: ChartData): TemplateResult {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Over time, as a table">
    <table>
      <thead>
        <tr>
          <th scope="col">${step === 'hour' ? 'Hour' : 'Day'}</th>
          <th scope="col" class="number">Cost</th>
          <th scope="col" class="number">Tokens</th>
          ${series.map(({ label }) => html`<th scope="col" class="number">${agentText(label)}${shape === 'running' ? ' until then' : ''}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          ({ start, sum }, n) =>
            html`<tr>
              <th scope="row">${stepText(start, step)}</th>
              <td class="number">${costText(sum)}</td>
              <td class="number">${totalOf(sum.tokens).toLocaleString()}</td>
              ${series.map(({ values }) => html`<td class="number">${amount(values[n])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function amount(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : usdText(value);
}
