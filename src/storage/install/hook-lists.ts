import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { HookCommand } from '../../agents/hook-command.ts';
import type { FileEdit } from './installer.ts';
import { hasMember, removeMember, setMember } from './json-edit.ts';

/** An entry of ours at an event, in whatever form that client wants it. */
export type HookLists = Readonly<Record<string, object>>;

const listed = z.object({ hooks: z.optional(z.record(z.string(), z.array(z.unknown()))) });

/**
 * Puts our entries into a client's `hooks` file beside those that are there (`{"hooks": {"<event>": [ … ]}}`), and takes them out again.
 * `fresh` is what such a file has besides; `script` tells our entries from others.
 */
export function hookLists(file: string, fresh: object, ours: HookLists, script: string): FileEdit {
  const start = `${JSON.stringify(fresh, undefined, 2)}\n`;
  return {
    file,
    put: (text) =>
      understood(file, () => Object.entries(ours).reduce((now, [event, entry]) => withEntry(now, event, entry, script), text ?? start)),
    takeOut: (text) =>
      understood(file, () => {
        const rest = Object.keys(z.parse(listed, JSON.parse(text)).hooks ?? {}).reduce((now, event) => without(now, event, script), text);
        const bare = isDeepStrictEqual(z.parse(listed, JSON.parse(rest)).hooks, {}) ? removeMember(rest, ['hooks']) : rest;
        return isDeepStrictEqual(JSON.parse(bare), fresh) ? '' : bare;
      }),
  };
}

/** What our entries start, whatever else stands in their lines. */
export function programOf({ launcher, script }: HookCommand): string {
  return launcher ?? script;
}

/** Nothing changes where it stands there already, once. */
function withEntry(text: string, event: string, entry: object, script: string): string {
  const there = entriesOf(text, event);
  const mine = there.filter((one) => isOurs(one, script));
  if (mine.length === 1 && isDeepStrictEqual(mine[0], entry)) return text;
  return setMember(text, ['hooks', event], [...there.filter((one) => !isOurs(one, script)), entry]);
}

function without(text: string, event: string, script: string): string {
  const there = entriesOf(text, event);
  const others = there.filter((one) => !isOurs(one, script));
  if (others.length === there.length) return text;
  return others.length === 0 ? removeMember(text, ['hooks', event]) : setMember(text, ['hooks', event], others);
}

function entriesOf(text: string, event: string): readonly unknown[] {
  return hasMember(text, ['hooks', event]) ? (z.parse(listed, JSON.parse(text)).hooks?.[event] ?? []) : [];
}

/** An earlier installation may have had another line; it started the same program. */
function isOurs(entry: unknown, script: string): boolean {
  return JSON.stringify(entry).includes(JSON.stringify(script).slice(1, -1));
}

function understood(file: string, edit: () => string): string {
  try {
    return edit();
  } catch (cause) {
    throw new Error(`${file} could not be changed: it is not the JSON that was expected, or has comments. Correct it first`, { cause });
  }
}
