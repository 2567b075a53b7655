import type { KnownNames, Named } from '../../../../src/engine/policy/language/known-names.ts';

const named = (...names: readonly string[]): readonly Named[] => names.map((name) => ({ name, detail: `about ${name}` }));

/** A small world to write policies for. */
export const known: KnownNames = {
  tools: named('shell', 'edit', 'github/create_issue', 'Bash'),
  servers: named('github'),
  agents: named('claude-code'),
  packs: named('strict', 'git', 'kubernetes'),
  argumentsOf: (tool) => (tool === 'shell' ? ['command', 'timeout', '-i'] : undefined),
  rules: named('baseline-git/force-push', 'team/own'),
};

/** A text with `|` where the cursor is. */
export function atCursor(text: string): { readonly source: string; readonly offset: number } {
  const offset = text.indexOf('|');
  return { source: text.slice(0, offset) + text.slice(offset + 1), offset };
}
