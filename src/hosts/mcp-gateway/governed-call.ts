import * as z from 'zod/mini';
import type { McpKind } from '../../channel/mcp-messages.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import type { Frame } from './frame.ts';
import { BadJson, readObject, repeatsNames, skipSpace, type Span } from './json-bytes.ts';

/** A request that policies have a say in. */
export interface GovernedCall {
  readonly kind: McpKind;
  readonly name: string;
  readonly arguments: JsonObject;
  /** Where the arguments lie in the frame; left out: there are none. */
  readonly place?: Span;
  /** What the agent itself calls it. */
  readonly hint?: string;
  readonly progressToken?: string | number;
  /** The session that the client names. */
  readonly session?: string;
  /** What the client introduces itself with, where each request says so. */
  readonly client?: Client;
  /** What a person answered to the server; the call that it belongs to is known by what is left. */
  readonly answers?: JsonObject;
  readonly state?: string;
}

export interface Client {
  readonly name: string;
  readonly version?: string;
}

export const governedMethods: ReadonlySet<string> = new Set(['tools/call', 'resources/read', 'prompts/get']);

/** What cannot be read for sure must not run: the other end may read it differently. Throws a sentence that says why. */
export function readCall({ bytes, members, method }: Frame): GovernedCall {
  const place = members.get('params');
  if (place === undefined) throw new BadJson('It has no params');
  if (repeatsNames(bytes, place.start)) throw new BadJson('A name stands in its arguments twice');
  const params: unknown = JSON.parse(bytes.toString('utf8', place.start, place.end));
  switch (method) {
    case 'tools/call': {
      const { name, arguments: input, inputResponses, requestState, _meta } = parse(toolParams, params);
      return { ...read('tool', name, input, _meta), ...argumentsIn(bytes, place), ...continued(inputResponses, requestState) };
    }
    case 'prompts/get': {
      const { name, arguments: input, inputResponses, requestState, _meta } = parse(toolParams, params);
      return { ...read('prompt', name, input, _meta), ...argumentsIn(bytes, place), ...continued(inputResponses, requestState) };
    }
    default: {
      const { uri, inputResponses, requestState, _meta } = parse(resourceParams, params);
      return { ...read('resource', uri, { uri }, _meta), ...continued(inputResponses, requestState) };
    }
  }
}

export function readClient(value: unknown): Client | undefined {
  const result = z.safeParse(clientInfo, value);
  return result.success
    ? { name: result.data.name, ...(result.data.version === undefined ? {} : { version: result.data.version }) }
    : undefined;
}

const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const name = z.string().check(z.minLength(1), z.maxLength(2_048));
const meta = z.optional(object);
const answered = { inputResponses: z.optional(object), requestState: z.optional(z.string()) };
const toolParams = z.object({ name, arguments: z.optional(object), _meta: meta, ...answered });
const resourceParams = z.object({ uri: name, _meta: meta, ...answered });
const clientInfo = z.object({ name: z.string().check(z.maxLength(200)), version: z.optional(z.string().check(z.maxLength(200))) });

function parse<T>(schema: z.ZodMiniType<T>, params: unknown): T {
  const result = z.safeParse(schema, params);
  if (result.success) return result.data;
  throw new BadJson(`Its "${result.error.issues[0]?.path.join('.') ?? ''}" is missing or not what it should be`);
}

function read(kind: McpKind, called: string, input: JsonObject = {}, given: JsonObject = {}) {
  const progressToken = given['progressToken'];
  const hint = firstText(given['claudecode/toolUseId'], given['callId']);
  const session = firstText(given['sessionId']);
  const client = readClient(given['io.modelcontextprotocol/clientInfo']);
  return {
    kind,
    name: called,
    arguments: input,
    ...(hint === undefined ? {} : { hint }),
    ...(session === undefined ? {} : { session }),
    ...(client === undefined ? {} : { client }),
    ...(typeof progressToken === 'string' || typeof progressToken === 'number' ? { progressToken } : {}),
  };
}

function continued(answers: JsonObject | undefined, state: string | undefined) {
  return { ...(answers === undefined ? {} : { answers }), ...(state === undefined ? {} : { state }) };
}

function argumentsIn(bytes: Buffer, params: Span): { readonly place?: Span } {
  const place = readObject(bytes, skipSpace(bytes, params.start)).members.get('arguments');
  return place === undefined ? {} : { place };
}

function firstText(...values: readonly (JsonValue | undefined)[]): string | undefined {
  return values.filter((value) => typeof value === 'string').find((text) => text !== '' && text.length <= 512);
}
