import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratch, runPrint, startPrint, type PrintOptions, type Scratch } from './client.ts';
import type { LedgerEntry, Usage } from './model-ledger.ts';
import type { ToolUse, Turn } from './model-messages.ts';
import { startModel, type Ask, type Model } from './model.ts';
import { until } from '../editor/until.ts';

/** Sessions of the real client whose every response is in a ledger. */
export interface SpentSessions extends AsyncDisposable {
  readonly scratch: Scratch;
  readonly ledger: readonly LedgerEntry[];
  /** Session ids by the name of the scenario. */
  readonly sessions: Readonly<Record<string, string>>;
}

/** Plays every scenario, or those that are named, one after the other: about ten seconds for all. */
export async function runSpendScenarios(only: readonly string[] = Object.keys(scenarios)): Promise<SpentSessions> {
  const model = await startModel((ask) => turnFor(ask), { usage: counter() });
  const scratch = makeScratch(model.url);
  const sessions: Record<string, string> = {};
  for (const [name, scenario] of Object.entries(scenarios).filter(([each]) => only.includes(each))) {
    await scenario(new Stage(name, model, scratch, sessions));
  }
  return {
    scratch,
    ledger: model.ledger,
    sessions,
    [Symbol.asyncDispose]: async () => {
      await model.close();
      scratch[Symbol.dispose]();
    },
  };
}

/** No two responses cost the same, so that none can stand in for another. */
function counter(): (ask: Ask) => Usage {
  let n = 0;
  return () => {
    n += 1;
    const cacheWrite5m = 200 + 13 * n;
    const cacheWrite1h = 31 * (n % 4);
    return {
      input_tokens: 100 + 7 * n,
      output_tokens: 50 + 3 * n,
      cache_read_input_tokens: 1000 + 11 * n,
      cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    };
  };
}

class Stage {
  readonly name: string;
  readonly model: Model;
  readonly scratch: Scratch;
  readonly #sessions: Record<string, string>;

  constructor(name: string, model: Model, scratch: Scratch, sessions: Record<string, string>) {
    this.name = name;
    this.model = model;
    this.scratch = scratch;
    this.#sessions = sessions;
  }

  async run(prompt: string, args: readonly string[] = [], options: Omit<PrintOptions, 'prompt' | 'args'> = {}): Promise<string> {
    const run = await runPrint(this.scratch, { ...options, prompt, args });
    const session = run.messages.find((message) => message['type'] === 'result')?.['session_id'];
    if (typeof session !== 'string') throw new Error(`"${this.name}" ended without a result: ${run.stderr}${run.stdout}`);
    return session;
  }

  /** A session of this scenario, with the name that the tests know it by. */
  async start(
    prompt: string,
    args: readonly string[] = [],
    options: Omit<PrintOptions, 'prompt' | 'args'> = {},
    name = this.name,
  ): Promise<string> {
    return (this.#sessions[name] = await this.run(prompt, args, options));
  }

  know(name: string, session: string): void {
    this.#sessions[name] = session;
  }
}

const sonnet = ['--model', 'claude-sonnet-5'];

const scenarios: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  plain: (stage) => stage.start('plain', sonnet),
  team: (stage) => stage.start('team', ['--model', 'claude-opus-5-5']),
  resumed: async (stage) => {
    const session = await stage.start('first', sonnet);
    await stage.run('second', ['--resume', session, ...sonnet]);
    await stage.run('third', ['--continue', '--model', 'claude-opus-5-5']);
    await stage.start('fourth', ['--resume', session, '--fork-session', ...sonnet], {}, 'forked');
    await stage.run('fifth', ['--resume', session, ...sonnet]);
  },
  searched: (stage) => stage.start('search', sonnet),
  compacted: async (stage) => {
    const session = await stage.start('first', sonnet);
    await stage.run('/compact', ['--resume', session, ...sonnet]);
  },
  hooked: (stage) =>
    stage.start('plain', sonnet, { settings: { hooks: { Stop: [{ hooks: [{ type: 'prompt', prompt: 'Is it done? $ARGUMENTS' }] }] } } }),
  fast: (stage) => stage.start('fast', ['--model', 'claude-opus-5-5']),
  regional: (stage) => stage.start('regional', sonnet),
  advised: (stage) => stage.start('advised', ['--model', 'claude-haiku-5-5']),
  long: (stage) => stage.start('long', ['--model', 'claude-haiku-5-5']),
  unknown: (stage) => stage.start('unknown', ['--model', 'acme-coder-9']),
  gateway: (stage) => stage.start('gateway', sonnet),
  killed,
};

