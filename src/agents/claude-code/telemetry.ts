import * as z from 'zod/mini';
import type { RequestFact } from '../../engine/spend/fact.ts';

const value = z.object({
  stringValue: z.optional(z.string()),
  intValue: z.optional(z.union([z.string(), z.number()])),
  doubleValue: z.optional(z.number()),
});
const record = z.object({
  body: z.optional(z.object({ stringValue: z.optional(z.string()) })),
  timeUnixNano: z.optional(z.union([z.string(), z.number()])),
  attributes: z.array(z.object({ key: z.string(), value: z.optional(z.unknown()) })),
});
const request = z.object({
  resourceLogs: z.array(z.object({ scopeLogs: z.array(z.object({ logRecords: z.array(z.unknown()) })) })),
});

type Texts = ReadonlyMap<string, string>;

/**
 * The requests in what Claude Code sends as OpenTelemetry logs (OTLP as JSON). Anything else in it is left out, and so are requests
 * without an id of the vendor's own: of those nobody could tell whether a transcript has them, too.
 */
export function toldRequests(body: unknown): readonly RequestFact[] {
  return recordsOf(body, 'claude_code.api_request').flatMap(requestOf);
}

/**
 * The sessions that told, when they started, of hooks like ours: both that a tool call goes through, from one plugin. Claude Code
 * names no plugin of ours there, only a number of its own for it.
 */
export function sessionsWithHooks(body: unknown): readonly string[] {
  const found = new Map<string, { readonly session: string; readonly types: Set<string> }>();
  for (const { texts } of recordsOf(body, 'claude_code.hook_registered')) {
    if (texts.get('hook_event') !== 'PreToolUse' || texts.get('hook_source') !== 'pluginHook') continue;
    const session = texts.get('session.id') ?? '';
    const key = `${session} ${texts.get('plugin_id_hash') ?? ''}`;
    const known = found.get(key) ?? { session, types: new Set() };
    found.set(key, known);
    known.types.add(texts.get('hook_type') ?? '');
  }
  return [...found.values()].filter(({ types }) => types.has('http') && types.has('mcp_tool')).map(({ session }) => session);
}

interface Told {
  readonly at: number;
  readonly texts: Texts;
}

function recordsOf(body: unknown, name: string): readonly Told[] {
  const sent = z.safeParse(request, body);
  if (!sent.success) return [];
  const records = sent.data.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  return records.flatMap((told) => {
    const found = z.safeParse(record, told);
    if (!found.success || found.data.body?.stringValue !== name) return [];
    const texts = new Map(found.data.attributes.map(({ key, value: held }) => [key, textOf(held)]));
    return [{ at: Math.trunc(Number(found.data.timeUnixNano ?? 0) / 1e6), texts }];
  });
}

function requestOf({ at: toldAt, texts }: Told): readonly RequestFact[] {
  const text = (name: string): string => texts.get(name) ?? '';
  const [session, id, model] = [text('session.id'), text('request_id'), text('model')];
  const at = Date.parse(text('event.timestamp')) || toldAt;
  if (session === '' || model === '' || at <= 0 || !/^req_[A-Za-z0-9_]{8,}/.test(id)) return [];
  return [{ agent: 'claude-code', session, subagent: text('agent_id'), request: id, at, model, tokens: tokensOf(texts), ...usdOf(texts) }];
}

function textOf(held: unknown): string {
  const found = z.safeParse(value, held);
  if (!found.success) return '';
  const { stringValue, intValue, doubleValue } = found.data;
  return String(stringValue ?? intValue ?? doubleValue ?? '');
}

function tokensOf(texts: Texts) {
  const count = (name: string): number => {
    const found = Number(texts.get(name) ?? 0);
    return Number.isSafeInteger(found) && found > 0 ? found : 0;
  };
  const long = count('cache_creation_1h_tokens');
  const written = count('cache_creation_tokens') || long + count('cache_creation_5m_tokens');
  const cacheWrite1h = Math.min(long, written);
  return {
    input: count('input_tokens'),
    output: count('output_tokens'),
    cacheRead: count('cache_read_tokens'),
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
  };
}

function usdOf(texts: Texts): Pick<RequestFact, 'usd'> {
  const usd = Number(texts.get('cost_usd') || NaN);
  return Number.isFinite(usd) && usd >= 0 ? { usd } : {};
}
