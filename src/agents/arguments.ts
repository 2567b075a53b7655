import { UnreadableMessage } from './agent.ts';
import { isObject, type JsonObject, type JsonValue } from '../engine/json.ts';

/** The arguments of one call, read strictly: present means of the right type. */
export class Arguments {
  readonly #tool: string;
  readonly #input: JsonObject;

  constructor(tool: string, input: JsonObject) {
    this.#tool = tool;
    this.#input = input;
  }

  text(name: string): string {
    return this.optional(name)[0] ?? this.#odd(name);
  }

  /** Nothing, or the one text. */
  optional(name: string): readonly string[] {
    const value = this.#input[name];
    if (value === undefined || value === null) return [];
    return [typeof value === 'string' ? value : this.#odd(name)];
  }

  /** The texts of a list, or those under `key` in a list of objects. */
  texts(name: string, key?: string): readonly string[] {
    const list = this.#input[name] ?? [];
    if (!isList(list)) return this.#odd(name);
    return list.map((item) => {
      const value = key === undefined ? item : isObject(item) ? item[key] : undefined;
      return typeof value === 'string' ? value : this.#odd(name);
    });
  }

  within(name: string): Arguments | undefined {
    const value = this.#input[name];
    if (value === undefined || value === null) return undefined;
    return new Arguments(this.#tool, isObject(value) ? value : this.#odd(name));
  }

  #odd(name: string): never {
    throw new UnreadableMessage(`${this.#tool} without a readable "${name}"`);
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Parsed as clients parse it, so that both mean the same host. Throws `UnreadableMessage`. */
export function hostOf(url: string): string {
  const parsed = URL.parse(url.includes('://') ? url : `https://${url}`);
  if (parsed === null || parsed.hostname === '') throw new UnreadableMessage(`"${url}" names no host`);
  return parsed.hostname.replace(/\.$/, '');
}
