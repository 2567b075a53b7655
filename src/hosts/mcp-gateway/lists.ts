import * as z from 'zod/mini';
import type { McpKind } from '../../channel/mcp-messages.ts';
import type { Frame } from './frame.ts';
import { readList, readObject } from './json-bytes.ts';

interface List {
  readonly kind: McpKind;
  /** The member of the result that holds the items, and the member of each that names it. */
  readonly items: string;
  readonly name: string;
}

/** Lists of which an agent is not shown all. */
export const lists: Readonly<Record<string, List>> = {
  'tools/list': { kind: 'tool', items: 'tools', name: 'name' },
  'prompts/list': { kind: 'prompt', items: 'prompts', name: 'name' },
  'resources/list': { kind: 'resource', items: 'resources', name: 'uri' },
};

const item = z.record(z.string(), z.unknown());

/** The answer without what is hidden; all other bytes are as they came. `hidden` says which of these names are. */
export async function withoutHidden(
  frame: Frame,
  list: List,
  hidden: (kind: McpKind, names: readonly string[]) => Promise<readonly string[]>,
): Promise<Buffer> {
  const { bytes, members } = frame;
  const result = members.get('result');
  const place = result && readObject(bytes, result.start).members.get(list.items);
  if (place === undefined) return bytes;
  const items = readList(bytes, place.start).map(({ start, end }) => bytes.subarray(start, end));
  const names = items.map((text) => nameOf(text, list.name));
  const gone = new Set(await hidden(list.kind, [...new Set(names.filter((name) => name !== ''))]));
  if (gone.size === 0) return bytes;
  const shown = items.filter((_, index) => !gone.has(names[index] ?? ''));
  const parts = shown.flatMap((text, index) => (index === 0 ? [text] : [Buffer.from(','), text]));
  return Buffer.concat([bytes.subarray(0, place.start), Buffer.from('['), ...parts, Buffer.from(']'), bytes.subarray(place.end)]);
}

function nameOf(text: Buffer, member: string): string {
  const parsed = z.safeParse(item, JSON.parse(text.toString('utf8')));
  const name = parsed.success ? parsed.data[member] : undefined;
  return typeof name === 'string' ? name : '';
}
