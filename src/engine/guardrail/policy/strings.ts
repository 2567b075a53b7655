import { isObject, type JsonObject, type JsonValue } from '../../json.ts';

/** A string of a value, with a JSONPath of where it stands. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
}

/** Every string of a value, names of fields included, always in the same order. Pictures and sounds have none. */
export function leavesOf(value: JsonValue): readonly Leaf[] {
  const leaves: Leaf[] = [];
  walk(value, '$', (text, path) => {
    leaves.push({ path, text });
    return text;
  });
  return leaves;
}

/** The value with each string as `edit` wants it; `index` counts them as `leavesOf` does. All else is untouched. */
export function editStrings(value: JsonValue, edit: (text: string, index: number) => string): JsonValue {
  let index = 0;
  return walk(value, '$', (text) => {
    index += 1;
    return edit(text, index - 1);
  });
}

type Visit = (text: string, path: string) => string;

function walk(value: JsonValue, path: string, visit: Visit): JsonValue {
  if (typeof value === 'string') return visit(value, path);
  if (isList(value)) return value.map((item, index) => walk(item, `${path}[${index}]`, visit));
  return isObject(value) ? walkObject(value, path, visit) : value;
}

function walkObject(value: JsonObject, path: string, visit: Visit): JsonObject {
  const media = isMedia(value['mimeType']) || isMedia(value['media_type']) || isMedia(value['type']);
  const members = Object.entries(value).map(([key, member], index): readonly [string, JsonValue] => {
    const at = `${path}${step(key, index)}`;
    const name = visit(key, `${at}~`);
    return [name, media && isEncoded(member) ? member : walk(member, at, visit)];
  });
  return Object.fromEntries(members);
}

/** A name that may itself be what is looked for is not part of a place. */
function step(key: string, index: number): string {
  return /^[A-Za-z_$][\w$]{0,15}$/.test(key) ? `.${key}` : `.*[${index}]`;
}

function isMedia(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && /^(?:(?:image|audio|video)\/|application\/pdf)/.test(value);
}

function isEncoded(value: JsonValue): boolean {
  return typeof value === 'string' && value.length > 200 && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