/** In the middle of its second answer, once the first is written down. */
async function killed(stage: Stage): Promise<void> {
  const session = randomUUID();
  stage.know(stage.name, session);
  const { child, done } = startPrint(stage.scratch, { prompt: 'stall', args: ['--session-id', session, ...sonnet] });
  const served = () => stage.model.ledger.filter((entry) => entry.session === session);
  await until('the answer that stalls', async () => served().some(({ complete }) => !complete));
  await until('the first answer to be written down', async () => recordedText(stage.scratch).includes(served()[0]?.messageId ?? ''));
  child.kill('SIGKILL');
  await done;
}

/** Everything that the client has written into its transcripts. */
export function recordedText({ home }: Scratch): string {
  const projects = join(home, '.claude', 'projects');
  const files = readdirSync(projects, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
  return files.map((name) => readFileSync(join(projects, name), 'utf8')).join('');
}

const run: ToolUse = { name: 'Bash', input: { command: 'true', description: 'Nothing' } };
const delegate = (prompt: string, model: string, background = false): ToolUse => ({
  name: 'Agent',
  input: { description: prompt, prompt, subagent_type: 'general-purpose', model, run_in_background: background },
});

function turnFor(ask: Ask): Turn {
  if (ask.tools.includes('web_search'))
    return { searches: ['one', 'two'], text: 'Found.', usage: { server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 } } };
  return turns[ask.prompt.split(' ')[0] ?? '']?.[ask.stepOfPrompt] ?? {};
}

const turns: Readonly<Record<string, readonly Turn[]>> = {
  plain: [{ thinking: 'Hm.', text: 'Three at once.', calls: [run, run, run] }],
  team: [{ calls: [delegate('alpha', 'haiku'), delegate('beta', 'sonnet'), delegate('gamma', 'haiku', true)] }],
  alpha: [{ calls: [run, run] }],
  beta: [{ calls: [delegate('delta', 'haiku')] }],
  search: [{ calls: [{ name: 'WebSearch', input: { query: 'the weather' } }] }],
  fast: [{ calls: [run], usage: { speed: 'fast' } }],
  regional: [{ calls: [run], usage: { inference_geo: 'us' } }],
  long: [{ calls: [run], usage: { cache_read_input_tokens: 99_000 } }, { usage: { cache_read_input_tokens: 101_000 } }],
  unknown: [{ text: 'On it.', calls: [run, run], requestId: '' }, { requestId: '' }],
  gateway: [
    { text: 'On it.', calls: [run, run], messageId: 'chat-0', requestId: '' },
    { messageId: 'chat-0', requestId: '' },
  ],
  stall: [{ calls: [run] }, { thinking: 'Hm.', text: 'And so', stalls: true }],
  advised: [advised()],
};

function advised(): Turn {
  const whole = { input_tokens: 400, output_tokens: 60, cache_read_input_tokens: 2000, cache_creation_input_tokens: 0 };
  const half = { input_tokens: 200, output_tokens: 30, cache_read_input_tokens: 1000, cache_creation_input_tokens: 0 };
  const adviser = { input_tokens: 900, output_tokens: 70, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  return {
    usage: {
      ...whole,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      iterations: [
        { type: 'message', ...half },
        { type: 'advisor_message', model: 'claude-opus-5-5', ...adviser },
        { type: 'message', ...half },
      ],
    },
  };
}
