import * as z from 'zod/mini';
import type { JsonValue } from '../../engine/json.ts';
import type { McpKind } from '../../channel/mcp-messages.ts';
import type { Frame } from './frame.ts';
import { readList, readObject } from './json-bytes.ts';

export interface List {
  readonly kind: McpKind;
  /** The member of the result that holds the items, and the member of each that names it. */
  readonly items: string;
  readonly name: string;
}

export interface ListItem {
  readonly name: string;
  readonly definition: JsonValue;
}

/** Lists of which an agent is not shown all. */
export const lists: Readonly<Record<string, List>> = {
  'tools/list': { kind: 'tool', items: 'tools', name: 'name' },
  'prompts/list': { kind: 'prompt', items: 'prompts', name: 'name' },
  'resources/list': { kind: 'resource', items: 'resources', name: 'uri' },
};

const item = z.record(z.string(), z.unknown());

/** The answer without what is hidden; all other bytes are as they came. `hidden` says the names of those that are. */
export async function withoutHidden(
  frame: Frame,
  list: List,
  hidden: (kind: McpKind, items: readonly ListItem[]) => Promise<readonly string[]>,
): Promise<Buffer> {
  const { bytes, members } = frame;
  const result = members.get('result');
  const place = result && readObject(bytes, result.start).members.get(list.items);
  if (place === undefined) return bytes;
  const items = readList(bytes, place.start).map(({ start, end }) => bytes.subarray(start, end));
  const read = items.map((text) => itemOf(text, list.name));
  const gone = new Set(
    await hidden(
      list.kind,
      read.filter(({ name }) => name !== ''),
    ),
  );
  if (gone.size === 0) return bytes;
  const shown = items.filter((_, index) => !gone.has(read[index]?.name ?? ''));
  const parts = shown.flatMap((text, index) => (index === 0 ? [text] : [Buffer.from(','), text]));
  return Buffer.concat([bytes.subarray(0, place.start), Buffer.from('['), ...parts, Buffer.from(']'), bytes.subarray(place.end)]);
}

function itemOf(text: Buffer, member: string): ListItem {
  const definition: JsonValue = JSON.parse(text.toString('utf8'));
  const parsed = z.safeParse(item, definition);
  const name = parsed.success ? parsed.data[member] : undefined;
  return { name: typeof name === 'string' ? name : '', definition };
}
