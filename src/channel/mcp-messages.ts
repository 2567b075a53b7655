import type { Shown } from '../engine/artifact/pins/known.ts';
import type { Verdict } from '../engine/artifact/pins/review.ts';
import type { Source } from '../engine/artifact/start.ts';
import type { Answer } from '../agents/agent.ts';
import type { JsonObject, JsonValue } from '../engine/json.ts';
import type { GatewayVerdict } from '../governor/gateway/decide.ts';
import type { PinChoice } from '../governor/gateway/pin-answers.ts';
import type { McpServerView, ServersQuestion } from '../governor/gateway/server-views.ts';

/** What the gateway of an MCP server asks the governor. A part of `Methods`. */
export interface McpMethods {
  /** May this server be started? Asked before it is; the question stays open when nobody answers in time. */
  readonly mcpStart: { readonly params: McpStartAsk; readonly result: Answer };
  /** May this call run? Held until that is known; closing the line, or `mcpLetGo`, ends that. */
  readonly mcpCall: { readonly params: McpAsk; readonly result: GatewayVerdict };
  /** A call that was let through goes on with what a person answered to its server. */
  readonly mcpContinue: { readonly params: McpTold & { readonly answers: JsonObject }; readonly result: Answer };
  /** What the server answered; the `output` of the answer stands in its place. Left out where nobody needs to look: it is recorded only. */
  readonly mcpResult: {
    readonly params: McpTold & {
      readonly failed: boolean;
      readonly joined: boolean;
      readonly durationMs: number;
      readonly output?: JsonValue;
    };
    readonly result: Answer;
  };
  /** Which of these the agent is not to be shown: every call of them would be denied. */
  readonly mcpList: {
    readonly params: McpFrom & { readonly kind: McpKind; readonly names: readonly string[] };
    /** `revision`: `mcpChanged` tells when it is another one. */
    readonly result: { readonly hidden: readonly string[]; readonly revision: number };
  };
  /** What the server shows of itself now: of each its digest, and why the agent must not see it. */
  readonly mcpShown: {
    readonly params: McpFrom & { readonly shown: readonly Shown[] };
    readonly result: { readonly verdicts: readonly Verdict[] };
  };
  /** Answers when lists may be other ones than at `since`. */
  readonly mcpChanged: { readonly params: { readonly since: number }; readonly result: { readonly revision: number } };
  /** What is known of servers that a gateway stood before, and what policies say of them. */
  readonly mcpServers: { readonly params: ServersQuestion; readonly result: readonly McpServerView[] };
  /** A person accepts or refuses what a server shows; without a name all that waits. Answers with what that was. */
  readonly answerPins: {
    readonly params: PinChoice & { readonly surface: string };
    readonly result: { readonly answered: readonly string[] };
  };
  /** The server is to be given these secrets. It is not where that cannot be recorded. */
  readonly mcpSecrets: { readonly params: McpFrom & { readonly names: readonly string[] }; readonly result: true };
  /** Nobody waits for the answer to an `mcpCall` of this line any more. */
  readonly mcpLetGo: { readonly params: { readonly ask: string }; readonly result: true };
}

export type McpKind = 'tool' | 'resource' | 'prompt';

/** Who speaks, and to which server. */
export interface McpFrom {
  readonly client: string;
  readonly version?: string;
  readonly session: string;
  readonly cwd: string;
  /** As the client's configuration calls it. */
  readonly server: string;
  /** The client's process, where it is known to be the session's. */
  readonly pid?: number;
  readonly pidSpace?: string;
  /** It has come over HTTP, and its session is a name that we gave. */
  readonly distant?: true;
}

/** A server that is about to start. */
export interface McpStartAsk extends McpFrom {
  readonly command: readonly string[];
  /** What would run, as it was measured; left out where that failed. */
  readonly source?: Source;
  /** Why it cannot start whatever policies say: it is only recorded. */
  readonly fault?: string;
  /** Variables that load code into it, as they are set. */
  readonly loads: Readonly<Record<string, string>>;
  /** Milliseconds that the client surely waits. */
  readonly waits: number;
}

/** A call that was decided on, under the name that its verdict gave. */
export interface McpTold extends McpFrom {
  readonly kind: McpKind;
  readonly name: string;
  readonly arguments: JsonObject;
  readonly callId: string;
}

export interface McpAsk extends McpFrom {
  readonly kind: McpKind;
  readonly name: string;
  readonly arguments: JsonObject;
  /** What the agent itself calls it; left out where it does not say. */
  readonly hint?: string;
  /** The digest of what the server showed of it, where it was asked. */
  readonly definition?: string;
  /** What `mcpLetGo` names it by; unique on its line. */
  readonly ask: string;
  /** Milliseconds that the client surely waits: a question is left open then, and the call refused for now. */
  readonly waits: number;
}
