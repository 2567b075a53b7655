import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { ApprovedStart, LockedStart, StartStore } from '../../governor/ports.ts';
import { writePrivately } from '../private-file.ts';
import { differsFromLock, lockedInWords, lockWithDigest, mcpLockPath } from './mcp-lock.ts';
import { keptBill } from './kept-bill.ts';
import { scansOf } from './kept-scans.ts';
import { artifactPlaces } from './places.ts';
import { checkSignatures } from './signatures.ts';

export interface StartStoreOptions {
  /** Of our home. */
  readonly root: string;
  /** Whether a person has accepted this very version of a repository's file. */
  readonly isTrusted: (path: string, digest: string) => boolean;
}

/** What people approved is one file; only the governor writes it. */
export function startStore({ root, isTrusted }: StartStoreOptions): StartStore {
  const { starts: path } = artifactPlaces(root);
  return {
    approved: (digest) => approvedStarts(root).find((start) => start.digest === digest),
    approve: (start) => save(path, [...approvedStarts(root).filter(({ digest }) => digest !== start.digest), start]),
    lockWord: (workspace, server, source) => {
      const found = lockWithDigest(workspace);
      const locked = found?.lock.servers[server];
      if (found === undefined || locked === undefined) return undefined;
      const { path: file, digest } = found;
      const differs = differsFromLock(locked, source);
      return { path: file, digest, trusted: isTrusted(file, digest), ...(differs === undefined ? {} : { differs }) };
    },
    locked: (workspace, server) => lockedStart(workspace, server, isTrusted),
    approvedOf: (server) => approvedStarts(root).filter((start) => start.server === server),
    scans: (source) => scansOf(root, source),
    bill: (source) => keptBill(root, source),
    signed: (source, signedBy) => checkSignatures({ root, source, signedBy, time: Date.now() }),
  };
}

function lockedStart(workspace: string, server: string, isTrusted: StartStoreOptions['isTrusted']): LockedStart | undefined {
  try {
    const found = lockWithDigest(workspace);
    const locked = found?.lock.servers[server];
    if (found === undefined || locked === undefined) return undefined;
    return { path: found.path, what: lockedInWords(locked), trusted: isTrusted(found.path, found.digest) };
  } catch {
    return { path: mcpLockPath(workspace), trusted: false };
  }
}

const shape = z.object({
  version: z.literal(1),
  starts: z.array(
    z.object({
      digest: z.string(),
      server: z.string(),
      what: z.string(),
      rules: z.array(z.string()),
      by: z.string(),
      at: z.number(),
      approvalId: z.string(),
    }),
  ),
});

/** Oldest first. Throws where they cannot be read: then nobody knows what was approved. */
export function approvedStarts(root: string): readonly ApprovedStart[] {
  const { starts: path } = artifactPlaces(root);
  return existsSync(path) ? z.parse(shape, JSON.parse(readFileSync(path, 'utf8'))).starts : [];
}

/** Those servers are asked about again. Resolves with how many starts that were. */
export function forgetStarts(root: string, server: string): number {
  const all = approvedStarts(root);
  const kept = all.filter((start) => start.server !== server);
  if (kept.length < all.length) save(artifactPlaces(root).starts, kept);
  return all.length - kept.length;
}

function save(path: string, starts: readonly ApprovedStart[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writePrivately(path, `${JSON.stringify({ version: 1, starts }, undefined, 2)}\n`);
}
