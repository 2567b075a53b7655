import * as z from 'zod/mini';
import { valueAt, type Frame } from './frame.ts';
import { lists, withoutHidden } from './lists.ts';
import type { Headers } from './http-exchange.ts';
import { headerText } from './request-headers.ts';
import { mirroredBy, type Mirrored } from './x-mcp-header.ts';

const call = z.object({ name: z.string(), arguments: z.optional(z.record(z.string(), z.unknown())) });
const tool = z.object({ inputSchema: z.unknown() });

/** Arguments that servers of the revisions without sessions want to read in headers, too, so that what stands before them can tell calls apart. */
export class ParamHeaders {
  readonly #mirrored = new Map<string, readonly Mirrored[]>();

  /** Learns from what the server answers to `tools/list`. The line lacks tools that ask for what no header can be, as the protocol wants it. */
  async learn(frame: Frame): Promise<Buffer> {
    const { bytes } = frame;
    const list = lists['tools/list'];
    if (list === undefined || (this.#mirrored.size === 0 && !bytes.includes('x-mcp-header'))) return bytes;
    return withoutHidden(frame, list, async (_, items) =>
      items.flatMap(({ name, definition }) => {
        const mirrored = mirroredBy(tool.safeParse(definition).data?.inputSchema);
        if (mirrored === undefined) return [name];
        this.#mirrored.set(name, mirrored);
        return [];
      }),
    );
  }

  /** Of a call of a tool that was listed. */
  of(frame: Frame): Headers {
    const params = frame.method === 'tools/call' ? frame.members.get('params') : undefined;
    const { name = '', arguments: args } = (params && z.safeParse(call, valueAt(frame, params)).data) ?? {};
    const mirrored = this.#mirrored.get(name) ?? [];
    return Object.fromEntries(
      mirrored.flatMap(({ path, header }) => {
        const text = textOf(path.reduce(memberOf, args));
        return text === undefined ? [] : [[`mcp-param-${header.toLowerCase()}`, headerText(text)]];
      }),
    );
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** `undefined`: it is not said in a header. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
