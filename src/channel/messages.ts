import * as z from 'zod/mini';
import type { McpMethods } from './mcp-messages.ts';
import type { OwnMethods } from './own-messages.ts';
import type { Approval } from '../engine/approval/approval.ts';
import type { AuditRecord } from '../engine/audit/entry.ts';
import type { EntryDetails, EntryRow, EntrySearch, Facets, RuleCount } from '../engine/audit/search.ts';
import type { BudgetStanding } from '../engine/budget/standing.ts';
import type { SessionSpend, SpendQuery, SpendReport } from '../engine/spend/report.ts';
import type { OpenIncident } from '../governor/incident-list.ts';
import type { PoliciesInForce } from '../governor/policies.ts';
import type { Proof } from '../governor/proof.ts';
import type { Observation, Pause, Place, SessionRecord } from '../governor/ports.ts';
import type { Governance } from '../governor/sight.ts';
import type { SubagentStanding } from '../governor/subagents.ts';

/**
 * What travels over the local socket: one JSON object a line.
 * Client → governor: `{id, method, params}`. Governor → client: `Result`, `Failure` or `Push`.
 */
export interface Methods extends McpMethods, OwnMethods {
  /** Must come first. `token` is the content of the client token file. A window names its folders and whether it has the focus. */
  readonly hello: { readonly params: Hello; readonly result: Status };
  readonly status: { readonly params: Nothing; readonly result: Status };
  /** From now on `Push` messages come, beginning with a full snapshot. */
  readonly subscribe: { readonly params: Nothing; readonly result: Snapshot };
  /** A window's folders or focus changed. */
  readonly window: { readonly params: WindowState; readonly result: true };
  /** A hook message from a command hook. */
  readonly hook: { readonly params: HookCall; readonly result: HookReply };
  readonly approvals: { readonly params: { readonly all?: boolean }; readonly result: readonly ApprovalView[] };
  readonly answer: { readonly params: AnswerApproval; readonly result: ApprovalView };
  readonly sessions: { readonly params: Nothing; readonly result: readonly SessionView[] };
  readonly kill: {
    readonly params: { readonly session: string; readonly reason: string; readonly surface: string };
    readonly result: KillResult;
  };
  /** Ends every session of this person that runs now, governed or not; those that are started later may run. */
  readonly killAll: { readonly params: { readonly reason: string; readonly surface: string }; readonly result: KillAllResult };
  /**
   * The client of an agent is about to be started for one call that must be refused: that session is recorded, but neither listed nor
   * counted.
   */
  readonly beginCanary: { readonly params: { readonly session: string; readonly callId: string }; readonly result: true };
  /** How that went: `heard` is what the client told its model of the call, `about` the session that it was started like. Answers with what it proves. */
  readonly endCanary: {
    readonly params: {
      readonly session: string;
      readonly callId: string;
      readonly heard?: string;
      readonly fault?: string;
      readonly about?: string;
    };
    readonly result: Proof;
  };
  readonly revive: { readonly params: { readonly session: string; readonly surface: string }; readonly result: SessionView };
  /** Refuses calls until they are resumed; without a session those of all, and of sessions that begin later. Nothing is ended. */
  readonly pause: {
    readonly params: { readonly session?: string; readonly reason: string; readonly surface: string };
    readonly result: { readonly message: string };
  };
  /** Without a session: all, those included that were paused one by one. */
  readonly resume: {
    readonly params: { readonly session?: string; readonly surface: string };
    readonly result: { readonly message: string };
  };
  /** Calls are recorded only, those of a folder's workspace or all; or they are stopped again. */
  readonly observe: {
    readonly params: { readonly folder?: string; readonly on: boolean; readonly forMs?: number; readonly surface: string };
    readonly result: { readonly message: string };
  };
  /** What governs the calls of a folder now. */
  readonly policies: { readonly params: { readonly folder: string }; readonly result: PoliciesInForce };
  /** The text of a policy version that was ever in force; nothing where it was not kept. */
  readonly policyText: { readonly params: { readonly digest: string }; readonly result: { readonly source?: string } };
  /** What ran without a decision and no person has closed yet, oldest first. */
  readonly incidents: { readonly params: Nothing; readonly result: readonly OpenIncident[] };
  /** A person has seen them; answers with those that were open. */
  readonly closeIncidents: {
    readonly params: { readonly seqs: readonly number[]; readonly reason: string; readonly surface: string };
    readonly result: { readonly closed: readonly number[] };
  };
  readonly activity: { readonly params: { readonly limit: number; readonly before?: number }; readonly result: readonly AuditRecord[] };
  /**
   * Looks for entries, the whole log if need be. The client gives the search its name; the same name again replaces it. Answers at
   * once with what was found so far; `search` messages tell of the rest, and of every new entry, until it is closed.
   */
  readonly search: { readonly params: { readonly id: string; readonly search: EntrySearch }; readonly result: SearchState };
  /**
   * Found entries by their place. 0 is the newest that was found when the search began, places grow towards older ones; what came
   * later has -1, -2 …: no place ever moves. At most 500, by growing place.
   */
  readonly rows: {
    readonly params: { readonly id: string; readonly from: number; readonly limit: number };
    readonly result: readonly EntryRow[];
  };
  readonly closeSearch: { readonly params: { readonly id: string }; readonly result: true };
  /** Writes what a search finds to a file, oldest first; answers how many entries it has. */
  readonly exportSearch: {
    readonly params: { readonly id: string; readonly format: 'jsonl' | 'csv' | 'ocsf' | 'otlp'; readonly file: string };
    readonly result: { readonly entries: number };
  };
  readonly facets: { readonly params: Nothing; readonly result: Facets };
  /** What rules did in the last days, in calls that ran in these folders or below; left out: anywhere. Those that did nothing are left out. */
  readonly ruleCounts: {
    readonly params: { readonly folders?: readonly string[] };
    readonly result: { readonly days: number; readonly rules: readonly RuleCount[] };
  };
  readonly entry: { readonly params: { readonly seq: number }; readonly result: EntryDetails };
  readonly spend: { readonly params: SpendQuery; readonly result: SpendReport };
  /** Every limit of every budget that something is counted for. */
  readonly budgets: { readonly params: Nothing; readonly result: readonly BudgetStanding[] };
  /** Closes the circuit breakers of a session that tripped: what it did before counts no more. */
  readonly resetBreakers: { readonly params: { readonly session: string; readonly surface: string }; readonly result: SessionView };
  /** What a window's language model said to a task that came as a push. */
  readonly reviewed: { readonly params: ReviewAnswer; readonly result: true };
  /** Ends the governor (upgrade, uninstall). Pending approvals stay stored. */
  readonly shutdown: { readonly params: { readonly reason: string }; readonly result: true };
}
export type Method = keyof Methods;

