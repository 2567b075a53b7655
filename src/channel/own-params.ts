import * as z from 'zod/mini';
import type { JsonObject } from '../engine/json.ts';
import { mcpFrom, mcpStarting } from './mcp-params.ts';
import type { OwnMethods } from './own-messages.ts';

const text = z.string().check(z.maxLength(4_096));
const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const asker = {
  ...mcpFrom,
  agent: z.exactOptional(text),
  above: z.array(z.int().check(z.gte(1))).check(z.maxLength(8)),
};
const call = z.object({ tool: text.check(z.minLength(1)), arguments: object });

/** What our own MCP server may send. */
export const ownSchemas: { readonly [M in keyof OwnMethods]: z.ZodMiniType<OwnMethods[M]['params']> } = {
  agentExplain: z.object({
    ...asker,
    call: z.exactOptional(call),
    start: z.exactOptional(z.object({ server: text, ...mcpStarting })),
    about: z.exactOptional(text),
  }),
  agentStatus: z.object(asker),
  agentRequest: z.object({ ...asker, call, reason: text }),
  agentSearch: z.object({
    ...asker,
    text: z.exactOptional(text),
    action: z.exactOptional(z.enum(['allow', 'deny', 'require_approval', 'abstain'])),
    limit: z.int().check(z.gte(1), z.lte(100)),
  }),
};
