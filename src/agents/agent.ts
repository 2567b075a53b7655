import type { JsonObject, JsonValue } from '../engine/json.ts';
import type { Decision } from '../engine/decision.ts';
import type { UsageFact } from '../engine/spend/fact.ts';
import type { AgentRef, Outcome, SessionRef, SubagentRef, ToolCall } from '../engine/tool-call.ts';

/** Where a message came from, present on every event. */
export interface Origin {
  readonly agent: AgentRef;
  readonly session: SessionRef;
  readonly subagent?: SubagentRef;
  readonly cwd: string;
  /** The agent's own name of the event (`PreToolUse`). */
  readonly event: string;
}

/** A hook message in our words. */
export type HookEvent =
  | {
      readonly kind: 'tool-call';
      readonly origin: Origin;
      readonly call: ToolCall;
      /** The call makes a prompt of a file, and the agent runs what stands in there by itself. */
      readonly expansion?: Expansion;
    }
  | {
      readonly kind: 'tool-result';
      readonly origin: Origin;
      readonly call: ToolCall;
      readonly outcome: Outcome;
      /** What the tool gave the agent; left out where the agent does not let it be replaced. */
      readonly output?: JsonValue;
      /** The arguments without what a person added while the call ran; left out: they are those of the call. */
      readonly decided?: JsonObject;
    }
  /** The agent is about to ask its own person. The call carries an `id` only where the agent sends one, else ''. */
  | { readonly kind: 'permission-request'; readonly origin: Origin; readonly call: ToolCall }
  | {
      readonly kind: 'prompt';
      readonly origin: Origin;
      readonly promptId: string;
      readonly text: string;
      readonly expansion?: Expansion;
    }
  | { readonly kind: 'session-start'; readonly origin: Origin; readonly source: string }
  | { readonly kind: 'session-end'; readonly origin: Origin; readonly reason: string }
  /** All calls of a message are done: the model is about to get their results, as they stand here. */
  | { readonly kind: 'calls-end'; readonly origin: Origin; readonly results: readonly { readonly callId: string; readonly text: string }[] }
  /** The agent is about to ask its model again: the last moment to spend nothing more. */
  | { readonly kind: 'model-request'; readonly origin: Origin }
  | { readonly kind: 'turn-end'; readonly origin: Origin }
  | { readonly kind: 'subagent-start' | 'subagent-end'; readonly origin: Origin }
  | { readonly kind: 'config-change'; readonly origin: Origin; readonly source: string; readonly file: string }
  | { readonly kind: 'other'; readonly origin: Origin };

/** A slash command or a skill that becomes a prompt. */
export interface Expansion {
  /** Of the prompt, or of the call that asked for it. */
  readonly id: string;
  /** As it was called: `/deploy`, `team:deploy`. */
  readonly name: string;
  readonly arguments: string;
}

