import { hash } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Source } from '../../engine/artifact/start.ts';
import { writePrivately } from '../private-file.ts';
import { artifactPlaces } from './places.ts';

/** What is kept of one server's bytes: signatures, and what scanners found. None of it is believed for lying here. */
export interface KeptFile {
  readonly name: string;
  readonly text: string;
}

const largest = 1024 * 1024;
const most = 64;
const scan = /^scan-[a-z0-9-]+\.json$/;
/** What it consists of is no signature either. */
export const billName = 'sbom.json';

export function keptSignatures(root: string, source: Source): readonly KeptFile[] {
  return kept(root, source, (name) => !scan.test(name) && name !== billName);
}

export function keptScans(root: string, source: Source): readonly KeptFile[] {
  return kept(root, source, (name) => scan.test(name));
}

export function isKept(root: string, source: Source, name: string): boolean {
  return existsSync(join(folderOf(root, source), name));
}

/** Keeps a copy of it. Throws on what is too large to be what it should be, and on what is no file. */
export function keepEvidence(root: string, source: Source, file: string): string {
  return keepText(root, source, basename(file), readPlain(file));
}

export function keepText(root: string, source: Source, name: string, text: string): string {
  if (!/^[\w@][\w@.-]{0,100}\.(sig|json)$/.test(name)) throw new Error(`${name} is not called like a signature: NAME.sig, or NAME.json.`);
  if (Buffer.byteLength(text) > largest) throw new Error(`${name} is larger than 1 MiB.`);
  const folder = folderOf(root, source);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivately(join(folder, name), text);
  return join(folder, name);
}

/** Whose word people take, in the format of ssh-keygen(1). */
export function allowedSigners(root: string): string {
  const { allowedSigners: path } = artifactPlaces(root);
  if (!existsSync(path)) throw new Error(`there is no file of allowed signers (${path})`);
  return readPlain(path);
}

/** Whose word Sigstore’s signatures rest on; `undefined`: that of the public one. */
export function trustedRoot(root: string): string | undefined {
  const { trustedRoot: path } = artifactPlaces(root);
  return existsSync(path) ? readPlain(path) : undefined;
}

function kept(root: string, source: Source, wanted: (name: string) => boolean): readonly KeptFile[] {
  const folder = folderOf(root, source);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() && wanted(entry.name) ? [entry.name] : []));
  if (names.length > most) throw new Error(`${folder} holds more than ${most} files.`);
  return names.map((name) => ({ name, text: readPlain(join(folder, name)) }));
}

/** No link is followed, and nothing is waited for. */
function readPlain(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > largest) throw new Error(`${path} is no file, or larger than 1 MiB.`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function folderOf(root: string, source: Source): string {
  return join(artifactPlaces(root).evidence, hash('sha256', identityOf(source)).slice(0, 40));
}

/** The same bytes have the same evidence, under whatever name they start. */
function identityOf(source: Source): string {
  switch (source.kind) {
    case 'npm':
      return `npm ${source.name}@${source.version} ${source.integrity}`;
    case 'file':
      return `file ${source.sha256}`;
    case 'image':
      return `image ${source.digest ?? source.image}`;
    default:
      return JSON.stringify(source);
  }
}
