import * as z from 'zod/mini';
import { valueAt, type Frame } from './frame.ts';
import type { Headers } from './http-exchange.ts';

const versionKey = 'io.modelcontextprotocol/protocolVersion';
const params = z.object({
  name: z.optional(z.string()),
  uri: z.optional(z.string()),
  _meta: z.optional(z.looseObject({ [versionKey]: z.optional(z.string()) })),
});

/** What a message of the revisions without sessions says again in its headers; `undefined`: it is of another revision. */
export function statelessHeaders(frame: Frame): Headers | undefined {
  const { bytes, members, method } = frame;
  const place = members.get('params');
  if (method === undefined || place === undefined || !bytes.includes(versionKey)) return undefined;
  const read = z.safeParse(params, valueAt(frame, place));
  const revision = read.data?._meta?.[versionKey];
  if (typeof revision !== 'string') return undefined;
  const name = named.has(method) ? (read.data?.name ?? read.data?.uri) : undefined;
  return {
    'mcp-protocol-version': headerText(revision),
    'mcp-method': headerText(method),
    ...(name === undefined ? {} : { 'mcp-name': headerText(name) }),
  };
}

const named: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** As the protocol writes what a header cannot hold. */
export function headerText(text: string): string {
  const isPlain = /^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$/.test(text) && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
