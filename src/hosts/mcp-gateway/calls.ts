import { randomUUID } from 'node:crypto';
import type { McpAsk, McpTold } from '../../channel/mcp-messages.ts';
import type { Answer } from '../../agents/agent.ts';
import type { JsonValue } from '../../engine/json.ts';
import { isTask, resultIn } from './call-result.ts';
import { withValue, type Frame } from './frame.ts';
import type { GovernedCall } from './governed-call.ts';
import { Hold } from './hold.ts';
import { repeatsNames } from './json-bytes.ts';
import type { Judge } from './judge.ts';
import { patienceOf } from './patience.ts';
import { refusalLine } from './reply.ts';
import type { ShownItems } from './shown.ts';
import type { Speaker } from './speaker.ts';

export interface CallsOptions {
  /** What the server has shown; left out: nobody looks. */
  readonly shown?: ShownItems;
  readonly judge: Judge;
  readonly speaker: Speaker;
  /** What the client is told to wait for an answer. */
  readonly patienceMs?: number;
  /** It has come over HTTP. */
  readonly isDistant?: boolean;
  readonly toClient: (line: Buffer) => void;
  readonly toServer: (line: Buffer) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A call on its way. */
export interface Call {
  readonly governed: GovernedCall;
  /** The id of its request, as it is written. */
  readonly id: string;
  state: 'asking' | 'sent' | 'checking' | 'over';
  /** Under which it is told of to the governor. */
  told?: McpTold;
  joined: boolean;
  watched: boolean;
  sentAt: number;
  readonly ask: string;
  hold?: Hold;
}

/** Longer texts the governor does not look through. */
const longest = 16 * 1024 * 1024;
const mostContinued = 1_000;

/** Calls through the gateway: asked about, sent on or refused, and their results looked through. */
export class Calls {
  readonly #options: CallsOptions;
  /** Calls that their server wants to hear more about, by what the agent repeats then. */
  readonly #continued = new Map<string, Call>();

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** Resolves when the call was sent on, refused, or is wanted no more. Never rejects. */
  async begin(call: Call, frame: Frame): Promise<void> {
    const answer = await this.#judge(call).catch((error: unknown): Answer => refusal(error));
    call.hold?.end();
    if (call.state !== 'asking') return answer.kind === 'refuse' ? undefined : this.#tell(call, true);
    if (answer.kind === 'refuse') return this.#refuse(call, answer.reason);
    call.state = 'sent';
    call.sentAt = performance.now();
    const { place } = call.governed;
    this.#options.toServer(answer.input === undefined || place === undefined ? frame.bytes : withValue(frame, place, answer.input));
  }

  /** Nobody waits for its answer any more. `true`: the server never heard of it, and will not. */
  cancel(call: Call): boolean {
    const { state } = call;
    if (state === 'asking') this.#options.judge.letGo(call.ask);
    if (state === 'sent') void this.#tell(call, true);
    call.hold?.end();
    call.state = 'over';
    return state === 'asking';
  }

  /** What the server answered. Resolves when the client has it. Never rejects. */
  async settle(call: Call, frame: Frame): Promise<void> {
    call.state = 'checking';
    const result = resultIn(frame);
    if (result === undefined) return this.#answerUnread(call);
    if (result.needsMore) this.#keep(call, result.state);
    if (!call.watched) {
      this.#options.toClient(frame.bytes);
      call.state = 'over';
      return this.#tell(call, result.failed);
    }
    const line = await this.#lookedThrough(call, frame, result.failed).catch((error: unknown) =>
      this.#withheld(call, refusal(error).reason),
    );
    // Cancelled while it was looked through: nobody wants it.
    if (call.state === 'checking') this.#options.toClient(line);
    call.state = 'over';
  }

