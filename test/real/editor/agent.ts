import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Marker } from '../../lab/claude/marker.ts';

const discoverySchema = z.object({ port: z.number() });
const replySchema = z.object({
  hookSpecificOutput: z.optional(z.object({ permissionDecision: z.string(), permissionDecisionReason: z.string() })),
});

/** What an agent heard about a call. `decision` is empty where there was no objection. */
export interface Heard {
  readonly ran: boolean;
  readonly decision: string;
  readonly reason: string;
}

/** Asks the governor's HTTP hook before each call as Claude Code does, and goes by the answer; no answer is a refusal. */
export class Agent {
  readonly session: string;
  readonly #state: string;
  readonly #cwd: string;

  constructor(state: string, cwd: string, session: string = randomUUID()) {
    this.#state = state;
    this.#cwd = cwd;
    this.session = session;
  }

  /** Runs the command of a mark if it may. */
  async run(mark: Marker): Promise<Heard> {
    const heard = await this.ask('Bash', { command: mark.command, description: 'A call of the lab' });
    if (heard.ran) execFileSync('/bin/sh', ['-c', mark.command]);
    return heard;
  }

  /** Resolves when the hook has answered, which may take a person. Nothing is carried out. */
  async ask(tool: string, input: Readonly<Record<string, unknown>>): Promise<Heard> {
    try {
      const { hookSpecificOutput: said } = z.parse(replySchema, await this.#post(tool, input));
      const decision = said?.permissionDecision ?? '';
      return { ran: decision !== 'deny', decision, reason: said?.permissionDecisionReason ?? '' };
    } catch (error) {
      return { ran: false, decision: 'none', reason: String(error) };
    }
  }

  async #post(tool: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const { port } = z.parse(discoverySchema, JSON.parse(readFileSync(join(this.#state, 'governor.json'), 'utf8')));
    const response = await fetch(`http://127.0.0.1:${port}/v1/hooks/claude-code`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(join(this.#state, 'hook-token'), 'utf8').trim()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(this.#message(tool, input)),
    });
    if (!response.ok) throw new Error(`The hook answered ${response.status}: ${await response.text()}`);
    return await response.json();
  }

  #message(tool: string, input: Readonly<Record<string, unknown>>) {
    return {
      session_id: this.session,
      transcript_path: join(this.#cwd, 'transcript.jsonl'),
      cwd: this.#cwd,
      prompt_id: randomUUID(),
      permission_mode: 'default',
      hook_event_name: 'PreToolUse',
      tool_name: tool,
      tool_input: input,
      tool_use_id: `toolu_${randomUUID()}`,
    };
  }
}
