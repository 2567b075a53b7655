import * as z from 'zod/mini';
import type { NamedCall, Recorded, RecordedCall } from './agent.ts';
import type { ToolCall } from '../engine/tool-call.ts';

type Description = Pick<ToolCall, 'tool' | 'mcpServer' | 'command' | 'paths' | 'domains' | 'content'>;

/** A line of a record, or of its head; `undefined` for what is no JSON: another version's, or damaged. */
export function parsedLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a schema finds in a line; `undefined` where the line is about something else. */
export function lineAs<T>(schema: z.ZodMiniType<T>, text: string): T | undefined {
  const found = z.safeParse(schema, parsedLine(text));
  return found.success ? found.data : undefined;
}

/** A call that a record says has run, made at one time and over at another. */
export function ranCall(
  about: Pick<ToolCall, 'id' | 'agent' | 'session'> & NamedCall,
  describe: () => Description,
  madeAt: number,
  at: number,
): readonly Recorded[] {
  const description = describedSafely(describe);
  if (!isDeed(description) || Number.isNaN(madeAt) || Number.isNaN(at)) return [];
  const made: RecordedCall = { kind: 'call', call: { ...about, ...description }, at: madeAt };
  return [made, { kind: 'result', session: about.session.id, callId: about.id, ran: true, at }];
}

/** Nothing more than its name, where an argument that says it is missing. */
export function describedSafely(describe: () => Description): Description {
  try {
    return describe();
  } catch {
    return { tool: 'other', paths: { read: [], write: [] }, domains: [] };
  }
}

const deeds: ReadonlySet<string> = new Set(['shell', 'read', 'write', 'edit', 'notebook_edit', 'glob', 'grep', 'fetch']);

/** Tools that only keep an agent's own house (a plan, a word to its person) owe no decision: not every client asks its hooks about them. */
export function isDeed({ tool, mcpServer }: Description): boolean {
  return mcpServer !== undefined || deeds.has(tool);
}

/** What a record has is held against what was decided on elsewhere: by the governor, where arguments are the same to the letter. */
export function isAnything(): boolean {
  return true;
}
