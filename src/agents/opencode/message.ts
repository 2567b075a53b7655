import * as z from 'zod/mini';
import { jsonObject, name, parserFor } from '../parse-message.ts';

export const parse = parserFor('our opencode plugin');

/**
 * What our plugin hands on: opencode's own `input` and `output` of the hook, and beside them what opencode does not say in them (where
 * the session runs, whose subagent it is, which MCP servers there are).
 */
const base = z.object({
  hook: name,
  directory: name,
  /** `root` is the session that a person began; the same as `id` where this is no subagent. */
  session: z.object({ id: name, root: name, agent: z.optional(z.string()) }),
  version: z.optional(z.string()),
});
export type Base = z.infer<typeof base>;

const tool = z.object({ tool: name, sessionID: name, callID: name });
/** Without the names of the servers nobody can tell a server's tool from another one. */
const servers = z.array(z.string());

export const schemas = {
  before: z.object({ input: tool, output: z.object({ args: jsonObject }), servers }),
  after: z.object({ input: z.extend(tool, { args: jsonObject }), output: jsonObject, servers }),
  prompt: z.object({ messageId: z.optional(z.string()), text: z.string() }),
};

/** What every message carries. Throws `UnreadableMessage`. */
export function readBase(message: unknown): Base {
  return parse(base, message);
}
