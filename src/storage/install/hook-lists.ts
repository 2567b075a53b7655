import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { HookCommand } from '../../agents/hook-command.ts';
import type { FileEdit } from './installer.ts';
import { hasMember, removeMember, setMember } from './json-edit.ts';

/** An entry of ours at an event, in whatever form that client wants it. */
export type HookLists = Readonly<Record<string, object>>;

const listed = z.object({ hooks: z.optional(z.record(z.string(), z.unknown())) });

/**
 * Puts our entries into a client's `hooks` file beside those that are there (`{"hooks": {"<event>": [ … ]}}`), and takes them out again.
 * `fresh` is what such a file has besides; ours are those that start our program, under the name that stays or, as once, by itself.
 */
export function hookLists(file: string, fresh: object, ours: HookLists, { launcher, script }: HookCommand): FileEdit {
  const programs = [script, ...(launcher === undefined ? [] : [launcher])];
  const start = `${JSON.stringify(fresh, undefined, 2)}\n`;
  return {
    file,
    put: (text) =>
      understood(file, () => Object.entries(ours).reduce((now, [event, entry]) => withEntry(now, event, entry, programs), text ?? start)),
    takeOut: (text) =>
      understood(file, () => {
        const rest = Object.keys(z.parse(listed, JSON.parse(text)).hooks ?? {}).reduce((now, event) => without(now, event, programs), text);
        const bare = isDeepStrictEqual(z.parse(listed, JSON.parse(rest)).hooks, {}) ? removeMember(rest, ['hooks']) : rest;
        return isDeepStrictEqual(JSON.parse(bare), fresh) ? '' : bare;
      }),
  };
}

/** Nothing changes where it stands there already, once. */
function withEntry(text: string, event: string, entry: object, programs: readonly string[]): string {
  const there = entriesOf(text, event);
  const mine = there.filter((one) => isOurs(one, programs));
  if (mine.length === 1 && isDeepStrictEqual(mine[0], entry)) return text;
  return setMember(text, ['hooks', event], [...there.filter((one) => !isOurs(one, programs)), entry]);
}

function without(text: string, event: string, programs: readonly string[]): string {
  const there = entriesOf(text, event);
  const others = there.filter((one) => !isOurs(one, programs));
  if (others.length === there.length) return text;
  return others.length === 0 ? removeMember(text, ['hooks', event]) : setMember(text, ['hooks', event], others);
}

function entriesOf(text: string, event: string): readonly unknown[] {
  return hasMember(text, ['hooks', event]) ? z.parse(z.array(z.unknown()), z.parse(listed, JSON.parse(text)).hooks?.[event] ?? []) : [];
}

/** An earlier installation may have had another line; it started the same program. */
function isOurs(entry: unknown, programs: readonly string[]): boolean {
  const line = JSON.stringify(entry);
  return programs.some((program) => line.includes(JSON.stringify(program).slice(1, -1)));
}

function understood(file: string, edit: () => string): string {
  try {
    return edit();
  } catch (cause) {
    throw new Error(`${file} could not be changed: it is not the JSON that was expected, or has comments. Correct it first`, { cause });
  }
}
