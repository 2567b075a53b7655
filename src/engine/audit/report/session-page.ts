import { type Content, type Html, html } from './html.ts';
import { momentContent } from './moment.ts';
import { facts, verification, type Origin, type Verification } from './origin-facts.ts';
import { page } from './page.ts';
import { mainLane, type Moment, otherLane, type Session } from './session.ts';
import { type SessionCosts, spendSection } from './spend-section.ts';
import { figureList } from './tables.ts';
import { durationText, numberText, timeText } from './words.ts';

export interface SessionFacts {
  readonly origin: Origin;
  readonly session: string;
  readonly verification: Verification;
  /** Left out where nobody counts. */
  readonly spend?: SessionCosts | { readonly unknown: string };
}

/** One session as one HTML file: what happened when, the agent and its subagents side by side. */
export function sessionPage(session: Session, given: SessionFacts): string {
  const { first, last } = session;
  const span = first !== undefined && last !== undefined ? last.entry.time - first.entry.time : 0;
  return page(`Session ${given.session}`, [
    html`<header>
      <h1>Session <code>${given.session}</code></h1>
      <p class="lead">${first && html`From ${timeText(first.entry.time)}, for ${durationText(span)}. `}All times are UTC.</p>
      ${facts(given.origin, [
        ['Agent', first?.entry.agent],
        ['Folder', first?.entry.cwd],
      ])}
      <p class="notice">This file lists what Countersign recorded of the session. Of prompts only length and digest are kept.</p>
    </header>`,
    html`<main>
      ${figures(session)}
      <section aria-labelledby="timeline">
        <h2 id="timeline">What happened</h2>
        ${timeline(session)}
      </section>
      ${spendSection(given.spend)}
      <section aria-labelledby="verification">
        <h2 id="verification">Whether the log holds</h2>
        ${verification(given.verification)}
      </section>
    </main>`,
  ]);
}

function figures(session: Session): Html {
  return figureList([
    [session.kinds.of('decision'), 'call decided', 'calls decided'],
    [session.actions.of('deny'), 'denied', 'denied'],
    [session.kinds.of('approval-answered'), 'question to a person', 'questions to people'],
    [session.kinds.of('prompt'), 'prompt', 'prompts'],
    [session.lanes().length - 1, 'subagent', 'subagents'],
    [session.kinds.of('incident'), 'incident', 'incidents'],
  ]);
}

function timeline(session: Session): Html {
  const lanes = session.lanes();
  const left = session.total - session.moments.length;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Timeline">
    <table class="timeline">
      ${
        left > 0 &&
        html`<caption>
          The first ${numberText(session.moments.length)} moments; ${numberText(left)} more are in countersign audit export.
        </caption>`
      }
      <thead>
        <tr>
          <th scope="col" class="number">Entry</th>
          <th scope="col">Time</th>
          ${lanes.map((lane) => html`<th scope="col">${laneTitle(lane)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${daysOf(session.moments).map(({ moment, newDay }) => [newDay !== undefined && dayRow(newDay, lanes.length), row(moment, lanes)])}
      </tbody>
    </table>
  </div>`;
}

/** Times are shown without their day; where a day begins, it is named. */
function daysOf(moments: readonly Moment[]): readonly { readonly moment: Moment; readonly newDay: string | undefined }[] {
  const dayOf = (moment: Moment | undefined): string | undefined => moment && timeText(moment.record.entry.time).slice(0, 10);
  return moments.map((moment, i) => ({ moment, newDay: dayOf(moment) === dayOf(moments[i - 1]) ? undefined : dayOf(moment) }));
}

function dayRow(day: string, lanes: number): Html {
  return html`<tr>
    <th scope="rowgroup" colspan="${lanes + 2}">${day}</th>
  </tr> `;
}

function row(moment: Moment, lanes: readonly string[]): Html {
  const { seq, entry } = moment.record;
  const own = entry.subagent === undefined ? mainLane : lanes.includes(entry.subagent) ? entry.subagent : otherLane;
  return html`<tr id="${`entry-${seq}`}" class="${entry.kind}">
    <th scope="row" class="number">${seq}</th>
    <td class="time">${timeText(entry.time).slice(11)}</td>
    ${lanes.map((lane) => html`<td class="lane">${lane === own && momentContent(moment)}</td>`)}
  </tr> `;
}

function laneTitle(lane: string): Content {
  if (lane === mainLane) return 'Agent';
  return lane === otherLane ? 'Other subagents' : html`Subagent <code>${lane}</code>`;
}
