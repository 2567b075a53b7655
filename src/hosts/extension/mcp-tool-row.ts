import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { McpItemView } from '../../governor/gateway/server-views.ts';
import { mcpItems } from './contributions.ts';
import { lineOf, plural } from './session-words.ts';
import type { LeafRow } from './tree-row.ts';

interface ToolRow extends LeafRow {
  readonly item: McpItemView & { readonly server: string };
}

const states: Readonly<Record<McpItemView['state'], readonly [say: string, icon: string]>> = {
  accepted: ['as it was accepted', 'check'],
  changed: ['changed: hidden until you accept it', 'diff'],
  refused: ['refused: hidden', 'circle-slash'],
};

type Outlook = McpItemView['outlooks'][number];

/** What a line says of it, and what explains it. */
const outlooks: Readonly<Record<Outlook['calls'], { readonly say: string; readonly icon: string; readonly why: string }>> = {
  denied: { say: 'hidden by policies', icon: 'eye-closed', why: 'Every call would be denied, so agents are not shown it' },
  asked: { say: 'asks before each call', icon: 'person', why: 'No call runs before a person has agreed' },
  'may be asked': {
    say: 'may ask before a call',
    icon: 'question',
    why: 'Some calls need a person’s consent, depending on their arguments',
  },
};

/** `agents`: all that use the server. */
export function toolRow(server: string, agents: readonly string[], item: McpItemView): ToolRow {
  const { kind, name, state, since, suspicions } = item;
  const [said] = item.outlooks;
  // What nobody has accepted is held back whatever policies say of it.
  const [say, icon] =
    state === 'accepted' && said !== undefined
      ? [`${outlooks[said.calls].say}${forWhom(said, agents)}`, outlooks[said.calls].icon]
      : states[state];
  const isOdd = suspicions.length > 0;
  return {
    id: `item:${server}:${kind}:${name}`,
    label: visibleText(kind === 'tool' ? name : lineOf([kind, name])),
    description: lineOf([say, isOdd ? plural(suspicions.length, 'finding') : '']),
    tooltip: [
      `${state === 'accepted' ? 'As it was accepted, since' : 'Since'} ${new Date(since).toLocaleString()}`,
      ...item.outlooks.map((one) => `${outlooks[one.calls].why}${forWhom(one, agents)}: ${visibleText(one.rules.join(', '))}`),
      ...wordsOf(item),
    ].join('\n'),
    icon: isOdd && !isWaiting(item) ? 'warning' : icon,
    ...(isWaiting(item) || isOdd ? { tone: 'warning' as const } : {}),
    ...(isWaiting(item) || state === 'refused' ? { contextValue: mcpItems.waiting } : {}),
    children: [],
    item: { ...item, server },
  };
}

/** Whose calls are meant is said where it is not everybody's. */
function forWhom({ agents }: Outlook, all: readonly string[]): string {
  return agents.length === all.length ? '' : ` (${visibleText(agents.join(', '))})`;
}

/** What is different, and what speaks against it. */
export function wordsOf({ change, suspicions }: McpItemView): readonly string[] {
  return [...change, ...suspicions.map(({ say }) => say)].map(visibleText);
}

export function isWaiting({ state }: McpItemView): boolean {
  return state === 'changed';
}
