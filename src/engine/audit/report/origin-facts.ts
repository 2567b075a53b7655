import { type Content, type Html, html } from './html.ts';
import { counted, numberText, timeText } from './words.ts';

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
  | {
      readonly ok: true;
      readonly count: number;
      readonly head: string;
      readonly checkpoints: number;
      readonly signed: { readonly size: number; readonly root: string };
      readonly keys: readonly string[];
      readonly pruned: Readonly<Record<number, number>>;
    }
  | { readonly ok: false; readonly seq: number; readonly why: string };
type Holds = Extract<Verification, { readonly ok: true }>;

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
export function verification(verdict: Verification): Html {
  return html`${verdict.ok ? holds(verdict) : broken(verdict.seq, verdict.why)}
    <p class="soft">
      Chain, tree and signatures show that no entry was changed, inserted or taken out. They cannot show from the file alone that entries
      after the last checkpoint are missing, or that somebody who had the user’s rights and key wrote the whole log anew: compare
      checkpoints with those that were kept elsewhere.
    </p>`;
}

function holds({ count, head, checkpoints, signed, keys, pruned }: Holds): Html {
  const emptied = Object.entries(pruned);
  return html`<p>
      <span class="badge good">It holds</span> ${numberText(count)} entries were read from the first one on; each is chained to the one
      before it.
    </p>
    <dl class="facts">
      <dt>Head</dt>
      <dd><code>${head}</code></dd>
      <dt>Checkpoints that hold</dt>
      <dd>
        ${checkpoints === 0 ? 'none' : html`${numberText(checkpoints)}, the last one of size ${numberText(signed.size)}, root <code>${signed.root}</code>`}
      </dd>
      <dt>Entries after the last</dt>
      <dd>${numberText(count - signed.size)}</dd>
      <dt>Signed with</dt>
      <dd>${keys.length === 0 ? 'no key' : html`<code>${keys.join(', then ')}</code>`}</dd>
      <dt>Without contents</dt>
      <dd>
        ${
          emptied.length === 0
            ? 'none'
            : emptied.map(
                ([by, entries]) => html`<div>${counted(entries, 'entry', 'entries')}, removed under the rule in entry ${by}</div>`,
              )
        }
      </dd>
    </dl>`;
}

function broken(seq: number, why: string): Html {
  const where = seq > 0 ? `From entry ${seq} on it does not` : 'It does not';
  return html`<p><span class="badge bad">It does not hold</span> ${where} prove anything: ${why}.</p>`;
}
