import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { maskSecrets } from './secrets.ts';

/** Stands where a policy said that nothing may be stored. */
export const redacted = '[redacted]';

/** Longer texts are stored with their end cut off; the digest of the call still covers all of it. */
const longest = 256 * 1024;
/** How far back from there to look for a place to cut that does not run through a token. */
const slack = 4096;

type Step = { readonly key: string } | { readonly index: number } | 'every';

/**
 * The one way in which arguments reach the audit log, an approval or a screen: what the JSONPaths of the policies name
 * is gone, well-known secrets are masked wherever they stand, and very long texts are cut.
 */
export function redact(value: JsonObject, paths: readonly string[]): JsonObject {
  const steps = paths.map(parsePath);
  // A path that cannot be understood must not become a path that hides nothing.
  if (steps.includes(undefined)) return mapMembers(value, () => redacted);
  const hidden = steps.reduce<JsonValue>((rest, path) => hide(rest, path ?? []), value);
  return isObject(hidden) ? mapMembers(hidden, maskDeep) : {};
}

/** A text on its way to the log or a screen: secrets masked, cut where it is very long. */
export function redactText(text: string): string {
  if (text.length <= longest) return maskSecrets(text);
  const end = placeToCut(text);
  return `${maskSecrets(text.slice(0, end))}… (${text.length - end} more characters are not stored)`;
}

/** Whether `redact` understands a path: `$.a.b[*]`, `$.a[0]`, `$['a b'].*`. */
export function isRedactPath(path: string): boolean {
  return parsePath(path) !== undefined;
}

const stepPattern = /\.([A-Za-z_$][\w$-]*)|\.\*|\[\*\]|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y;

function parsePath(path: string): readonly Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  for (let at = 1; at < path.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(path);
    if (match === null) return undefined;
    const key = match[1] ?? match[3] ?? match[4];
    steps.push(key !== undefined ? { key } : match[2] !== undefined ? { index: Number(match[2]) } : 'every');
  }
  return steps;
}

function hide(value: JsonValue, [step, ...rest]: readonly Step[]): JsonValue {
  if (step === undefined) return redacted;
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) => (step === 'every' || ('index' in step && step.index === index) ? hide(item, rest) : item));
  }
  if (!isObject(value)) return value;
  return mapMembers(value, (member, key) => (step === 'every' || ('key' in step && step.key === key) ? hide(member, rest) : member));
}

function maskDeep(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(maskDeep);
  return isObject(value) ? mapMembers(value, maskDeep) : value;
}

function mapMembers(value: JsonObject, map: (member: JsonValue, key: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [maskSecrets(key), map(member, key)]));
}

function placeToCut(text: string): number {
  for (let end = longest; end > longest - slack; end -= 1) {
    if (/\s/.test(text[end] ?? '')) return end;
  }
  return longest - slack;
}
