import type { McpAsk } from '../../channel/mcp-messages.ts';
import type { Answer } from '../../agents/agent.ts';
import type { Call } from './call.ts';
import { resultIn } from './call-result.ts';
import { withValue, type Frame } from './frame.ts';
import type { GovernedCall } from './governed-call.ts';
import { Hold } from './hold.ts';
import type { Judge } from './judge.ts';
import type { KnownTasks } from './known-tasks.ts';
import { lookThrough, tellOutcome, type Outcome } from './look-through.ts';
import { patienceOf } from './patience.ts';
import { refusalLine } from './reply.ts';
import type { ShownItems } from './shown.ts';
import type { Speaker } from './speaker.ts';

export interface CallsOptions {
  /** What the server has shown; left out: nobody looks. */
  readonly shown?: ShownItems;
  readonly judge: Judge;
  /** Where calls go on as tasks. */
  readonly tasks: KnownTasks;
  readonly speaker: Speaker;
  /** What the client is told to wait for an answer. */
  readonly patienceMs?: number;
  /** It has come over HTTP. */
  readonly isDistant?: boolean;
  readonly toClient: (line: Buffer) => void;
  readonly toServer: (line: Buffer) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

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
    const isTask = result.task !== undefined && result.task !== '';
    // News of it may come before this was looked through.
    if (isTask) this.#options.tasks.begin(result.task ?? '', call);
    if (!call.watched) {
      this.#options.toClient(frame.bytes);
      call.state = 'over';
      return isTask ? undefined : this.#tell(call, result.failed);
    }
    const line = await this.#lookedThrough(call, frame, { failed: result.failed, joined: call.joined || isTask }).catch((error: unknown) =>
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

  async #lookedThrough(call: Call, frame: Frame, outcome: Outcome): Promise<Buffer> {
    const place = frame.members.get('result') ?? frame.members.get('error');
    if (place === undefined) return frame.bytes;
    if (frame.members.has('result') && frame.members.has('error')) return this.#withheld(call, 'It is a result and an error at once.');
    const looked = await lookThrough(this.#options.judge, call, frame, place, outcome);
    return 'line' in looked ? looked.line : this.#withheld(call, looked.withheld);
  }

  #withheld({ id, governed }: Call, why: string): Buffer {
    return refusalLine(id, governed.kind, `The call ran, and its result is withheld: ${why}`);
  }

  #refuse(call: Call, reason: string): void {
    call.state = 'over';
    this.#options.toClient(refusalLine(call.id, call.governed.kind, reason));
  }

  #tell(call: Call, failed: boolean): Promise<void> {
    return tellOutcome(this.#options.judge, call, failed);
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

function continuationKey({ kind, name, arguments: input, hint = '' }: GovernedCall, state = ''): string {
  return JSON.stringify([kind, name, input, hint, state]);
}

function refusal(error: unknown): Extract<Answer, { readonly kind: 'refuse' }> {
  return { kind: 'refuse', reason: `Countersign refuses: ${error instanceof Error ? error.message : String(error)}`, stop: false };
}
