import { isDeepStrictEqual } from 'node:util';
import { type HookEntries, type HookEntry, memberOf } from '../../agents/gemini/hooks-config.ts';
import type { FileEdit } from './installer.ts';
import { hasMember, removeMember, setMember } from './json-edit.ts';

/** Puts hooks into a client's settings beside those that are there, and takes them out again. `script` tells ours from others. */
export function hookSettings(file: string, ours: HookEntries, script: string): FileEdit {
  return {
    file,
    put: (text) =>
      understood(file, () => Object.entries(ours).reduce((now, [event, entry]) => withEntry(now, event, entry, script), text ?? '{}\n')),
    takeOut: (text) => understood(file, () => withoutEntries(text, script)),
  };
}

function withEntry(text: string, event: string, entry: HookEntry, script: string): string {
  const there = entriesOf(text, event);
  if (there.some((one) => isDeepStrictEqual(one, entry)) && there.filter((one) => isOurs(one, script)).length === 1) return text;
  return setMember(text, ['hooks', event], [...there.filter((one) => !isOurs(one, script)), entry]);
}

/** What was only there for our hooks goes with them. */
function withoutEntries(text: string, script: string): string {
  const events = Object.keys(memberOf(JSON.parse(text), 'hooks') ?? {});
  const stripped = events.reduce((now, event) => {
    const there = entriesOf(now, event);
    const others = there.filter((one) => !isOurs(one, script));
    if (others.length === there.length) return now;
    return others.length === 0 ? removeMember(now, ['hooks', event]) : setMember(now, ['hooks', event], others);
  }, text);
  if (stripped === text) return text;
  const bare = isDeepStrictEqual(memberOf(JSON.parse(stripped), 'hooks'), {}) ? removeMember(stripped, ['hooks']) : stripped;
  return isDeepStrictEqual(JSON.parse(bare), {}) ? '' : bare;
}

function entriesOf(text: string, event: string): readonly unknown[] {
  if (!hasMember(text, ['hooks', event])) return [];
  const there = memberOf(memberOf(JSON.parse(text), 'hooks'), event);
  if (!Array.isArray(there)) throw new Error(`"hooks.${event}" is no list`);
  return there;
}

/** An earlier installation may have had another line; it started the same program. */
function isOurs(entry: unknown, script: string): boolean {
  return JSON.stringify(memberOf(entry, 'hooks') ?? '').includes(JSON.stringify(script).slice(1, -1));
}

function understood(file: string, edit: () => string): string {
  try {
    return edit();
  } catch (cause) {
    throw new Error(`${file} could not be changed: it is not the JSON that was expected, or has comments. Correct it first`, { cause });
  }
}