/** Parameters of a method that takes none: `{}`. */
export type Nothing = { readonly [key: string]: never };

export interface WindowState {
  readonly folders: readonly string[];
  readonly focused: boolean;
}
export interface Hello extends Partial<WindowState> {
  readonly token: string;
  readonly client: 'window' | 'cli' | 'hook' | 'terminal';
  readonly pid: number;
  readonly version: string;
}
export interface Status {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly port: number;
  readonly home: string;
  readonly pending: number;
  readonly sessions: number;
  /** How sessions that start now get their hooks: from settings that only an administrator changes, from the person's own, or not at all. */
  readonly level?: 'managed' | 'plugin' | 'none';
  /** The pause of all sessions at once, while there is one. */
  readonly paused?: Pause;
  /** Where calls are judged and recorded only; left out: nowhere. */
  readonly observing?: readonly Observation[];
  /** Another number whenever anything about the policies in force is different; left out by governors that do not count. */
  readonly policies?: number;
  /** Problems a person must see: broken policy files, hooks not installed, the port moved. */
  readonly problems: readonly Problem[];
}
export interface Problem {
  readonly id: string;
  readonly message: string;
  /** A file to open, where there is one. */
  readonly file?: string;
  readonly line?: number;
  /** The entries of incidents that it is about, which a person can close: then it is gone. */
  readonly incidents?: readonly number[];
  /** `bad`: what agents do may run ungoverned until it is put right. */
  readonly severity?: 'bad';
  readonly fix?: ProblemFix;
}
/** How a person can put it right. */
export interface ProblemFix {
  /** A sentence. */
  readonly say: string;
  /** A member of the JSON file that goes, or becomes `set`. */
  readonly edit?: { readonly path: readonly string[]; readonly set?: unknown };
  /** By installing the hooks again. */
  readonly reinstall?: true;
}
export interface HookCall {
  readonly agent: string;
  readonly event?: string;
  readonly message: unknown;
  /** The agent's process: it started the command hook. */
  readonly pid?: number;
  /** Which processes it counts among: in a container a number means another process than outside. */
  readonly pidSpace?: string;
  /** The agent's HTTP hook brings the same message as well, and only an answer to both proves that it reaches us: refuse when it does not come. */
  readonly paired?: boolean;
  /** Milliseconds since the hook was started. */
  readonly waitedMs?: number;
}
export interface HookReply {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
export interface ApprovalView extends Approval {
  /** Whether this client's window is the one to ask first (its folder contains the agent's directory, or nobody's does). */
  readonly mine: boolean;
}
export interface AnswerApproval {
  readonly id: string;
  readonly outcome: 'approved' | 'denied';
  readonly scope: 'once' | 'session';
  readonly reason: string;
  readonly surface: string;
}
export interface SessionView extends SessionRecord {
  /** busy: it works; waiting: an approval is open; asking: the agent waits at its own prompt; idle; paused: its calls are refused for now; ended; killed. */
  readonly state: 'busy' | 'waiting' | 'asking' | 'idle' | 'paused' | 'ended' | 'killed';
  /** How many approvals of it are open. */
  readonly pending: number;
  /** That its calls are judged, as far as this governor has seen it; or what speaks against it. */
  readonly proven?: Proof;
  /** How its calls reach the governor, and since when (`none`: they do not, since it started). Left out by governors that did not look. */
  readonly governed?: Governance;
  /** The agent's version, as the agent or its package says. Like `model` and `place` only there while its process is in sight. */
  readonly version?: string;
  /** The model that answered last, in the agent's words. */
  readonly model?: string;
  /** Terminal or editor, in their own words. */
  readonly place?: Place;
  /** Subagents that run, oldest first, with their calls; left out: none does. */
  readonly subagents?: readonly SubagentStanding[];
  /** Left out where nothing was counted yet. */
  readonly spend?: SessionSpend;
}
export interface KillResult {
  /** Empty for an agent that tells nobody which session it runs. */
  readonly session: string;
  readonly agent: string;
  readonly cwd: string;
  readonly ended: readonly number[];
  readonly left: readonly { readonly pid: number; readonly why: string }[];
  /** A sentence for the person. */
  readonly message: string;
}
export interface KillAllResult {
  readonly sessions: readonly KillResult[];
  /** Agents that run here and are not this person's to end, or not within reach. */
  readonly unreachable: readonly { readonly pid: number; readonly agent: string; readonly why: string }[];
  /** A sentence for the person. */
  readonly message: string;
}
export interface Snapshot {
  readonly status: Status;
  readonly approvals: readonly ApprovalView[];
  readonly sessions: readonly SessionView[];
  /** Newest first. */
  readonly activity: readonly AuditRecord[];
}
/** How far a search has got. */
export interface SearchState {
  readonly id: string;
  /** How many were found in what the log held at the beginning; grows until the search is complete. */
  readonly older: number;
  /** How many came since. */
  readonly newer: number;
  readonly isComplete: boolean;
  /** How much of the log was looked at, between 0 and 1. */
  readonly progress: number;
  /** Why it cannot go on: a sentence for the person. Then it is complete as far as it got; the same name again begins anew. */
  readonly problem?: string;
}
/** Pushed to subscribers. `approvals` and `sessions` are whole lists (they are short); `activity` brings only the new records, newest first. */
export type Push =
  | { readonly push: 'status'; readonly status: Status }
  | { readonly push: 'approvals'; readonly approvals: readonly ApprovalView[] }
  | { readonly push: 'sessions'; readonly sessions: readonly SessionView[] }
  | { readonly push: 'activity'; readonly records: readonly AuditRecord[] }
  /** Only to the client whose search it is, at most ten times a second. */
  | { readonly push: 'search'; readonly state: SearchState }
  | { readonly push: 'review'; readonly task: ReviewTask };

/** A question for a language model of the editor; only to the window that is to ask it. */
export interface ReviewTask {
  readonly id: string;
  /** What is left out may be any. */
  readonly model: { readonly vendor?: string; readonly family?: string; readonly id?: string };
  readonly instructions: string;
  readonly text: string;
}
export interface ReviewAnswer {
  readonly id: string;
  /** The model's words; left out where there are none. */
  readonly text?: string;
  readonly problem?: 'no-model' | 'no-consent' | 'failed';
}

export type Result = { readonly id: number; readonly result: unknown };
export type Failure = { readonly id: number; readonly error: { readonly code: string; readonly message: string } };

export const callSchema = z.object({ id: z.number(), method: z.string(), params: z.record(z.string(), z.unknown()) });
