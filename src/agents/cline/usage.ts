import type { ResponseFact, UsageFact } from '../../engine/spend/fact.ts';
import type { UsageFile, UsageLines, UsageReader } from '../agent.ts';

/**
 * Cline's sessions: `~/.cline/data/sessions/<session>/<session>.messages.json`, one JSON document with a member a line, written anew with
 * each message. Source: records of 3.0.65. Texts cannot pass for members: in JSON a line ends only between them. Where it works, only the
 * file beside it says: nothing of it counts for a workspace.
 */
export const clineUsage: UsageReader = {
  agent: 'cline',
  marks: [],
  starts: [
    '      "id": "',
    '      "role": "',
    '      "ts": ',
    '        "id": "',
    '        "provider": "',
    ...countNames().map(startOf),
    '    }',
  ],
  isRewritten: true,
  open: (file): UsageLines => {
    let message: Message = nothing;
    return {
      read: (line) => {
        if (/^ {4}\},?$/.test(line)) {
          const whole = message;
          message = nothing;
          return factIn(whole, file);
        }
        message = learned(line, message);
        return [];
      },
      state: () => '',
    };
  },
};

function countNames() {
  return ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
}
type CountName = ReturnType<typeof countNames>[number];

function startOf(name: CountName): string {
  return `        "${name}": `;
}

/** As much of a message as has been read. */
interface Message {
  readonly id: string;
  readonly role: string;
  readonly at: number;
  readonly model: string;
  readonly provider: string;
  readonly counts: Readonly<Partial<Record<CountName, number>>>;
}

const nothing: Message = { id: '', role: '', at: 0, model: '', provider: '', counts: {} };

function learned(line: string, message: Message): Message {
  const [, indent = '', name = '', written = ''] = /^( +)"(\w+)": (.*?),?$/.exec(line) ?? [];
  const text = textIn(written);
  if (indent.length === 6 && name === 'id') return { ...nothing, id: text };
  if (indent.length === 6 && name === 'role') return { ...message, role: text };
  if (indent.length === 6 && name === 'ts') return { ...message, at: Number(written) };
  if (name === 'id') return { ...message, model: text };
  if (name === 'provider') return { ...message, provider: text };
  const count = countNames().find((one) => one === name);
  return count === undefined || !/^\d{1,15}$/.test(written)
    ? message
    : { ...message, counts: { ...message.counts, [count]: Number(written) } };
}

function textIn(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    return '';
  }
}

function factIn({ id, role, at, model, provider, counts }: Message, { session }: UsageFile): readonly UsageFact[] {
  if (role !== 'assistant' || id === '' || !(at > 0) || Object.keys(counts).length === 0) return [];
  const { inputTokens: all = 0, outputTokens: output = 0, cacheReadTokens: cacheRead = 0, cacheWriteTokens: cacheWrite5m = 0 } = counts;
  // What came from the cache is a part of the prompt, except where the vendor itself counts it beside.
  const isBeside = /anthropic|bedrock|vertex/i.test(provider) || cacheRead + cacheWrite5m > all;
  const input = isBeside ? all : all - cacheRead - cacheWrite5m;
  const fact: ResponseFact = {
    kind: 'response',
    key: `${id} ${at}`,
    request: '',
    claim: 1,
    at,
    cwd: '',
    model,
    speed: 'standard',
    region: '',
    session,
    subagent: '',
    tokens: { input, output, cacheRead, cacheWrite5m, cacheWrite1h: 0 },
    webSearches: 0,
    isFinal: true,
  };
  return [fact];
}
