import type { UsageFile } from '../agent.ts';
import type { ResponseFact } from '../../engine/spend/fact.ts';
import type { Tokens } from '../../engine/spend/usage.ts';
import { countOf, fieldsOf, textOf, timeOf, type Fields } from './usage-fields.ts';

/** What has to be known of the lines before. */
export interface Marks {
  /** When this file began to be its session's own: what is older was copied. 0: it does not say. */
  readonly begun: number;
  /** The last time that was seen. */
  readonly time: number;
  /** Requests that this file says it made, the last ones. */
  readonly requests: readonly string[];
  /** The last line that had no id of its own: one that continues it is about the same response. */
  readonly chain: Chain;
}
export interface Chain {
  readonly uuid: string;
  readonly key: string;
  readonly usage: string;
}

interface Found {
  readonly facts: readonly ResponseFact[];
  readonly chain: Chain;
}

/** What a line says of one response, and of each that the model got advice from on the way. */
export function responsesOf(fields: Fields, lineAt: number, file: UsageFile, marks: Marks): Found {
  // Early 2.1 told a subagent's progress in lines of its caller's.
  const told = textOf(fields['type']) === 'progress' ? fieldsOf(fieldsOf(fields['data'])?.['message']) : fields;
  const message = fieldsOf(told?.['message']);
  const usage = fieldsOf(message?.['usage']);
  const at = told === fields ? lineAt : timeOf(told?.['timestamp']) || lineAt;
  if (message === undefined || usage === undefined || at === 0) return { facts: [], chain: marks.chain };
  const { key, chain } = keyOf(fields, message, usage, marks.chain);
  const own = {
    kind: 'response',
    ...ownerOf(fields, file),
    request: requestOf(fields),
    claim: claimOf(fields, marks, at),
    at,
    cwd: textOf(fields['cwd']),
    speed: usage['speed'] === 'fast' ? 'fast' : 'standard',
    region: regionOf(usage['inference_geo']),
    isFinal: textOf(message['stop_reason']) !== '',
  } as const;
  const response = { ...own, key, model: textOf(message['model']), ...amountsOf(usage) };
  const facts = [response, ...adviceOf(usage, own, key)].filter((fact) => fact.model !== '<synthetic>' && isSomething(fact));
  return { facts, chain };
}

/** Ids of the real service are unique in the world; those of gateways may be missing, or always the same. */
function keyOf(fields: Fields, message: Fields, usage: Fields, chain: Chain): { readonly key: string; readonly chain: Chain } {
  const id = textOf(message['id']);
  if (/^msg_[A-Za-z0-9_]{8,}/.test(id)) return { key: id, chain };
  const request = requestOf(fields);
  if (id !== '' && request !== '') return { key: `${id} ${request}`, chain };
  const uuid = textOf(fields['uuid']);
  // Early 2.1 told the output's count while it was still growing: what went in is what stays the same.
  const { output: _, ...prompt } = tokensOf(usage);
  const text = `${id} ${JSON.stringify(prompt)}`;
  const isSame = chain.uuid !== '' && chain.uuid === textOf(fields['parentUuid']) && chain.usage === text;
  const key = isSame ? chain.key : `line ${uuid}`;
  return { key, chain: { uuid, key, usage: text } };
}

function requestOf(fields: Fields): string {
  return textOf(fields['requestId']) || textOf(fields['requestRef']);
}

/** A copy names the session that it comes from, since 2.1.329. */
function ownerOf(fields: Fields, file: UsageFile) {
  const sidechain = fields['isSidechain'] === true ? 'sidechain' : '';
  return {
    session: textOf(fields['requestSessionId']) || textOf(fields['sessionId']) || file.session,
    subagent: textOf(fields['agentId']) || file.subagent || sidechain,
  };
}

/** Each evidence outweighs all that come after it. */
function claimOf(fields: Fields, { requests, begun }: Marks, at: number): number {
  const origin = textOf(fields['requestSessionId']);
  if (origin !== '' && origin !== textOf(fields['sessionId'])) return 0;
  const request = textOf(fields['requestRef']);
  const evidence = [
    request !== '' && requests.includes(request),
    textOf(fields['requestId']) !== '',
    fields['isSidechain'] !== true,
    at >= begun,
  ];
  return evidence.reduce((claim, holds) => claim * 2 + (holds ? 1 : 0), 1);
}

function regionOf(value: unknown): string {
  const region = textOf(value);
  return region === 'not_available' || region === 'global' ? '' : region.slice(0, 40);
}

function amountsOf(usage: Fields) {
  const tokens = tokensOf(usage);
  const prompt = largestPass(usage, tokens);
  return {
    tokens,
    webSearches: countOf(fieldsOf(usage['server_tool_use'])?.['web_search_requests']),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

function tokensOf(usage: Fields): Tokens {
  const split = fieldsOf(usage['cache_creation']) ?? {};
  const long = countOf(split['ephemeral_1h_input_tokens']);
  const written = countOf(usage['cache_creation_input_tokens']) || long + countOf(split['ephemeral_5m_input_tokens']);
  const cacheWrite1h = Math.min(long, written);
  return {
    input: countOf(usage['input_tokens']),
    output: countOf(usage['output_tokens']),
    cacheRead: countOf(usage['cache_read_input_tokens']),
    cacheWrite5m: written - cacheWrite1h,
    cacheWrite1h,
  };
}

/** A response in several passes is priced by the size of each, where they add up to it. */
function largestPass(usage: Fields, whole: Tokens): number | undefined {
  const prompts = passesOf(usage, 'message').map((pass) => promptOf(tokensOf(pass)));
  const sum = prompts.reduce((total, prompt) => total + prompt, 0);
  return prompts.length > 1 && sum === promptOf(whole) ? Math.max(...prompts) : undefined;
}

function promptOf({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Tokens): number {
  return input + cacheRead + cacheWrite5m + cacheWrite1h;
}

function adviceOf(
  usage: Fields,
  own: Omit<ResponseFact, 'key' | 'model' | 'tokens' | 'webSearches'>,
  key: string,
): readonly ResponseFact[] {
  return passesOf(usage, 'advisor_message').map((pass, n) => ({
    ...own,
    key: `${key} advice ${n}`,
    model: textOf(pass['model']),
    ...amountsOf(pass),
  }));
}

function passesOf(usage: Fields, type: string): readonly Fields[] {
  const { iterations } = usage;
  const passes: readonly unknown[] = Array.isArray(iterations) ? iterations : [];
  return passes.flatMap((pass) => {
    const found = fieldsOf(pass);
    return found !== undefined && found['type'] === type ? [found] : [];
  });
}

function isSomething({ tokens, webSearches }: ResponseFact): boolean {
  return promptOf(tokens) + tokens.output + webSearches > 0;
}
