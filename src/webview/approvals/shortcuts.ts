export type Shortcut = 'next' | 'previous' | 'approve' | 'approve-session' | 'deny' | 'show-change' | 'reason';

const keys: Readonly<Record<string, Shortcut>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  a: 'approve',
  s: 'approve-session',
  d: 'deny',
  c: 'show-change',
  r: 'reason',
};

/** As the panel documents them below the cards. */
export const shortcutHelp: readonly (readonly [keys: string, does: string])[] = [
  ['J or ↓', 'next'],
  ['K or ↑', 'previous'],
  ['A', 'approve'],
  ['S', 'approve for this session'],
  ['D', 'deny'],
  ['R', 'give a reason'],
  ['C', 'show the change'],
];

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** What a key means on a card. Arrows only where they do not scroll something, and nothing while someone types. */
export function shortcutOf(press: KeyPress, on: 'card' | 'text' | 'other'): Shortcut | undefined {
  if (on === 'text' || press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const shortcut = keys[press.key.length === 1 ? press.key.toLowerCase() : press.key];
  if (press.key.startsWith('Arrow') && on !== 'card') return undefined;
  // A key that is held down moves on, and never answers twice.
  return press.repeat && shortcut !== 'next' && shortcut !== 'previous' ? undefined : shortcut;
}
