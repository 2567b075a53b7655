import type { SearchState } from '../../channel/messages.ts';

/** How many entries there are, or how far the search has got. */
export function countText(state: SearchState | undefined, filtered: boolean): string {
  if (state === undefined) return 'Searching…';
  const found = state.older + state.newer;
  if (!state.isComplete) return `Searching… ${Math.floor(state.progress * 100)} %, ${entries(found)} so far`;
  return filtered ? `${entries(found)} found` : entries(found);
}

export function entries(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}`;
}
