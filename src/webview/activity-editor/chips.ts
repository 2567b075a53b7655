import { everything, type Filter, type ListName, listNames, type Span, withList, withSpan } from './filter.ts';

/** One thing that is filtered by, and the filter without it. The value may be an agent's text. */
export interface Chip {
  readonly label: string;
  readonly value: string;
  readonly without: Filter;
}

export const listLabels: Readonly<Record<ListName, string>> = {
  actions: 'Decision',
  kinds: 'Kind',
  tools: 'Tool',
  rules: 'Rule',
  agents: 'Agent',
  sessions: 'Session',
  people: 'Person',
};

export const spanLabels: Readonly<Record<Span, string>> = {
  hour: 'Last hour',
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

export function chipsOf(filter: Filter): readonly Chip[] {
  const lists = listNames.flatMap((name) => {
    const values = filter.lists[name] ?? [];
    return values.map((value) => ({
      label: listLabels[name],
      value: valueLabel(name, value),
      without: withList(
        filter,
        name,
        values.filter((each) => each !== value),
      ),
    }));
  });
  const texts = [
    { label: 'Text', value: filter.text, without: { ...filter, text: everything.text } },
    { label: 'Path', value: filter.path, without: { ...filter, path: everything.path } },
    { label: 'Time', value: timeLabel(filter), without: withSpan(filter, undefined) },
  ];
  return [...lists, ...texts.filter(({ value }) => value.trim() !== '')];
}

/** Words for values that are words of ours; others are shown as they are. */
export function valueLabel(name: ListName, value: string): string {
  return (name === 'actions' ? actionLabels[value] : name === 'kinds' ? kindLabels[value] : undefined) ?? value;
}

export function timeLabel({ span, since, until }: Filter): string {
  if (span !== undefined) return spanLabels[span];
  if (since !== undefined && until !== undefined) return `${dateTime(since)} to ${dateTime(until)}`;
  if (since !== undefined) return `since ${dateTime(since)}`;
  return until === undefined ? '' : `before ${dateTime(until)}`;
}

function dateTime(ms: number): string {
  return new Date(ms).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

const actionLabels: Readonly<Record<string, string>> = {
  allow: 'allowed',
  deny: 'denied',
  require_approval: 'asked',
  abstain: 'no opinion',
};

const kindLabels: Readonly<Record<string, string>> = {
  decision: 'decision',
  outcome: 'outcome of a call',
  'approval-asked': 'question to a person',
  'approval-answered': 'answer of a person',
  'session-start': 'session began',
  'session-end': 'session ended',
  'session-killed': 'session killed',
  'session-revived': 'session revived',
  'config-change': 'settings change',
  'incident-closed': 'incident closed',
  checkpoint: 'log signed',
  key: 'signing key',
  prune: 'old entries emptied',
  hold: 'legal hold',
};
