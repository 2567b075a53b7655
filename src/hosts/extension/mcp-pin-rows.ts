import type { Pinning } from '../../engine/artifact/tools-trust.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { McpServerView } from '../../governor/gateway/server-views.ts';
import { age, lineOf } from './session-words.ts';
import type { LeafRow } from './tree-row.ts';

/** What a server is held to, and how its tools are. */
export interface Held {
  /** What policies hold of it; left out: only the log tells of it. */
  readonly pins?: Pinning;
  readonly locks?: McpServerView['locks'];
  readonly starts?: McpServerView['starts'];
}

export function heldRows(server: string, { pins, locks = [], starts = [] }: Held, now: number): readonly LeafRow[] {
  return [
    ...(pins === undefined ? [] : [pinsRow(server, pins)]),
    ...locks.map((lock) => lockRow(server, lock)),
    ...starts.map((start) => startRow(server, start, now)),
  ];
}

const held: Readonly<Record<Pinning['tools'], string>> = {
  pinned: 'New tools and changed ones are hidden until you accept them.',
  reviewed: 'Changed tools are hidden until you accept them; new ones are not.',
  any: 'Tools may change: nothing is held back.',
};

/** What policies hold. */
function pinsRow(server: string, { tools, sources }: Pinning): LeafRow {
  return {
    id: `pins:${server}`,
    label: 'Pins',
    description: lineOf([`tools: ${tools}`, ...sources.map(visibleText)]),
    tooltip: [
      held[tools],
      ...(sources.length === 0
        ? ['No ArtifactPolicy names this server, so no version of it is pinned.']
        : sources.map((source) => `It starts only as ${visibleText(source)}`)),
    ].join('\n'),
    icon: 'pinned',
    children: [],
  };
}

/** What the repository holds it to, for everybody who works on it. */
function lockRow(server: string, { path, what, trusted }: McpServerView['locks'][number]): LeafRow {
  const isRead = what !== undefined;
  return {
    id: `lock:${server}:${path}`,
    label: 'Locked',
    description: isRead ? lineOf([visibleText(what), trusted ? 'accepted' : 'not accepted here yet']) : 'cannot be read: it does not start',
    tooltip: [
      trusted
        ? 'It starts unasked as this, and as nothing else.'
        : isRead
          ? 'It starts as nothing else. "countersign mcp lock --trust" accepts the file: then it starts unasked.'
          : 'Write it anew with "countersign mcp lock", or remove it.',
      visibleText(path),
    ].join('\n'),
    icon: 'lock',
    ...(isRead ? {} : { tone: 'warning' as const }),
    children: [],
  };
}

function startRow(server: string, { what, by, at }: McpServerView['starts'][number], now: number): LeafRow {
  return {
    id: `start:${server}:${at}`,
    label: 'Start approved',
    description: lineOf([visibleText(by), age(now - at)]),
    tooltip: [
      visibleText(what),
      `Approved ${new Date(at).toLocaleString()}: the same start is not asked about again.`,
      `"countersign mcp starts --forget ${visibleText(server)}" has it asked about again.`,
    ].join('\n'),
    icon: 'pass',
    children: [],
  };
}
