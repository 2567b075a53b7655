import * as z from 'zod/mini';
import { isAddress } from '../../agents/mcp/remote-entry.ts';
import { tomlValues, type TomlValue } from './toml-values.ts';

type Path = readonly string[];
export type Members = Readonly<Record<string, unknown>>;

/** What of an entry is rewritten: from the first of these members to the last. */
export interface TomlPiece {
  readonly start: number;
  readonly end: number;
  readonly members: readonly TomlValue[];
  /** A server over the network: there the names change with the values. */
  readonly isRemote: boolean;
}

/** The objects at that place by their names; `null` for a member that stands in a table of its own. */
export function tomlEntries(text: string, at: Path): Members {
  const inside = tomlValues(text).filter(({ path }) => path.length >= at.length + 2 && at.every((name, index) => path[index] === name));
  const names = [...new Set(inside.map(({ path }) => path[at.length] ?? ''))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      membersIn(
        inside.filter(({ path }) => path[at.length] === name),
        at.length + 1,
      ),
    ]),
  );
}

function membersIn(values: readonly TomlValue[], depth: number): Members {
  const apart = values.filter(({ path }) => path.length > depth + 1).map(({ path }) => [path[depth], null]);
  const own = values.filter(({ path }) => path.length === depth + 1).map(({ path, value }) => [path[depth], value]);
  return Object.fromEntries([...apart, ...own]);
}

const starters = new Set(['command', 'args']);
const remoteStarters = new Set([...starters, 'env', 'env_vars', 'url', 'bearer_token_env_var', 'http_headers', 'env_http_headers']);

/** `undefined`: nothing there starts a server. */
export function tomlPiece(text: string, path: Path): TomlPiece | undefined {
  const own = tomlValues(text).filter(
    (one) => one.path.length === path.length + 1 && path.every((name, index) => one.path[index] === name),
  );
  const isRemote = isRemoteIn(own);
  const members = own.filter((one) => (isRemote ? remoteStarters : starters).has(nameOf(one)));
  const [first, last] = [members[0], members.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { start: isRemote ? first.keyStart : first.start, end: last.end, members, isRemote };
}

/** What begins with an address behind the gateway was reached over the network before it. */
function isRemoteIn(members: readonly TomlValue[]): boolean {
  const valueOf = (name: string): unknown => members.find((one) => nameOf(one) === name)?.value;
  if (valueOf('command') === undefined) return valueOf('url') !== undefined;
  const args = z.safeParse(z.array(z.string()), valueOf('args')).data ?? [];
  return args.includes('--') && isAddress(args[args.indexOf('--') + 1] ?? '');
}

/** The piece with these members; `undefined`: without that one. */
export function pieceWith(text: string, piece: TomlPiece, members: Members): string {
  return piece.isRemote ? namedAnew(text, piece, members) : valuesAnew(text, piece, members);
}

function valuesAnew(text: string, { members: own }: TomlPiece, members: Members): string {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return '';
  const given = Object.entries(members).map(([name, value]) => [name, tomlText(value)] as const);
  const ends = first === last ? [first] : [first, last];
  const missing = given
    .filter(([name]) => !ends.some((one) => nameOf(one) === name))
    .map(([name, value]) => `${first.prefix}${name} = ${value}`);
  const textOf = (one: TomlValue): string => given.find(([name]) => name === nameOf(one))?.[1] ?? text.slice(one.start, one.end);
  // What is new comes between both, so that all of ours is one piece.
  const head = [textOf(first), ...missing].join(lineOf(text, first));
  return first === last ? head : head + text.slice(first.end, last.start) + textOf(last);
}

/** What is new comes in the place of the first, and its last one in that of the last, so that all of ours is one piece. */
function namedAnew(text: string, { members: own, start, end }: TomlPiece, members: Members): string {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return '';
  const lines = (names: readonly string[]): readonly string[] => names.map((name) => `${first.prefix}${name} = ${tomlText(members[name])}`);
  const isKept = (one: TomlValue): boolean => !Object.hasOwn(members, nameOf(one)) || members[nameOf(one)] !== undefined;
  const fresh = inOrder(Object.keys(members)).filter((name) => members[name] !== undefined && !own.some((one) => nameOf(one) === name));
  const atEnd = isKept(last) ? [] : fresh.slice(-1);
  const atStart = fresh.slice(0, fresh.length - atEnd.length);
  const line = lineOf(text, first);
  let at = start;
  const parts = own.map((one) => {
    const before = text.slice(at, one.keyStart);
    const kept = isKept(one)
      ? [Object.hasOwn(members, nameOf(one)) ? (lines([nameOf(one)])[0] ?? '') : text.slice(one.keyStart, one.end)]
      : [];
    const all = [...(one === first ? lines(atStart) : []), ...kept, ...(one === last ? lines(atEnd) : [])];
    at = all.length === 0 ? afterOf(text, one) : one.end;
    return before + all.join(line);
  });
  return parts.join('') + text.slice(at, Math.max(at, end));
}

/** What the piece is known by stands at its ends. */
function inOrder(names: readonly string[]): readonly string[] {
  const isFirst = (name: string): boolean => name === 'command' || name === 'url';
  return [
    ...names.filter(isFirst),
    ...names.filter((name) => !isFirst(name) && name !== 'args'),
    ...names.filter((name) => name === 'args'),
  ];
}

/** Where the text goes on without that member: its comma goes with it, and its line, if nothing else stands there. */
function afterOf(text: string, { end, isInline }: TomlValue): number {
  const [gap = ''] = (isInline ? /^\s*,\s*/ : /^[ \t]*\r?\n[ \t]*/).exec(text.slice(end)) ?? [];
  return end + gap.length;
}

function lineOf(text: string, { isInline }: TomlValue): string {
  return isInline ? ', ' : text.includes('\r\n') ? '\r\n' : '\n';
}

/** What an entry of that name says that was written so. */
export function membersWritten(written: string, name: string): Members {
  const values = read(written) ?? tomlValues(`x = { ${written} }`).filter(({ isInline }) => isInline);
  return Object.fromEntries(
    values.flatMap(({ path, value, isInline }) => {
      const isOwn = path.length === 1 || (path.length === 2 && path[0] === (isInline ? 'x' : name));
      return isOwn ? [[path.at(-1), value]] : [];
    }),
  );
}

function read(written: string): readonly TomlValue[] | undefined {
  try {
    return tomlValues(written).filter(({ isInline }) => !isInline);
  } catch {
    return undefined;
  }
}

function nameOf({ path }: TomlValue): string {
  return path.at(-1) ?? '';
}

function tomlText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => JSON.stringify(one)).join(', ')}]`;
  const table = z.safeParse(z.record(z.string(), z.unknown()), value);
  if (!table.success) return JSON.stringify(value);
  const members = Object.entries(table.data).map(
    ([name, one]) => `${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)} = ${tomlText(one)}`,
  );
  return `{ ${members.join(', ')} }`;
}
