import type { JsonObject } from '../engine/json.ts';
import type { McpFrom, McpStartAsk } from './mcp-messages.ts';

/**
 * What an agent asks through our own MCP server. None of it decides on a call: the most that comes of it is a question to a person.
 * A part of `Methods`.
 */
export interface OwnMethods {
  /**
   * What would become of a call or of a server's start, or what became of a call (`about`: the agent's name for it, the log's number, or
   * `last`).
   */
  readonly agentExplain: {
    readonly params: OwnAsker & { readonly call?: AskedCall; readonly start?: AskedStart; readonly about?: string };
    readonly result: OwnAnswer;
  };
  readonly agentStatus: { readonly params: OwnAsker; readonly result: OwnAnswer };
  /** Asks a person about a call that was not made yet. */
  readonly agentRequest: { readonly params: OwnAsker & { readonly call: AskedCall; readonly reason: string }; readonly result: OwnAnswer };
  readonly agentSearch: { readonly params: OwnAsker & OwnSearch; readonly result: OwnAnswer };
}

/** Who asks, as far as that is known. The session is a claim; that of a process above the server's goes before it. */
export interface OwnAsker extends McpFrom {
  /** What a person's configuration calls the agent, where that is not what its client calls itself. */
  readonly agent?: string;
  /** The processes above the server's, the nearest first. */
  readonly above: readonly number[];
}

/** A call as the agent would make it. */
export interface AskedCall {
  /** The agent's own name of the tool. */
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** A server's start, as its gateway would ask for it. */
export type AskedStart = Pick<McpStartAsk, 'server' | 'command' | 'source' | 'fault' | 'loads'>;

export interface OwnSearch {
  readonly text?: string;
  readonly action?: 'allow' | 'deny' | 'require_approval' | 'abstain';
  readonly limit: number;
}

/** For the model, in words. */
export interface OwnAnswer {
  readonly text: string;
  /** Nothing came of it, and the text says why. */
  readonly failed: boolean;
}