  /** What cannot be read cannot be looked through either, and no client could do anything with it. */
  #answerUnread(call: Call): Promise<void> {
    call.state = 'over';
    this.#options.toClient(this.#withheld(call, 'It is not JSON.'));
    return this.#tell(call, true);
  }

  /** The server is gone. */
  async lost(call: Call): Promise<void> {
    const { state } = call;
    call.state = 'over';
    call.hold?.end();
    if (state === 'sent') await this.#tell(call, true);
  }

  async #judge(call: Call): Promise<Answer> {
    const { judge, speaker, env, patienceMs, isDistant = false } = this.#options;
    const { governed } = call;
    const earlier = this.#earlier(call);
    if (earlier?.told !== undefined) {
      Object.assign(call, { told: earlier.told, joined: earlier.joined, watched: earlier.watched });
      return judge.ask('mcpContinue', { ...earlier.told, answers: governed.answers ?? {} });
    }
    const from = speaker.from(governed.session);
    const { kind, name, arguments: input, hint } = governed;
    if (this.#options.shown?.isBehind === true) await this.#options.shown.caughtUp();
    const waits = patienceOf(speaker.name, { hasProgress: governed.progressToken !== undefined, isDistant }, env, patienceMs);
    const ask: McpAsk = {
      ...from,
      kind,
      name,
      arguments: input,
      ask: call.ask,
      waits,
      ...(hint === undefined ? {} : { hint }),
      ...this.#definitionOf(call),
    };
    this.#startHold(call, waits);
    const { answer, callId, joined, watched, session = from.session } = await judge.ask('mcpCall', ask);
    const runs = answer.kind !== 'refuse' && answer.input !== undefined ? answer.input : input;
    const told = { ...from, session, kind, name, arguments: runs, callId };
    Object.assign(call, { told, joined, watched });
    if (answer.kind === 'refuse') return answer;
    if (watched && governed.isTask) return { kind: 'refuse', reason: unlooked, stop: false };
    if (governed.answers === undefined) return answer;
    const more = await judge.ask('mcpContinue', { ...told, answers: governed.answers });
    return more.kind === 'refuse' ? more : answer;
  }

  #definitionOf({ governed: { kind, name } }: Call): { readonly definition?: string } {
    const definition = this.#options.shown?.digest(kind, name);
    return definition === undefined ? {} : { definition };
  }

  #startHold(call: Call, waits: number): void {
    const { progressToken } = call.governed;
    call.hold = new Hold({
      waits,
      ...(progressToken === undefined ? {} : { progressToken }),
      toClient: this.#options.toClient,
      giveUp: () => {
        if (call.state !== 'asking') return;
        this.cancel(call);
        this.#refuse(call, 'Countersign has no answer yet, and you will not wait any longer. Make the same call again in a while.');
      },
    });
  }

  async #lookedThrough(call: Call, frame: Frame, failed: boolean): Promise<Buffer> {
    const place = frame.members.get('result') ?? frame.members.get('error');
    if (place === undefined || call.told === undefined) return frame.bytes;
    if (place.end - place.start > longest) return this.#withheld(call, 'It is too long to be looked through.');
    if (frame.members.has('result') && frame.members.has('error')) return this.#withheld(call, 'It is a result and an error at once.');
    if (repeatsNames(frame.bytes, place.start)) return this.#withheld(call, 'A name stands in it twice.');
    const output: JsonValue = JSON.parse(frame.bytes.toString('utf8', place.start, place.end));
    if (isTask(output)) {
      await this.#tell(call, false);
      return this.#withheld(call, unlooked);
    }
    const { told, joined } = call;
    const answer = await this.#options.judge.ask('mcpResult', { ...told, failed, joined, durationMs: durationOf(call), output });
    if (answer.kind === 'refuse') return this.#withheld(call, answer.reason);
    return answer.kind === 'pass' && answer.output !== undefined ? withValue(frame, place, answer.output) : frame.bytes;
  }

  #withheld({ id, governed }: Call, why: string): Buffer {
    return refusalLine(id, governed.kind, `The call ran, and its result is withheld: ${why}`);
  }

  #refuse(call: Call, reason: string): void {
    call.state = 'over';
    this.#options.toClient(refusalLine(call.id, call.governed.kind, reason));
  }

  /** For the record alone; a call that a hook tells of as well is told of by it. */
  async #tell(call: Call, failed: boolean): Promise<void> {
    const { told, joined } = call;
    if (told === undefined || joined) return;
    await this.#options.judge.ask('mcpResult', { ...told, failed, joined, durationMs: durationOf(call) }).catch(() => undefined);
  }

  #keep(call: Call, state: string | undefined): void {
    if (this.#continued.size >= mostContinued) this.#continued.clear();
    this.#continued.set(continuationKey(call.governed, state), call);
  }

  /** The call that this one goes on with: the same tool and arguments, and what only its server and the client know. Once. */
  #earlier({ governed }: Call): Call | undefined {
    if (governed.answers === undefined && governed.state === undefined) return undefined;
    const key = continuationKey(governed, governed.state);
    const found = this.#continued.get(key);
    this.#continued.delete(key);
    return found;
  }
}

export function newCall(governed: GovernedCall, id: string): Call {
  return { governed, id, state: 'asking', joined: false, watched: true, sentAt: 0, ask: randomUUID() };
}

const unlooked = 'Its result would come later, where no guardrail looks through it. Make the call without a task.';

function continuationKey({ kind, name, arguments: input, hint = '' }: GovernedCall, state = ''): string {
  return JSON.stringify([kind, name, input, hint, state]);
}

function durationOf({ sentAt }: Pick<Call, 'sentAt'>): number {
  return sentAt === 0 ? 0 : performance.now() - sentAt;
}

function refusal(error: unknown): Extract<Answer, { readonly kind: 'refuse' }> {
  return { kind: 'refuse', reason: `Countersign refuses: ${error instanceof Error ? error.message : String(error)}`, stop: false };
}
