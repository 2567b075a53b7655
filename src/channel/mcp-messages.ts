import type { Answer } from '../agents/agent.ts';
import type { JsonObject, JsonValue } from '../engine/json.ts';
import type { GatewayVerdict } from '../governor/gateway/decide.ts';

/** What the gateway of an MCP server asks the governor. A part of `Methods`. */
export interface McpMethods {
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
    readonly result: { readonly hidden: readonly string[] };
  };
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
  /** What `mcpLetGo` names it by; unique on its line. */
  readonly ask: string;
  /** Milliseconds that the client surely waits: a question is left open then, and the call refused for now. */
  readonly waits: number;
}
