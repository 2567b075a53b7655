import type { Answer, HookEvent, Origin } from '../../agents/agent.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Abilities } from '../decide.ts';
import { messageOf } from '../fault.ts';
import type { HookContext, Office } from '../office.ts';
import { continueAtGateway, decideAtGateway, type GatewayVerdict } from './decide.ts';
import { hideFromAgent } from './hide.ts';
import { settleAtGateway } from './settle.ts';

type Event<K extends HookEvent['kind']> = Extract<HookEvent, { readonly kind: K }>;

/** What the governor does for the gateways that stand before MCP servers. A fault is a refusal. */
export class Gateway {
  readonly #office: Office;
  readonly #working = new Set<Promise<unknown>>();

  constructor(office: Office) {
    this.#office = office;
  }

  call(event: Event<'tool-call'>, context: HookContext, abilities: Abilities): Promise<GatewayVerdict> {
    const refused = (answer: Answer): GatewayVerdict => ({ answer, callId: event.call.id, joined: false, watched: true });
    return this.#work(decideAtGateway(this.#office, event, context, abilities), event.origin, refused);
  }

  /** What a person answered to the server in the middle of a call that was decided on. */
  continue(origin: Origin, call: ToolCall, answers: JsonObject): Promise<Answer> {
    return this.#work(continueAtGateway(this.#office, call, answers), origin, (answer) => answer);
  }

  result(event: Event<'tool-result'>, joined: boolean): Promise<Answer> {
    return this.#work(settleAtGateway(this.#office, event, joined), event.origin, (answer) => answer);
  }

  /** Names of those calls that the agent is not shown. Rejects where that cannot be known. */
  hidden(origin: Origin, server: string, calls: readonly ToolCall[]): Promise<readonly string[]> {
    return this.#held(hideFromAgent(this.#office, origin, server, calls));
  }

  /** Resolves when nothing that was begun is left. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#working);
  }

  #work<T>(work: Promise<T>, origin: Origin, refused: (answer: Answer) => T): Promise<T> {
    return this.#held(
      work.catch(async (error: unknown) => {
        await this.#office.ledger.incident('A call through the gateway could not be dealt with', origin, error);
        return refused({ kind: 'refuse', reason: `Countersign failed, so the call does not run: ${messageOf(error)}`, stop: false });
      }),
    );
  }

  #held<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work);
    return work.finally(() => this.#working.delete(work));
  }
}
