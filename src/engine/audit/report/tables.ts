import type { AuditRecord } from '../entry.ts';
import type { Listing } from './evidence.ts';
import { type Content, type Html, html } from './html.ts';
import type { Tally } from './tally.ts';
import { counted, numberText, timeText } from './words.ts';

/** The few numbers that a reader looks for first. */
export function figureList(figures: readonly (readonly [count: number, one: string, many: string])[]): Html {
  return html`<ul class="figures">
    ${figures.map(([count, one, many]) => html`<li><b>${numberText(count)}</b><span>${count === 1 ? one : many}</span></li>`)}
  </ul>`;
}

const mostCounted = 25;

export function tallyTable(title: string, tally: Tally, unit = 'Calls'): Html {
  const rows = tally.rows();
  const shown = rows.slice(0, mostCounted);
  return html`<div>
    <table>
      <thead>
        <tr>
          <th scope="col">${title}</th>
          <th scope="col" class="number">${unit}</th>
        </tr>
      </thead>
      <tbody>
        ${
          rows.length === 0
            ? html`<tr>
                <td colspan="2" class="soft">None</td>
              </tr>`
            : ''
        }
        ${shown.map(
          ([name, count]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="number">${numberText(count)}</td>
            </tr>`,
        )}
        ${
          rows.length > shown.length &&
          html`<tr>
            <td colspan="2" class="soft">and ${numberText(rows.length - shown.length)} more</td>
          </tr>`
        }
      </tbody>
    </table>
  </div>`;
}

export interface Column {
  readonly title: string;
  readonly cell: (record: AuditRecord) => Content;
}

/** A list of entries with their numbers and times, each with a name that links can point at. */
export function entryTable(section: string, { total, records }: Listing, columns: readonly Column[]): Html {
  if (total === 0) return html`<p class="soft">None in this period.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${`Entries: ${section}`}">
    <table>
      ${
        total > records.length &&
        html`<caption>
          The first ${numberText(records.length)} of ${numberText(total)}. All of them: countersign audit export.
        </caption>`
      }
      <thead>
        <tr>
          <th scope="col" class="number">Entry</th>
          <th scope="col">Time (UTC)</th>
          ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${records.map((record) => entryRow(section, record, columns))}
      </tbody>
    </table>
  </div>`;
}

/** `3 entries: 12, 15, 90` as links to the first of them. */
export function entryLinks(section: string, { total, records }: Listing): Html {
  const first = records.slice(0, 5);
  return html`<a href="${`#${section}`}">${counted(total, 'entry', 'entries')}</a>${
      first.length > 0 &&
      html`<span class="soft"
        >:
        ${first.map(({ seq }, i) => html`${i > 0 && ', '}<a href="${`#${section}-${seq}`}">${seq}</a>`)}${total > first.length && ' …'}</span
      >`
    }`;
}

function entryRow(section: string, record: AuditRecord, columns: readonly Column[]): Html {
  return html`<tr id="${`${section}-${record.seq}`}">
    <th scope="row" class="number">${record.seq}</th>
    <td class="time">${timeText(record.entry.time)}</td>
    ${columns.map(({ cell }) => html`<td>${cell(record)}</td>`)}
  </tr> `;
}
