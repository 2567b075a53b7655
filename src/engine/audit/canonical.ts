import { hash } from 'node:crypto';

/**
 * The one spelling of a JSON value, by RFC 8785: no spaces, keys in the order of their UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Members that are `undefined` are left out, as `JSON.stringify` does.
 * Throws on what JSON cannot say (NaN, functions, class instances): such a value has no digest.
 *
 * One departure: RFC 8785 refuses a lone surrogate. An agent can send one, and its call must still be recordable, so
 * it is written as its escape (`\ud800`). Replacing it instead would give two different values the same digest.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return objectText(value);
  throw new TypeError(`Not a JSON value: ${describe(value)}`);
}

/** SHA-256 (hex) over the UTF-8 bytes of the canonical JSON. */
export function digestOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`Not a JSON value: ${value}`);
  return JSON.stringify(value);
}

function objectText(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Made by `{}`, `JSON.parse` or `Object.create(null)`, in whatever realm: a `Date` or a `Map` would silently become `{}`. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? `an instance of ${value.constructor.name}` : typeof value;
}
