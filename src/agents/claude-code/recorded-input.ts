import { canonicalJson } from '../../engine/audit/canonical.ts';
import { redacted } from '../../engine/guardrail/redact.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';

/**
 * Whether the input that the model wrote is the one that hooks were shown. Between the two the client fills in defaults, turns
 * `"5"` into `5` where it wants a number, and makes paths absolute. What a policy hides in the log cannot be compared.
 */
export function isSameInput(recorded: JsonObject, decided: JsonObject): boolean {
  return Object.entries(recorded).every(([key, value]) => {
    const shown = decided[key];
    return shown === undefined ? value === null || !operative.has(key) : isSameValue(key, value, shown);
  });
}

/** Arguments that say what happens: one of them cannot be left out and the call still be the same. */
const operative: ReadonlySet<string> = new Set(['command', 'file_path', 'notebook_path', 'content', 'new_string', 'old_string', 'url']);
const paths: ReadonlySet<string> = new Set(['file_path', 'notebook_path', 'path']);

function isSameValue(key: string, recorded: JsonValue, shown: JsonValue): boolean {
  if (shown === redacted || canonicalJson(recorded) === canonicalJson(shown)) return true;
  if (paths.has(key)) return typeof recorded === 'string' && typeof shown === 'string' && isMadeAbsolute(recorded, shown);
  if (typeof recorded === 'string' && typeof shown !== 'string') return recorded.trim() === canonicalJson(shown);
  if (isList(recorded) && isList(shown))
    return recorded.length === shown.length && recorded.every((item, i) => isSameValue('', item, shown[i] ?? null));
  return isObject(recorded) && isObject(shown) && isSameInput(recorded, shown);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** `./a/b`, `../b` and `~/b` in full: the end, which names the file, stays. */
function isMadeAbsolute(recorded: string, shown: string): boolean {
  const end = recorded.replace(/^~(?=[\\/])/, '').replace(/^(\.{0,2}[\\/])+/, '');
  if (/(^|[\\/])\.\.?([\\/]|$)/.test(end)) return lastPart(end) === lastPart(shown);
  return shown.replaceAll('\\', '/').endsWith(end.replaceAll('\\', '/').replace(/\/+/g, '/'));
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '' && part !== '.') ?? '';
}