/** A file that an agent makes a prompt of. */
export interface PromptFile {
  readonly text: string;
  /** Where it lies, absolute. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

/** What the governor answers to an event. */
export type Answer =
  /** No objection: the agent goes on by its own rules. */
  | {
      readonly kind: 'pass';
      /** The call runs with these arguments instead of its own. */
      readonly input?: JsonObject;
      /** The model gets this instead of the result. */
      readonly output?: JsonValue;
    }
  /** Go on, and do not ask your own person: a person approved here, or a trusted rule says `autoApprove`. */
  | { readonly kind: 'approve'; readonly reason: string; readonly input?: JsonObject }
  /** Do not. `stop` ends the turn as well (a killed session). */
  | { readonly kind: 'refuse'; readonly reason: string; readonly stop: boolean };

/** The exact form in which one client honours an answer. */
export interface Reply {
  /** For an HTTP hook: status and body. */
  readonly http: { readonly status: number; readonly body: JsonObject };
  /** For a command hook: what it prints and how it exits. */
  readonly command: { readonly stdout: string; readonly stderr: string; readonly exitCode: number };
}

/** A tool call, as the agent's own record of a session says that the model made it. */
export interface RecordedCall {
  readonly kind: 'call';
  readonly call: ToolCall;
  readonly expansion?: Expansion;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What the same record says became of it. `ran` is false for what was refused, or broke before anything happened. */
export interface RecordedResult {
  readonly kind: 'result';
  readonly session: string;
  readonly callId: string;
  readonly ran: boolean;
  readonly at: number;
}

/** A person's prompt that a file was made into: the agent has run by itself what stands in there. */
export interface RecordedExpansion {
  readonly kind: 'expansion';
  readonly origin: Origin;
  readonly expansion: Expansion;
  readonly at: number;
}

/** A command that a person ran themselves, at the agent's prompt. */
export interface RecordedCommand {
  readonly kind: 'command';
  readonly origin: Origin;
  /** The record's own name for it. */
  readonly id: string;
  readonly command: string;
  readonly at: number;
}

export type Recorded = RecordedCall | RecordedResult | RecordedExpansion | RecordedCommand;

/** The file that a line of a record stands in, for what the line does not say itself. */
export interface RecordPlace {
  readonly path: string;
  /** Its first line; '' where that is too long or not there yet. */
  readonly head: string;
}

/** How an agent's own record of its sessions is read: what it says does not depend on any hook. */
export interface RecordReader {
  /** Only lines that contain one of these say anything about calls. */
  readonly marks: readonly string[];
  /** What a line says about calls. Nothing for a line that cannot be read: the format is the agent's own affair. Never throws. */
  readonly read: (line: string, file: RecordPlace) => readonly Recorded[];
  /**
   * Records name a call otherwise than hooks do, or hooks do not name it at all: a decision in that time about the same arguments is one
   * about this call.
   */
  readonly alsoByArguments?: true;
  /** Whether the call that was recorded is the one that was decided on: agents complete arguments on the way to their hooks. */
  readonly isSame: (recorded: JsonObject, decided: JsonObject) => boolean;
}

/**
 * How an agent's own records tell what was used. Where they lie is the storage's affair. Nothing here throws: a line that cannot be
 * read says nothing. It is also written for agents that are only counted and have no hooks of ours.
 */
export interface UsageReader {
  /** The agent's name: `claude-code`, `codex`. */
  readonly agent: string;
  /** Only lines that contain one of these are read, or begin with one of `starts`, which is much cheaper to look for. */
  readonly marks: readonly string[];
  readonly starts: readonly string[];
  /** Its files do not grow but are written anew: each is read from its beginning, and at once, whenever it has changed. */
  readonly isRewritten?: true;
  /**
   * Begins with a file, or goes on where `state` says that an earlier reader of the same file stopped. The lines come in their
   * order, each once.
   */
  readonly open: (file: UsageFile, state?: string) => UsageLines;
  /** What a small file beside a record says of its subagent (Claude Code's `agent-<id>.meta.json`), given its text. */
  readonly aside?: (file: UsageFile, text: string) => readonly UsageFact[];
}

/** What a record's place says of it, for lines that do not. */
export interface UsageFile {
  /** The session and subagent that its name is made of; '' where it names none. */
  readonly session: string;
  readonly subagent: string;
}

export interface UsageLines {
  /**
   * A quick look at the line from `start` to `end` (its newline), as it lies in the file: what `read` would tell of it, or less where that
   * is known already. `undefined`: it has to be read, and nothing was learned.
   */
  readonly glance?: (bytes: Buffer, start: number, end: number) => readonly UsageFact[] | undefined;
  readonly read: (line: string) => readonly UsageFact[];
  /** What has to be known of the lines so far to go on with the next one: short, and only for the same reader. */
  readonly state: () => string;
}

/** A call as the log names it. */
export type NamedCall = Pick<ToolCall, 'nativeTool' | 'mcpServer' | 'arguments' | 'cwd'>;

/** How one coding agent talks to its hooks. Both directions are pure. */
export interface Agent {
  readonly name: string;
  /**
   * Milliseconds that its client surely waits for the answer to a tool call. A question is held no longer than that: the call is refused,
   * and the same call passes once a person has approved it. Left out: as long as it takes.
   */
  readonly waits?: number;
  /** Its client lives in a process with others: no session's end is that process's end. */
  readonly sharesProcess?: true;
  /** Whether its client ran the hook of that other agent, with this message. Clients read each other's configuration. */
  readonly borrows?: (agent: string, message: unknown) => boolean;
  readonly records?: RecordReader;
  /** What `read` made of a call's arguments. Throws `UnreadableMessage` where one that decides is missing. Left out: the arguments tell. */
  readonly describe?: (call: NamedCall) => Pick<ToolCall, 'command' | 'shell' | 'paths' | 'domains' | 'content'>;
  /** What the agent runs by itself, without asking any hook, when it makes that file a prompt: as calls that can be judged. */
  readonly inlineCalls?: (file: PromptFile, expansion: Expansion, origin: Origin) => readonly ToolCall[];
  /** Throws `UnreadableMessage` on what it cannot read. `event`: what the command hook was called with, where messages do not say it. */
  readonly read: (message: unknown, event?: string) => HookEvent;
  readonly reply: (answer: Answer, to: HookEvent) => Reply;
  /** The refusal for a message that `read` could not understand: refuses whatever event it was. */
  readonly refuseUnread: (message: unknown, reason: string, event?: string) => Reply;
}

/** Of an agent that has command hooks only: nobody asks over HTTP, and whoever does hears whether it is a refusal. */
export function commandReply(command: Reply['command'], isRefusal: boolean): Reply {
  return { http: { status: isRefusal ? 403 : 200, body: {} }, command };
}

/** A reason as clients need it: in one line, and never missing. Some let a call run whose refusal gives none. */
export function oneLine(reason: string): string {
  return reason.replaceAll(/\s*\n\s*/g, ' ').trim() || 'Countersign does not allow this.';
}

export class UnreadableMessage extends Error {}

/** What a decision becomes once nobody needs to be asked any more. */
export function answerOf(decision: Decision): Answer {
  if (decision.mode === 'observe' || decision.action === 'abstain') return { kind: 'pass' };
  if (decision.action === 'allow') return decision.autoApprove ? { kind: 'approve', reason: decision.reason } : { kind: 'pass' };
  return { kind: 'refuse', reason: decision.reason, stop: false };
}
