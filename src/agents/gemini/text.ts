import { isObject, type JsonValue } from '../../engine/json.ts';

/** What the model reads of a result: the client takes a text in its place, not parts. What is not text stands there as JSON. */
export function textOf(content: JsonValue): string {
  if (typeof content === 'string') return content;
  if (!isList(content)) return isObject(content) && typeof content['text'] === 'string' ? content['text'] : JSON.stringify(content);
  return content.map(textOf).join('\n');
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
