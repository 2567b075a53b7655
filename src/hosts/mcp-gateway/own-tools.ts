import * as z from 'zod/mini';
import type { AskedCall, OwnAnswer, OwnAsker } from '../../channel/own-messages.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { AskGovernor } from './ask-governor.ts';
import { repeatsNames } from './json-bytes.ts';

interface OwnTool {
  readonly description: string;
  readonly properties: JsonObject;
  readonly required?: readonly string[];
  readonly isReading: boolean;
  /** Rejects with a sentence on arguments that it does not take. */
  readonly run: (ask: AskGovernor, from: OwnAsker, input: JsonObject) => Promise<OwnAnswer>;
}

const text = z.exactOptional(z.string());
const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const someCall: z.ZodMiniType<string | JsonObject> = z.union([z.string().check(z.minLength(1)), object]);
const explaining = z.object({ call: z.exactOptional(someCall), server: z.exactOptional(z.string().check(z.minLength(1))), about: text });
const requesting = z.object({ call: someCall, reason: z.string().check(z.minLength(1)) });
const searching = z.object({
  text,
  action: z.exactOptional(z.enum(['allow', 'deny', 'require_approval', 'abstain'])),
  limit: z.exactOptional(z.int().check(z.gte(1), z.lte(100))),
});
const called = z.object({ tool: z.string().check(z.minLength(1)), arguments: z.exactOptional(object) });

// As text that begins like no path: policies look for paths in what a tool is called with, and these are not touched.
const callProperties = {
  call: {
    type: 'string',
    description: 'JSON text of the call exactly as you would make it, {"tool": "Write", "arguments": {…}}; or "$ " and a shell command.',
  },
};

const tools: Readonly<Record<string, OwnTool>> = {
  explain: {
    description:
      'Says what the policies in force make of a tool call: whether it runs, which rule, budget or review speaks and why, what is let through instead. With about: of a call that was refused. With server: whether an MCP server may start.',
    properties: {
      ...callProperties,
      about: { type: 'string', description: '"last" for the last refused call, or the id of a call, or its number in search_log.' },
      server: { type: 'string', description: 'The name of an MCP server in your configuration.' },
    },
    isReading: true,
    run: async (ask, from, input) => {
      const { call, server, about = 'last' } = taken(explaining, input);
      if (server !== undefined) return (await import('./explain-start.ts')).explainServer(ask, from, server);
      return ask('agentExplain', { ...from, ...(call === undefined ? { about } : { call: callOf(call) }) });
    },
  },
  status: {
    description: 'Says what governs this session: policies, what is left of its budgets, whether it is paused, what waits for a person.',
    properties: {},
    isReading: true,
    run: (ask, from) => ask('agentStatus', from),
  },
  request: {
    description:
      'Asks a person to approve a tool call before you make it. Returns at once; once approved, exactly that call runs once. What policies deny cannot be asked for.',
    properties: { ...callProperties, reason: { type: 'string', description: 'Why you need it, for the person.' } },
    required: ['call', 'reason'],
    isReading: false,
    run: async (ask, from, input) => {
      const { call, reason } = taken(requesting, input);
      return ask('agentRequest', { ...from, reason, call: callOf(call) });
    },
  },
  search_log: {
    description: 'Finds what was decided and recorded about this session, the newest first.',
    properties: {
      text: { type: 'string', description: 'Only entries that contain this.' },
      action: { type: 'string', enum: ['allow', 'deny', 'require_approval', 'abstain'] },
      limit: { type: 'integer', minimum: 1, maximum: 100 },
    },
    isReading: true,
    run: async (ask, from, input) => ask('agentSearch', { ...from, limit: 20, ...taken(searching, input) }),
  },
};

export const toolList: readonly JsonObject[] = Object.entries(tools).map(
  ([name, { description, properties, required = [], isReading }]) => ({
    name,
    description,
    inputSchema: { type: 'object', properties, required, additionalProperties: false },
    annotations: { readOnlyHint: isReading, destructiveHint: false, openWorldHint: false },
  }),
);

/** What a tool of ours answers. Never rejects: what went wrong is its answer. */
export async function runTool(name: string, input: JsonObject, from: OwnAsker, ask: AskGovernor): Promise<OwnAnswer> {
  try {
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (tool === undefined) throw new Error(`There is no tool "${name}" here.`);
    return await tool.run(ask, from, input);
  } catch (error) {
    return { text: error instanceof Error ? error.message : String(error), failed: true };
  }
}

function callOf(given: string | JsonObject): AskedCall {
  if (typeof given === 'string' && !given.trimStart().startsWith('{'))
    return { tool: 'shell', arguments: { command: given.replace(/^\s*\$\s+/, '') } };
  const { tool, arguments: input = {} } = taken(called, typeof given === 'string' ? parsed(given) : given);
  return { tool, arguments: input };
}

function parsed(json: string): unknown {
  try {
    if (repeatsNames(Buffer.from(json.trim()), 0)) throw new Error('a name stands in it twice');
    return JSON.parse(json);
  } catch (cause) {
    throw new Error(`"call" is no JSON of a call: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function taken<T>(schema: z.ZodMiniType<T>, input: unknown): T {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`"${issue?.path.join('.') ?? ''}" is missing or not what it should be.`);
}
