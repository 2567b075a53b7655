import type { JsonObject, JsonValue } from '../json.ts';

/** Stands where a value is too large for a condition to look at: any use of it is an error, never a wrong answer. */
export class TooLarge {
  readonly kind = 'too-large';
}

const maxList = 500;
const maxText = 1_048_576;
const maxDepth = 100;

/** Text as a condition sees it. */
export function textView(text: string): string | TooLarge {
  return text.length > maxText ? new TooLarge() : text;
}

/** A list as a condition sees it. Long lists would make nested loops slow. */
export function listView<T>(list: readonly T[]): readonly T[] | TooLarge {
  return list.length > maxList ? new TooLarge() : list;
}

/** Arguments as a condition sees them: maps instead of objects, so that no prototype can answer for a missing field. */
export function jsonView(value: JsonValue, depth = 0): unknown {
  if (depth > maxDepth) return new TooLarge();
  if (typeof value === 'string') return textView(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.length > maxList ? new TooLarge() : value.map((item) => jsonView(item, depth + 1));
  const keys = Object.keys(value);
  if (keys.length > maxList) return new TooLarge();
  return new Map(keys.map((key) => [key, jsonView(valueAt(value, key), depth + 1)]));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Own values only: `__proto__` may be a key of its own. */
function valueAt(value: JsonObject, key: string): JsonValue {
  const found: JsonValue | undefined = Object.getOwnPropertyDescriptor(value, key)?.value;
  return found ?? null;
}
