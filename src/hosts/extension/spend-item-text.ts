import type { SessionView } from '../../channel/messages.ts';
import type { SpendSum } from '../../engine/spend/report.ts';
import { costText, tokensText } from '../../engine/spend/spend-text.ts';
import { totalOf } from '../../engine/spend/usage.ts';

export interface SpendItemText {
  readonly text: string;
  readonly tooltip: string;
}

/** What the status bar says of money: of the session that was last at work in this window, and of today. */
export function spendItemText(sessions: readonly SessionView[], folders: readonly string[], today: SpendSum | undefined): SpendItemText {
  const session = lastIn(sessions, folders)?.spend;
  const parts = [...(session ? [costText(session)] : []), ...(today ? [`${costText(today)} today`] : [])];
  const spoken = [
    ...(session ? [`the latest session here has cost ${costText(session)} (${tokensText(session.tokens)})`] : []),
    today ? `all agents together ${costText(today)} today (${tokensText(totalOf(today.tokens))})` : 'what was spent today is not known',
  ];
  return { text: `$(credit-card) ${parts.join(' · ') || '…'}`, tooltip: `Countersign: ${spoken.join(', ')}. Click for more.` };
}

function lastIn(sessions: readonly SessionView[], folders: readonly string[]): SessionView | undefined {
  return sessions
    .filter(
      ({ cwd, spend }) =>
        spend !== undefined && folders.some((folder) => cwd === folder || cwd.startsWith(`${folder}/`) || cwd.startsWith(`${folder}\\`)),
    )
    .toSorted((a, b) => a.lastSeenAt - b.lastSeenAt)
    .at(-1);
}
