import { canonicalJson } from '../../audit/canonical.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json.ts';

const mostLines = 12;
const longestPart = 300;

/** What changed between two definitions, in sentences for a person. The texts are the server's own: show them as text. */
export function differenceInWords(before: JsonValue, after: JsonValue): readonly string[] {
  if (typeof before === 'string' && typeof after === 'string') return capped(textChange('Its text', before, after));
  if (!isObject(before) || !isObject(after)) return ['Its definition is of another shape.'];
  const lines = namesOf(before, after).flatMap((name) => memberChange(name, before[name], after[name]));
  return capped(lines.length === 0 ? ['Its definition is written differently.'] : lines);
}

function memberChange(name: string, before: JsonValue | undefined, after: JsonValue | undefined): readonly string[] {
  if (same(before, after)) return [];
  if (name === 'inputSchema' || name === 'outputSchema' || name === 'arguments') return schemaChange(name, before, after);
  const what = `Its ${words[name] ?? `"${name}"`}`;
  if (typeof before === 'string' && typeof after === 'string') return textChange(what, before, after);
  if (isObject(before) && isObject(after))
    return namesOf(before, after)
      .filter((member) => !same(before[member], after[member]))
      .map((member) => `${what}: ${valueChange(`"${member}"`, before[member], after[member])}`);
  return [valueChange(what, before, after)];
}

const words: Readonly<Record<string, string>> = {
  annotations: 'hints to the client (annotations)',
  description: 'description',
  title: 'title',
};

function valueChange(what: string, before: JsonValue | undefined, after: JsonValue | undefined): string {
  if (before === undefined) return `${what} is new: ${quoted(after)}.`;
  if (after === undefined) return `${what} is gone; it was ${quoted(before)}.`;
  return `${what} was ${quoted(before)} and is ${quoted(after)}.`;
}

/** Sentence by sentence: a description is prose. */
function textChange(what: string, before: string, after: string): readonly string[] {
  const [old, fresh] = [sentencesOf(before), sentencesOf(after)];
  const added = fresh.filter((sentence) => !old.includes(sentence));
  const gone = old.filter((sentence) => !fresh.includes(sentence));
  if (added.length === 0 && gone.length === 0) return [`${what} is in another order or spacing.`];
  return [
    ...added.map((sentence) => `${what} says in addition: ${cut(sentence)}`),
    ...gone.map((sentence) => `${what} no longer says: ${cut(sentence)}`),
  ];
}

function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** Of a JSON Schema, its parameters; of a prompt, its arguments. */
function schemaChange(name: string, before: JsonValue | undefined, after: JsonValue | undefined): readonly string[] {
  const what = name === 'outputSchema' ? 'result field' : 'parameter';
  const [old, fresh] = [parametersOf(before), parametersOf(after)];
  const lines = namesOf(old, fresh).flatMap((parameter) => {
    const [was, is] = [old[parameter], fresh[parameter]];
    if (same(was, is)) return [];
    if (was === undefined) return [`A ${what} is new: "${parameter}"${descriptionOf(is)}`];
    if (is === undefined) return [`The ${what} "${parameter}" is gone.`];
    return isObject(was) && isObject(is)
      ? namesOf(was, is).flatMap((member) => memberOf(`The ${what} "${parameter}"`, member, was[member], is[member]))
      : [`The ${what} "${parameter}" is another one.`];
  });
  return lines.length === 0 ? [`Its ${name} is another one.`] : lines;
}

function memberOf(what: string, name: string, before: JsonValue | undefined, after: JsonValue | undefined): readonly string[] {
  if (same(before, after)) return [];
  return typeof before === 'string' && typeof after === 'string' && name === 'description'
    ? textChange(what, before, after)
    : [`${what}: ${valueChange(`"${name}"`, before, after)}`];
}

function parametersOf(schema: JsonValue | undefined): JsonObject {
  if (isList(schema))
    return Object.fromEntries(schema.filter(isObject).map((one) => [typeof one['name'] === 'string' ? one['name'] : '', one]));
  if (!isObject(schema)) return {};
  const { properties, ...rest } = schema;
  const required = rest['required'];
  const own = isObject(properties) ? properties : {};
  return Object.fromEntries(
    Object.entries(own).map(([name, value]) => [
      name,
      isObject(value) ? { ...value, ...(isList(required) && required.includes(name) ? { isRequired: true } : {}) } : value,
    ]),
  );
}

function descriptionOf(value: JsonValue | undefined): string {
  const text = isObject(value) ? value['description'] : undefined;
  return typeof text === 'string' ? `, described as: ${cut(text)}` : '.';
}

function namesOf(a: JsonObject, b: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);
}

function quoted(value: JsonValue | undefined): string {
  return cut(JSON.stringify(value) ?? '');
}

function cut(text: string): string {
  return text.length > longestPart ? `${text.slice(0, longestPart)}…` : text;
}

function capped(lines: readonly string[]): readonly string[] {
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `And ${lines.length - mostLines} more.`];
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
