import type { JsonObject } from '../json.ts';
import type { Scan } from './scan.ts';
import type { SignerSource } from './schema-parts.ts';

/** An MCP server that is about to start, and what was found of it. */
export interface ServerStart {
  readonly server: string;
  /** As the client's configuration has it. */
  readonly command: readonly string[];
  readonly source: Source;
  /** What the repository's own lock file says of it; left out where it says nothing. */
  readonly lock?: LockWord;
  /** Of each list of signers that a policy asks for, by `signersKey`: who signed. */
  readonly signed?: ReadonlyMap<string, Signed>;
  /** What scanners said of these bytes; left out: nobody looked it up. */
  readonly scans?: readonly Scan[];
}

/** What will run. All of it was measured, none of it believed. */
export type Source =
  | {
      readonly kind: 'npm';
      readonly name: string;
      readonly version: string;
      /** Of the package's own archive, as the registry has it. */
      readonly integrity: string;
      /** `sha256:<hex>` over all files that were installed for it, those of its dependencies included. */
      readonly tree: string;
      /** How many packages that are. */
      readonly packages: number;
    }
  | { readonly kind: 'pypi'; readonly name: string; readonly spec: string }
  | {
      readonly kind: 'image';
      readonly image: string;
      readonly digest?: string;
      /** What the container is started with, each option in one spelling; left out in entries of earlier versions. */
      readonly options?: readonly string[];
      /** Those that open it, as they are written. */
      readonly risky: readonly string[];
    }
  /** `lock`: of the lock file beside it. */
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string; readonly lock?: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'program'; readonly path: string; readonly fetches: boolean };

export function sourceJson({ kind, ...rest }: Source): JsonObject {
  return { kind, ...rest };
}

/** What tells one list of signers from another. */
export function signersKey(signedBy: readonly SignerSource[]): string {
  return JSON.stringify(signedBy);
}

export type Signed = { readonly ok: true; readonly by: string } | { readonly ok: false; readonly why: string };

export interface LockWord {
  readonly path: string;
  /** `sha256:<hex>` over the lock file. */
  readonly digest: string;
  /** A person has accepted this very file. */
  readonly trusted: boolean;
  /** Why the start is not what it has; left out: it is. */
  readonly differs?: string;
}

/** What a server is, in a few words that a person can compare. */
export function inWords(source: Source): string {
  switch (source.kind) {
    case 'npm':
      return `${source.name} ${source.version} from npm (${source.packages === 1 ? '1 package' : `${source.packages} packages`})`;
    case 'pypi':
      return `the Python package ${source.name} (${source.spec})`;
    case 'image':
      return `the image ${source.image}${source.digest === undefined ? '' : `@${short(source.digest)}`}`;
    case 'file':
      return `the file ${source.path} (sha256:${source.sha256.slice(0, 12)}…)`;
    case 'url':
      return `the server at ${source.url}`;
    case 'program':
      return `the program ${source.path}`;
  }
}

function short(digest: string): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`;
}
