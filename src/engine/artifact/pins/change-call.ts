import * as z from 'zod/mini';
import type { Changed } from './review.ts';

/** What a changed MCP server is called where tool calls have their tool: in approvals and the log. */
export const changeTool = 'mcp:change';

/** What a person is asked about, as an approval's arguments. */
export function changeArguments(server: string, changes: readonly Changed[]) {
  return {
    server,
    changes: changes.map(({ kind, name, change, digest }) => ({ kind, name, change: [...change], digest })),
  };
}

const shape = z.object({
  changes: z.array(
    z.object({ kind: z.enum(['tool', 'prompt', 'instructions']), name: z.string(), change: z.array(z.string()), digest: z.string() }),
  ),
});

/** What an approval of it accepts. Throws on what is none. */
export function changesIn(given: unknown): readonly Changed[] {
  return z.parse(shape, given).changes;
}
