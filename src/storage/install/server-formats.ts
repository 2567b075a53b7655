import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { valueSpan } from './json-edit.ts';
import { plainJson } from './plain-json.ts';
import { membersWritten, pieceWith, tomlEntries, tomlPiece, type Members } from './toml-entry.ts';

type Path = readonly string[];

/** How the file is written in which a client has its servers. All of it is pure, and throws on text that cannot be read. */
export interface ServerFormat {
  /** The objects at that place by their names; `null` for a member that is written elsewhere in the file, in a table of its own. */
  readonly entries: (text: string, at: Path) => Members;
  /** What of the entry may be rewritten, as it is written; `undefined`: there is no such entry. */
  readonly written: (text: string, path: Path) => string | undefined;
  /** The same with these members; `undefined`: without that one. */
  readonly withMembers: (text: string, path: Path, members: Members) => string;
  /** The text with `after` in its place. */
  readonly replaced: (text: string, path: Path, after: string) => string;
  /** Whether both say the same: clients write their files anew. */
  readonly isSame: (one: string, other: string) => boolean;
  /** What an entry of that name says that was written so. */
  readonly membersOf: (written: string, name: string) => Members;
}

const record = z.record(z.string(), z.unknown());

/** JSON, with comments or without. The whole entry is rewritten. */
const json: ServerFormat = {
  entries: (text, at) => recordAt(z.parse(record, parsed(text)), at),
  written: (text, path) => {
    const span = spanIn(text, path);
    return span && text.slice(span.start, span.end);
  },
  withMembers: (text, path, members) => inItsManner(text, path, { ...recordAt(parsed(text), path), ...members }),
  replaced: (text, path, after) => {
    const span = spanIn(text, path);
    return span === undefined ? text : text.slice(0, span.start) + after + text.slice(span.end);
  },
  isSame: (one, other) => isDeepStrictEqual(parsed(one), parsed(other)),
  membersOf: (written) => recordAt(parsed(written), []),
};

/** TOML: only what starts the server, and what stands between that, is rewritten. */
const toml: ServerFormat = {
  entries: tomlEntries,
  written: (text, path) => {
    const piece = tomlPiece(text, path);
    return piece && text.slice(piece.start, piece.end);
  },
  withMembers: (text, path, members) => {
    const piece = tomlPiece(text, path);
    if (piece === undefined) throw new Error(`${path.join('.')} has no command`);
    return pieceWith(text, piece, members);
  },
  replaced: (text, path, after) => {
    const piece = tomlPiece(text, path);
    return piece === undefined ? text : text.slice(0, piece.start) + after + text.slice(piece.end);
  },
  isSame: (one, other) => one === other,
  membersOf: membersWritten,
};

export const serverFormats = { json, toml } as const;
export type FormatName = keyof typeof serverFormats;

function recordAt(root: unknown, at: Path): Members {
  const [name, ...rest] = at;
  const read = z.safeParse(record, root);
  if (!read.success) return {};
  return name === undefined ? read.data : recordAt(Object.hasOwn(read.data, name) ? read.data[name] : undefined, rest);
}

function parsed(text: string): unknown {
  const bare = text.replace(/^\uFEFF/, '');
  if (bare.trim() === '') return {};
  try {
    return JSON.parse(bare);
  } catch {
    const plain = plainJson(bare);
    return plain.trim() === '' ? {} : JSON.parse(plain);
  }
}

/** Comments keep their places: what is found in the plain text stands there in the other, too. */
function spanIn(text: string, path: Path): { readonly start: number; readonly end: number } | undefined {
  const plain = plainJson(text);
  return plain.trim() === '' ? undefined : valueSpan(plain, path);
}

function inItsManner(text: string, path: Path, value: Members): string {
  const indent = /\n([ \t]+)"/.exec(text)?.[1];
  if (indent === undefined) return JSON.stringify(value);
  const line = text.includes('\r\n') ? '\r\n' : '\n';
  return JSON.stringify(value, undefined, indent).replaceAll('\n', `${line}${indent.repeat(path.length)}`);
}
