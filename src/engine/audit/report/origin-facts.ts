import { type Content, type Html, html } from './html.ts';
import { numberText, timeText } from './words.ts';

/** Which log on which machine a report is about, and when it was written. */
export interface Origin {
  readonly host: string;
  readonly user: string;
  readonly version: string;
  /** The hash of the log's first entry; empty in an empty log. */
  readonly log: string;
  readonly writtenAt: number;
}

/** What a check of the whole log found. */
export type Verification =
  | { readonly ok: true; readonly count: number; readonly head: string }
  | { readonly ok: false; readonly seq: number; readonly why: string };

export function facts(origin: Origin, more: readonly (readonly [name: string, value: Content])[]): Html {
  const rows: readonly (readonly [string, Content])[] = [
    ['Machine', origin.host],
    ['User', origin.user],
    ['Log', origin.log === '' ? 'empty' : html`<code>${origin.log}</code>`],
    ...more,
    ['Written', `${timeText(origin.writtenAt)} by Countersign ${origin.version}`],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        value !== undefined &&
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** What the check says, and what it cannot say. */
export function verification(verdict: Verification, checkpoints?: Content): Html {
  return html`${verdict.ok ? holds(verdict.count, verdict.head) : broken(verdict.seq, verdict.why)} ${checkpoints}
    <p class="soft">
      The chain shows that no entry was changed, inserted or taken out of the middle. It cannot show from the file alone that entries are
      missing at its end, or that somebody who had the user’s rights wrote the whole log anew: compare the head with one that was kept
      elsewhere.
    </p>`;
}

function holds(count: number, head: string): Html {
  return html`<p>
      <span class="badge good">It holds</span> ${numberText(count)} entries were read from the first one on; each is chained to the one
      before it.
    </p>
    <dl class="facts">
      <dt>Head</dt>
      <dd><code>${head}</code></dd>
    </dl>`;
}

function broken(seq: number, why: string): Html {
  const where = seq > 0 ? `From entry ${seq} on it does not` : 'It does not';
  return html`<p><span class="badge bad">It does not hold</span> ${where} prove anything: ${why}.</p>`;
}
