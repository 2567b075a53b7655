import * as z from 'zod/mini';
import { UnreadableMessage } from './agent.ts';
import type { JsonObject, JsonValue } from '../engine/json.ts';

export const name = z.string().check(z.minLength(1));
/** Messages come out of `JSON.parse`: what lies inside an object is JSON already, and may be tens of megabytes. */
export const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
export const jsonValue = z.custom<JsonValue>((value) => value !== undefined);

/** Reads what one client sends: throws `UnreadableMessage` that names the first field that is missing or odd. */
export function parserFor(client: string): <T>(schema: z.ZodMiniType<T>, message: unknown) => T {
  return (schema, message) => {
    const result = z.safeParse(schema, message);
    if (result.success) return result.data;
    const field = result.error.issues[0]?.path.join('.') ?? '';
    throw new UnreadableMessage(
      field === '' ? 'The message is not a JSON object' : `The message's "${field}" is missing or not what ${client} sends`,
    );
  };
}

const named = z.object({ hook_event_name: name });

/** The event's name in a message that may be anything, of a client that says it in that field. */
export function eventNameOf(message: unknown): string | undefined {
  const result = z.safeParse(named, message);
  return result.success ? result.data.hook_event_name : undefined;
}
