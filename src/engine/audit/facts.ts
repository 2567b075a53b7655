import * as z from 'zod/mini';
import type { AuditEntry } from './entry.ts';

/**
 * What a decision depended on besides the call itself, so that the call can be judged again as it was. Only what was asked is here: a
 * path that is not among `links` was no link as far as anybody looked. Written since version 1 of this field; older entries have none.
 */
export interface Facts {
  readonly v: 1;
  /** When the call was judged; the entry may be written much later, after a person has answered. */
  readonly time: number;
  /** Calls decided in its session before. */
  readonly calls: number;
  /** Left out where `like` says it. */
  readonly circumstances?: Circumstances;
  /** The number of an earlier entry whose circumstances were the same. */
  readonly like?: number;
  /** Symbolic links that were met, and where each leads; `null`: it could not be looked at. */
  readonly links?: Readonly<Record<string, string | null>>;
  /** Scripts that were looked into by their absolute paths; `null`: there was none that can be judged. */
  readonly scripts?: Readonly<Record<string, ScriptFact | null>>;
  readonly git?: Readonly<Record<string, string>>;
  /** What the policies said, where budgets made another decision of it. */
  readonly policies?: { readonly action: string; readonly mode: string };
  /** The call was to skip the agent's own prompt. */
  readonly autoApprove?: true;
  /** More was asked than is kept, or it was not to be kept. */
  readonly partial?: true;
}

/** What is the same for most calls of a session. */
export interface Circumstances {
  readonly agent: { readonly vendor: string; readonly version?: string; readonly type?: string };
  readonly subagentType?: string;
  readonly mode?: string;
  readonly interactive: boolean;
  readonly startedAt: number;
  readonly workspace: {
    readonly root: string;
    readonly branch: string;
    readonly remote: string;
    readonly trusted: boolean;
    readonly foldsCase?: true;
  };
  readonly user: { readonly name: string; readonly email: string; readonly roles: readonly string[]; readonly home: string };
  readonly countersignHome?: string;
  readonly governor?: { readonly pid?: number; readonly port?: number; readonly programs: readonly string[] };
}

/** A version of a script. Its text stands in the first entry that met it, if it is not too long. */
export interface ScriptFact {
  /** SHA-256 (hex) over the text as it was; secrets in the kept text are masked. */
  readonly digest: string;
  readonly text?: string;
  /** The number of the entry that keeps the text. */
  readonly in?: number;
}

const text = z.exactOptional(z.string());
const number = z.exactOptional(z.number());

const circumstances = z.object({
  agent: z.object({ vendor: z.string(), version: text, type: text }),
  subagentType: text,
  mode: text,
  interactive: z.boolean(),
  startedAt: z.number(),
  workspace: z.object({
    root: z.string(),
    branch: z.string(),
    remote: z.string(),
    trusted: z.boolean(),
    foldsCase: z.exactOptional(z.literal(true)),
  }),
  user: z.object({ name: z.string(), email: z.string(), roles: z.array(z.string()), home: z.string() }),
  countersignHome: text,
  governor: z.exactOptional(z.object({ pid: number, port: number, programs: z.array(z.string()) })),
});

const schema = z.object({
  v: z.literal(1),
  time: z.number(),
  calls: z.number(),
  circumstances: z.exactOptional(circumstances),
  like: number,
  links: z.exactOptional(z.record(z.string(), z.nullable(z.string()))),
  scripts: z.exactOptional(z.record(z.string(), z.nullable(z.object({ digest: z.string(), text, in: number })))),
  git: z.exactOptional(z.record(z.string(), z.string())),
  policies: z.exactOptional(z.object({ action: z.string(), mode: z.string() })),
  autoApprove: z.exactOptional(z.literal(true)),
  partial: z.exactOptional(z.literal(true)),
});

/** The facts of an entry; `undefined` where it has none that this version understands. */
export function factsOf({ facts }: Pick<AuditEntry, 'facts'>): Facts | undefined {
  if (facts === undefined) return undefined;
  const { success, data } = schema.safeParse(facts);
  return success ? data : undefined;
}
