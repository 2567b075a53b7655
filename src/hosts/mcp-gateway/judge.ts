import type { McpMethods } from '../../channel/mcp-messages.ts';

/** What the gateway asks of the governor. */
export interface Judge {
  readonly ask: <M extends keyof McpMethods>(method: M, params: McpMethods[M]['params']) => Promise<McpMethods[M]['result']>;
  readonly letGo: (ask: string) => void;
  /** Resolves with another number than `since` when lists may be other ones. */
  readonly changed: (since: number) => Promise<number>;
}
