import { randomUUID } from 'node:crypto';
import type { McpTold } from '../../channel/mcp-messages.ts';
import type { GovernedCall } from './governed-call.ts';
import type { Hold } from './hold.ts';

/** A call on its way. */
export interface Call {
  readonly governed: GovernedCall;
  /** The id of its request, as it is written. */
  readonly id: string;
  state: 'asking' | 'sent' | 'checking' | 'over';
  /** Under which it is told of to the governor. */
  told?: McpTold;
  joined: boolean;
  watched: boolean;
  sentAt: number;
  readonly ask: string;
  hold?: Hold;
}

export function newCall(governed: GovernedCall, id: string): Call {
  return { governed, id, state: 'asking', joined: false, watched: true, sentAt: 0, ask: randomUUID() };
}
