import type { Answer, HookEvent } from '../agents/agent.ts';
import { callDigest } from '../engine/approval/digest.ts';
import { digestOf } from '../engine/audit/canonical.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import type { Ports } from './ports.ts';
import { keyOf } from './sessions.ts';

/** Of a name that we gave: the calls of most agents have their own. */
const prefix = 'countersign-';
/** Calls under way at once are few. */
const kept = 5_000;
/** After a restart, how far the log is looked through for the decision that a result belongs to. */
const looked = 100;

/**
 * Names for the calls of agents that have none of their own. The result of such a call belongs to the oldest one of its session with
 * the same tool and arguments that is not done.
 */
export class CallIds {
  readonly #ports: Pick<Ports, 'ids' | 'audit'>;
  readonly #open: { readonly key: string; readonly id: string }[] = [];

  constructor(ports: Pick<Ports, 'ids' | 'audit'>) {
    this.#ports = ports;
  }

  /** The event with the call's name in it. */
  named(event: HookEvent): HookEvent {
    if (event.kind !== 'tool-call' && event.kind !== 'tool-result') return event;
    if (event.call.id !== '') return event;
    const id = event.kind === 'tool-call' ? this.#begin(event.call) : this.#end(event.call);
    return { ...event, call: { ...event.call, id } };
  }

  /** A call that is refused has no result; one that was given other arguments has theirs. */
  answered(event: HookEvent, answer: Answer): void {
    if (event.kind !== 'tool-call' || !event.call.id.startsWith(prefix)) return;
    const at = this.#open.findIndex(({ id }) => id === event.call.id);
    if (at === -1) return;
    if (answer.kind === 'refuse') this.#open.splice(at, 1);
    else if (answer.input !== undefined) this.#open[at] = { key: keyOfCall({ ...event.call, arguments: answer.input }), id: event.call.id };
  }

  #begin(call: ToolCall): string {
    const id = `${prefix}${this.#ports.ids()}`;
    this.#open.push({ key: keyOfCall(call), id });
    if (this.#open.length > kept) this.#open.shift();
    return id;
  }

  #end(call: ToolCall): string {
    const key = keyOfCall(call);
    const at = this.#open.findIndex((one) => one.key === key);
    return at === -1 ? this.#inLog(call) : (this.#open.splice(at, 1)[0]?.id ?? '');
  }

  /** Another process may have decided: the governor before, or a hook by itself. */
  #inLog({ session, nativeTool, arguments: input }: ToolCall): string {
    const digest = digestOf(input);
    const found = this.#ports.audit
      .list({ kind: 'decision', session: session.id, limit: looked })
      .find(({ entry }) => entry.argumentsDigest === digest && entry.nativeTool === nativeTool && entry.action !== 'deny');
    return found?.entry.callId ?? '';
  }
}

function keyOfCall(call: ToolCall): string {
  return keyOf(call.agent.name, call.session.id, callDigest(call));
}
