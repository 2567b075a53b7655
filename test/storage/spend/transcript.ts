import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes transcripts as Claude Code does. */
export class Transcript {
  readonly path: string;
  readonly session: string;
  readonly #subagent: string;

  constructor(claudeFolder: string, session: string, subagent = '') {
    this.session = session;
    this.#subagent = subagent;
    const project = join(claudeFolder, 'projects', '-work');
    this.path = subagent === '' ? join(project, `${session}.jsonl`) : join(project, session, 'subagents', `agent-${subagent}.jsonl`);
    mkdirSync(dirname(this.path), { recursive: true });
  }

  /** One that begins with its own prompt, at `time`. */
  begin(time: string): this {
    return this.raw(`${JSON.stringify({ type: 'queue-operation', operation: 'enqueue', timestamp: time, sessionId: this.session })}\n`);
  }

  request(id: string, time: string): this {
    return this.raw(`${JSON.stringify({ type: 'api-request', sessionId: this.session, id, timestamp: time })}\n`);
  }

  answer(over: Answer): this {
    return this.raw(answerLine(this.session, this.#subagent, over));
  }

  sum(modelUsage: Readonly<Record<string, Readonly<Record<string, number>>>>): this {
    return this.raw(`${JSON.stringify({ type: 'cost-state', sessionId: this.session, modelUsage, hasUnknownModelCost: false })}\n`);
  }

  raw(text: string): this {
    appendFileSync(this.path, text);
    return this;
  }
}

export interface Answer {
  readonly id: string;
  readonly time: string;
  readonly output?: number;
  readonly input?: number;
  readonly model?: string;
  readonly requestRef?: string;
  readonly requestId?: string;
  readonly cwd?: string;
  readonly stop?: string | null;
  readonly speed?: 'fast';
}

export function answerLine(session: string, subagent: string, over: Answer): string {
  const {
    id,
    time,
    speed,
    output = 20,
    input = 10,
    model = 'claude-opus-5-5',
    requestRef,
    requestId,
    cwd = '/work',
    stop = 'end_turn',
  } = over;
  const line = {
    parentUuid: 'p',
    isSidechain: subagent !== '',
    ...(subagent === '' ? {} : { agentId: subagent }),
    message: {
      model,
      id,
      type: 'message',
      role: 'assistant',
      content: [],
      stop_reason: stop,
      usage: { input_tokens: input, output_tokens: output, ...(speed === undefined ? {} : { speed }) },
    },
    requestRef,
    requestId,
    type: 'assistant',
    uuid: id,
    timestamp: time,
    cwd,
    sessionId: session,
  };
  return `${JSON.stringify(line)}\n`;
}
