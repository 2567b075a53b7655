import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What was written, so that what is counted can be held against it. */
export interface Written {
  readonly bytes: number;
  readonly lines: number;
  readonly responses: number;
  readonly tokens: number;
  readonly files: number;
}

const bytesPerFile = 620_000;
const models = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'];
const days = 30;

/** Transcripts as Claude Code 2.1 writes them: two lines an answer, a third of the files of subagents, some forks that begin with copies. */
export function writeTranscripts(folder: string, bytes: number): Written {
  const random = seeded(7);
  const files = Math.max(3, Math.round(bytes / bytesPerFile));
  const sum = { bytes: 0, lines: 0, responses: 0, tokens: 0, files };
  let copied: readonly string[] = [];
  for (let n = 0; n < files; n += 1) {
    const isSubagent = n % 3 === 2;
    const session = `00000000-0000-4000-8000-${String(isSubagent ? n - 1 : n).padStart(12, '0')}`;
    const project = join(folder, 'projects', `-home-someone-project-${n % 40}`);
    const path = isSubagent ? join(project, session, 'subagents', `agent-a${n}.jsonl`) : join(project, `${session}.jsonl`);
    mkdirSync(join(path, '..'), { recursive: true });
    const origin = { session, agent: isSubagent ? `a${n}` : '', cwd: `/home/someone/project-${n % 40}` };
    const isFork = n % 25 === 24 && !isSubagent;
    copied = writeFile(path, origin, Date.now() - Math.floor(random() * days * 86_400_000), isFork ? copied : [], random, sum);
  }
  return sum;
}

interface Origin {
  readonly session: string;
  readonly agent: string;
  readonly cwd: string;
}

function writeFile(
  path: string,
  origin: Origin,
  start: number,
  copied: readonly string[],
  random: () => number,
  sum: { bytes: number; lines: number; responses: number; tokens: number },
): readonly string[] {
  const file = openSync(path, 'w');
  const kept: string[] = [];
  let text = `{"type":"queue-operation","operation":"enqueue","timestamp":"${new Date(start).toISOString()}","sessionId":"${origin.session}","content":"go"}\n`;
  let size = 0;
  const put = (line: string): void => {
    text += `${line}\n`;
    sum.lines += 1;
    if (text.length > 200_000) flush();
  };
  const flush = (): void => {
    size += writeSync(file, text);
    text = '';
  };
  for (const line of copied) put(line.replace(/"sessionId":"[^"]*"/, `"sessionId":"${origin.session}"`));
  for (let at = start; size + text.length < bytesPerFile; at += 20_000) {
    const usage = usageOf(random);
    const id = `msg_01${hex(random)}${hex(random)}`;
    const request = `${hex(random)}-${hex(random)}`;
    const model = models[Math.floor(random() * models.length)] ?? '';
    sum.responses += 1;
    sum.tokens += usage.tokens;
    put(
      `{"type":"api-request","sessionId":"${origin.session}","id":"${request}","timestamp":"${new Date(at).toISOString()}","version":"2.1.329"}`,
    );
    const blocks = random() < 0.15 ? 3 : 2;
    for (let block = 0; block < blocks; block += 1) {
      const line = assistantLine(origin, { at, id, request, model, block }, usage.json, filler(random, 700));
      if (kept.length < 40) kept.push(line);
      put(line);
    }
    put(
      `{"parentUuid":"${hex(random)}","isSidechain":${origin.agent !== ''},"type":"user","message":{"role":"user","content":[{"tool_use_id":"toolu_${hex(random)}","type":"tool_result","content":"${filler(random, 2200)}"}]},"uuid":"${hex(random)}","timestamp":"${new Date(at).toISOString()}","cwd":"${origin.cwd}","sessionId":"${origin.session}","version":"2.1.329"}`,
    );
  }
  flush();
  closeSync(file);
  sum.bytes += size;
  return kept;
}

interface Answer {
  readonly at: number;
  readonly id: string;
  readonly request: string;
  readonly model: string;
  readonly block: number;
}

function assistantLine({ session, agent, cwd }: Origin, { at, id, request, model, block }: Answer, usage: string, text: string): string {
  const content =
    block === 0
      ? `{"type":"text","text":"${text}"}`
      : `{"type":"tool_use","id":"toolu_${id}${block}","name":"Bash","input":{"command":"${text}"}}`;
  const own = agent === '' ? '' : `"agentId":"${agent}",`;
  return `{"parentUuid":"${id.slice(4)}${block}","isSidechain":${agent !== ''},${own}"message":{"model":"${model}","id":"${id}","type":"message","role":"assistant","content":[${content}],"stop_reason":"tool_use","stop_sequence":null,"usage":${usage}},"requestId":"req_${id}","requestRef":"${request}","apiBlockIndex":${block},"type":"assistant","uuid":"${id}${block}","timestamp":"${new Date(at).toISOString()}","userType":"external","entrypoint":"cli","cwd":"${cwd}","sessionId":"${session}","version":"2.1.329","gitBranch":"main"}`;
}

function usageOf(random: () => number): { readonly json: string; readonly tokens: number } {
  const [input, output, read, write] = [10, 900, 60_000, 3_000].map((most) => 1 + Math.floor(random() * most));
  const tokens = (input ?? 0) + (output ?? 0) + (read ?? 0) + (write ?? 0);
  const json = `{"input_tokens":${input},"cache_creation_input_tokens":${write},"cache_read_input_tokens":${read},"output_tokens":${output},"server_tool_use":{"web_search_requests":0,"web_fetch_requests":0},"service_tier":"standard","cache_creation":{"ephemeral_1h_input_tokens":0,"ephemeral_5m_input_tokens":${write}},"inference_geo":"","iterations":[],"speed":"standard"}`;
  return { json, tokens };
}

const sentence = 'The quick brown fox said \\"no\\" and went on; then it looked at src/main.ts:42 and wrote a line about it.\\n';
const prose = sentence.repeat(200);

function filler(random: () => number, most: number): string {
  const start = sentence.length * Math.floor(random() * 100);
  return prose.slice(start, start + sentence.length * Math.floor((random() * most) / sentence.length));
}

function hex(random: () => number): string {
  return Math.floor(random() * 0xffffffffffff)
    .toString(16)
    .padStart(12, '0');
}

/** The same numbers every time. Source: mulberry32 (public domain). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
