import type { Facts } from '../../audit/facts.ts';
import type { Request, Workspace } from '../../request.ts';
import type { ToolCall } from '../../tool-call.ts';

/** A call as its entry names it. */
export type NamedCall = Pick<ToolCall, 'tool' | 'nativeTool' | 'mcpServer' | 'arguments' | 'cwd'> & { readonly agent: string };

export type Described = Pick<ToolCall, 'command' | 'shell' | 'paths' | 'domains' | 'content'>;

/** What a call needs besides its own entry to be judged again. Everything here is a look-up, and gives the same answer throughout. */
export interface ReplayWorld {
  /** What the agent's tool does with these arguments. Throws where they cannot be read, as where they were masked. */
  readonly describe: (call: NamedCall) => Described;
  /** Where a path leads, `~`, `..` and links followed: by the links that `look` knows; left out: there are none. Throws as it did then. */
  readonly follow: (
    path: string,
    from: { readonly cwd: string; readonly home: string },
    look?: (path: string) => string | undefined,
  ) => string;
  /** The facts of another entry, by its number. */
  readonly factsOf: (seq: number) => Facts | undefined;
  /** What the log has as "hash" of a text that a guardrail found. */
  readonly fingerprint: (found: string) => string;
  /** How things are now: for what was not recorded. */
  readonly today: Today;
}

export interface Today {
  readonly workspace: (cwd: string) => Workspace;
  readonly user: () => Request['user'];
  /** Where the link at a path leads; `undefined` for anything else. */
  readonly link: (path: string) => string | undefined;
  readonly readText: (path: string) => string | undefined;
  readonly countersignHome?: string;
}

/**
 * Why the outcome is not certain. `masked`: arguments were masked or cut before they were stored. `not-recorded`: the entry is older
 * than its facts, so that things are taken as they are now. `looked-up`: a rule asks for something that nobody asked then, so it was
 * looked up now, or is taken as unknown. `partial`: more was asked than was kept.
 */
export type Doubt = 'masked' | 'not-recorded' | 'looked-up' | 'partial';
