import type { Answer, HookEvent, Origin } from '../../agents/agent.ts';
import type { Approver } from '../../engine/approval/approval.ts';
import type { Shown } from '../../engine/artifact/pins/known.ts';
import type { Verdict } from '../../engine/artifact/pins/review.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { decideServerStart, type StartWish } from '../artifact/decide-start.ts';
import type { Abilities } from '../decide.ts';
import { messageOf } from '../fault.ts';
import type { HookContext, Office } from '../office.ts';
import { Changes } from './changes.ts';
import { continueAtGateway, decideAtGateway, type GatewayVerdict } from './decide.ts';
import { hideFromAgent } from './hide.ts';
import { answerPins, type PinChoice } from './pin-answers.ts';
import { reviewShown } from './pins.ts';
import { serverViews, type CallOf, type McpServerView, type ServersQuestion } from './server-views.ts';
import { noteSecrets } from './secrets.ts';
import { settleAtGateway } from './settle.ts';

type Event<K extends HookEvent['kind']> = Extract<HookEvent, { readonly kind: K }>;

/** What the governor does for the gateways that stand before MCP servers. A fault is a refusal. */
export class Gateway {
  readonly #office: Office;
  readonly #working = new Set<Promise<unknown>>();
  readonly #changes: Changes;

  constructor(office: Office) {
    this.#office = office;
    this.#changes = new Changes(office.ports);
  }

  /** Whether a server may be started. */
  start(event: Event<'tool-call'>, wish: StartWish, context: HookContext): Promise<Answer> {
    return this.#work(decideServerStart(this.#office, event, wish, context), event.origin, (answer) => answer);
  }

  /** The session of a hook that asked about a call of that name, for clients that cannot say theirs. */
  sessionOf({ agent, id }: ToolCall): string | undefined {
    return id === '' ? undefined : this.#office.sessions.whereRuns(agent.name, id)?.id;
  }

  /** `definition`: the digest of what the server showed of the tool, where that is known. */
  call(event: Event<'tool-call'>, context: HookContext, abilities: Abilities, definition?: string): Promise<GatewayVerdict> {
    const { agent, mcpServer = '', id } = event.call;
    this.#office.serversPast.gatewaySaw(agent.name, mcpServer, id);
    const refused = (answer: Answer): GatewayVerdict => ({ answer, callId: event.call.id, joined: false, watched: true });
    return this.#work(decideAtGateway(this.#office, event, context, abilities, definition), event.origin, refused);
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
    this.#office.serversPast.gatewaySaw(origin.agent.name, server);
    return this.#held(hideFromAgent(this.#office, origin, server, calls));
  }

  /** Of each thing that a server shows, its digest and why the agent must not see it. Rejects where that cannot be known. */
  shown(origin: Origin, server: string, shown: readonly Shown[]): Promise<readonly Verdict[]> {
    return this.#held(reviewShown(this.#office, origin, server, shown));
  }

  /** What is known of servers, for people. */
  servers(question: ServersQuestion, callOf: CallOf): readonly McpServerView[] {
    return serverViews(this.#office, question, callOf);
  }

  answerPins(choice: PinChoice, by: Approver): Promise<readonly string[]> {
    return this.#held(answerPins(this.#office, choice, by));
  }

  /** Another number whenever lists may be other ones. */
  get revision(): number {
    return this.#changes.revision;
  }

  /** Resolves with another number than `since` when lists may be other ones: policies or pins have changed. */
  changed(since: number, signal: AbortSignal): Promise<number> {
    return this.#changes.after(since, signal);
  }

  /** Rejects where it cannot be noted that the server is given these secrets. */
  secrets(origin: Origin, server: string, names: readonly string[]): Promise<true> {
    return this.#held(noteSecrets(this.#office, origin, server, names));
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
