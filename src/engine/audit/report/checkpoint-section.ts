import type { AuditRecord } from '../entry.ts';
import { type Content, type Html, html } from './html.ts';
import { counted, numberText, timeText } from './words.ts';

/** The checkpoints of a period: each day's last one, which covers those before it. */
export class Checkpoints {
  readonly #lastOfDay = new Map<string, AuditRecord>();
  #count = 0;

  /** Oldest first. */
  add(record: AuditRecord): void {
    this.#count += 1;
    this.#lastOfDay.set(timeText(record.entry.time).slice(0, 10), record);
  }

  section(): Html {
    if (this.#count === 0) return html`<p><span class="badge wait">Not signed</span> The log was not signed in this period.</p>`;
    return html`<p>
        The log was signed ${counted(this.#count, 'time', 'times')} in this period. These are each day’s last checkpoints; each covers all
        entries up to its size.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="Checkpoints">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">Entry</th>
              <th scope="col">Time (UTC)</th>
              <th scope="col" class="number">Size</th>
              <th scope="col">Root of the tree</th>
              <th scope="col">Key</th>
            </tr>
          </thead>
          <tbody>
            ${[...this.#lastOfDay.values()].map(row)}
          </tbody>
        </table>
      </div>`;
  }
}

function row({ seq, entry }: AuditRecord): Html {
  const { size, root, key } = entry.detail ?? {};
  return html`<tr>
    <th scope="row" class="number">${seq}</th>
    <td class="time">${timeText(entry.time)}</td>
    <td class="number">${typeof size === 'number' && numberText(size)}</td>
    <td><code>${text(root)}</code></td>
    <td><code>${text(key)}</code></td>
  </tr> `;
}

function text(value: unknown): Content {
  return typeof value === 'string' && value;
}
