import * as z from 'zod/mini';
import { Calls, newCall, type Call, type CallsOptions } from './calls.ts';
import { idText, readLine, type Frame } from './frame.ts';
import type { Overlong } from './frame-lines.ts';
import { governedMethods, readCall, readClient } from './governed-call.ts';
import { introductionIn, promisingChanges, withoutInstructions } from './introduction.ts';
import { ListNews } from './list-news.ts';
import { lists, withoutHidden, type ListItem } from './lists.ts';
import { overlongId } from './overlong.ts';
import { errorLine, invalid, invalidParams, refusalLine, unreadable } from './reply.ts';
import { ShownItems } from './shown.ts';

export interface GatewayOptions extends CallsOptions {
  /** What a person should find in the client's log of the server. */
  readonly note: (text: string) => void;
}

/** A request of the client's that has no answer yet. */
interface Open {
  readonly id: string;
  readonly method: string;
  readonly call?: Call;
}

const initializing = z.object({ clientInfo: z.optional(z.unknown()) });
const initialized = z.object({ protocolVersion: z.string() });
const cancelling = z.object({ requestId: z.union([z.string(), z.number()]) });
/** A client that has more calls open does not wait for answers. */
const mostOpen = 4_096;

/** What goes through between a client and its server: read where policies have a say, and forwarded byte for byte otherwise. */
export class McpGateway {
  readonly #options: GatewayOptions;
  readonly #calls: Calls;
  readonly #shown: ShownItems;
  readonly #news: ListNews;
  readonly #open = new Map<string, Open>();
  readonly #working = new Set<Promise<void>>();
  #revision = '';

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#shown = new ShownItems(options);
    this.#calls = new Calls({ ...options, shown: this.#shown });
    const { judge, toClient } = options;
    this.#news = new ListNews({ changed: (since) => judge.changed(since), toClient });
  }

  fromClient(line: Buffer | Overlong): void {
    if ('tail' in line) return this.#reject(`A message of ${line.length} bytes is too long`);
    const read = readLine(line);
    if (read.kind === 'message') this.#fromClient(read.frame);
    else if (read.kind === 'batch' && this.#revision === '2025-03-26') read.lines.forEach((one) => this.fromClient(one));
    else if (read.kind === 'batch') this.#reject('This revision of the protocol has no batches');
    else if (read.kind === 'bad' || line.toString('utf8').trim() !== '') this.#reject('A line was no message');
  }

  /** `false`: the server has answered something that nobody can tell what; it must not go on. */
  fromServer(line: Buffer | Overlong): boolean {
    if ('tail' in line) return this.#fromServerOverlong(line);
    const read = readLine(line);
    // Nobody takes it for a message: whatever a client does with such lines, it may.
    if (read.kind === 'noise') this.#options.toClient(line);
    else if (read.kind === 'bad') this.#options.note(`A message of the server was left out: ${read.why}.`);
    else if (read.kind === 'batch') return read.lines.every((one) => this.fromServer(one));
    else this.#fromServer(read.frame);
    return true;
  }

  /** The client has gone: what it asked for and was not sent yet never will be. */
  clientGone(): void {
    for (const { call } of this.#open.values()) if (call?.state === 'asking') this.#calls.cancel(call);
  }

  /** Resolves when all that the server said has reached the client, and the record. */
  async serverGone(): Promise<void> {
    await Promise.all(this.#working);
    const calls = [...this.#open.values()].flatMap(({ call }) => (call === undefined ? [] : [call]));
    await Promise.all(calls.map((call) => this.#calls.lost(call)));
  }

  #fromClient(frame: Frame): void {
    const { id, method } = frame;
    const { toServer } = this.#options;
    if (method === undefined) return toServer(frame.bytes);
    if (id === undefined) return this.#notified(frame, method);
    if (this.#open.has(id)) return this.#reject(`Two requests have the id ${idText(frame)}`);
    if (this.#open.size >= mostOpen) return this.#answer(errorLine(idText(frame), invalid, 'Too many requests are open'));
    if (governedMethods.has(method)) return this.#begin(frame, id, method);
    if (method === 'initialize') this.#introduce(frame);
    if (method === 'subscriptions/listen') this.#news.subscribed(idText(frame));
    this.#open.set(id, { id: idText(frame), method });
    toServer(frame.bytes);
  }

  #begin(frame: Frame, id: string, method: string): void {
    let call: Call;
    try {
      call = newCall(readCall(frame), idText(frame));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.#answer(errorLine(idText(frame), invalidParams, `Countersign cannot read this call, so it does not run. ${why}.`));
    }
    if (call.governed.client !== undefined) this.#options.speaker.introduce(call.governed.client);
    this.#open.set(id, { id: call.id, method, call });
    this.#work(
      this.#calls.begin(call, frame).then(() => {
        if (call.state === 'over') this.#close(id, call);
      }),
    );
  }

  #notified(frame: Frame, method: string): void {
    // Without an id nobody could be refused; a server might do it all the same.
    if (governedMethods.has(method)) return this.#options.note(`A ${method} without an id was left out.`);
    if (method !== 'notifications/cancelled') return this.#options.toServer(frame.bytes);
    const id = cancelledId(frame);
    const call = id === undefined ? undefined : this.#open.get(id)?.call;
    const isUnsent = call !== undefined && this.#calls.cancel(call);
    if (id !== undefined) this.#closeRequest(id);
    if (!isUnsent) this.#options.toServer(frame.bytes);
  }

  #fromServer(frame: Frame): void {
    const { toClient, note } = this.#options;
    const isAnswer = frame.members.has('result') || frame.members.has('error');
    // A client might take it for the answer, which nobody has looked through.
    if (frame.method !== undefined && isAnswer) return note('A message of the server was left out: it is a request and an answer at once.');
    if (frame.method !== undefined) return toClient(frame.bytes);
    const open = frame.id === undefined ? undefined : this.#open.get(frame.id);
    // An error about nothing in particular.
    if (frame.id === undefined || idText(frame) === 'null') return toClient(frame.bytes);
    if (open === undefined || (open.call !== undefined && open.call.state !== 'sent'))
      return note(`An answer to ${idText(frame)} was left out: nobody waits for it.`);
    if (open.call !== undefined) return this.#settle(frame, frame.id, open.call);
    const list = Object.hasOwn(lists, open.method) ? lists[open.method] : undefined;
    if (list !== undefined) return this.#work(this.#list(frame, frame.id, list));
    if (open.method === 'initialize' || open.method === 'server/discover')
      return this.#work(this.#introduced(frame, frame.id, open.method));
    this.#closeRequest(frame.id);
    toClient(frame.bytes);
  }

  #settle(frame: Frame, id: string, call: Call): void {
    const settled = this.#calls.settle(call, frame);
    if (call.watched) this.#work(settled.then(() => this.#close(id, call)));
    else {
      this.#close(id, call);
      this.#work(settled);
    }
  }

  /** Where nobody can say what is hidden, all is shown: no call of it gets through. */
  async #list(frame: Frame, id: string, list: NonNullable<(typeof lists)[string]>): Promise<void> {
    const { judge, speaker, toClient, note } = this.#options;
    let revision: number | undefined;
    const ask = async (kind: typeof list.kind, items: readonly ListItem[]): Promise<readonly string[]> => {
      const names = [...new Set(items.map(({ name }) => name))];
      const [{ hidden, revision: at }, blocked] = await Promise.all([
        judge.ask('mcpList', { ...speaker.from(), kind, names }),
        kind === 'resource' ? [] : this.#shown.blocked(kind, items),
      ]);
      revision = at;
      return [...hidden, ...blocked];
    };
    const line = await withoutHidden(frame, list, ask).catch((error: unknown) => {
      note(`All ${list.items} are shown: ${error instanceof Error ? error.message : String(error)}`);
      return frame.bytes;
    });
    const method = this.#open.get(id)?.method ?? '';
    if (!this.#open.delete(id)) return;
    toClient(line);
    if (revision !== undefined) this.#news.listed(method, revision);
  }

  /** What a model reads of a server before anything is called. Where nobody can say whether it was accepted, it is shown. */
  async #introduced(frame: Frame, id: string, method: string): Promise<void> {
    const { toClient, note } = this.#options;
    let line = frame.bytes;
    try {
      const { instructions } = introductionIn(frame);
      const blocked = instructions === undefined ? [] : await this.#shown.blocked('instructions', [{ name: '', definition: instructions }]);
      if (blocked.length > 0) line = withoutInstructions(frame);
      if (method === 'initialize') line = promisingChanges(line);
    } catch (error) {
      note(`What the server says of itself is passed on: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (method === 'initialize') {
      this.#revision = revisionIn(frame) ?? '';
      this.#news.promised();
    }
    if (this.#open.delete(id)) toClient(line);
  }

  #closeRequest(id: string): void {
    const open = this.#open.get(id);
    if (open?.method === 'subscriptions/listen') this.#news.unsubscribed(open.id);
    this.#open.delete(id);
  }

  #fromServerOverlong(line: Overlong): boolean {
    const open = [...this.#open].find(([, { id }]) => id === overlongId(line));
    if (open === undefined) return false;
    const [key, { id, call }] = open;
    const why = `The server answered ${line.length} bytes, which is too long to be passed on.`;
    this.#open.delete(key);
    if (call !== undefined) this.#calls.cancel(call);
    this.#answer(call === undefined ? errorLine(id, invalid, why) : refusalLine(id, call.governed.kind, why));
    return true;
  }

  #introduce({ bytes, members }: Frame): void {
    const params = members.get('params');
    if (params === undefined) return;
    const read = z.safeParse(initializing, parsed(bytes.toString('utf8', params.start, params.end)));
    const client = read.success ? readClient(read.data.clientInfo) : undefined;
    if (client !== undefined) this.#options.speaker.introduce(client);
  }

  #reject(why: string): void {
    this.#answer(errorLine('null', unreadable, why));
  }

  #answer(line: Buffer): void {
    this.#options.toClient(line);
  }

  /** The id may belong to another request by now. */
  #close(id: string, call: Call): void {
    if (this.#open.get(id)?.call === call) this.#open.delete(id);
  }

  #work(work: Promise<void>): void {
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }
}

function cancelledId({ bytes, members }: Frame): string | undefined {
  const params = members.get('params');
  const read = params && z.safeParse(cancelling, parsed(bytes.toString('utf8', params.start, params.end)));
  if (read?.success !== true) return undefined;
  const { requestId } = read.data;
  return typeof requestId === 'string' ? `text ${requestId}` : `number ${requestId}`;
}

function revisionIn({ bytes, members }: Frame): string | undefined {
  const result = members.get('result');
  const read = result && z.safeParse(initialized, parsed(bytes.toString('utf8', result.start, result.end)));
  return read?.success === true ? read.data.protocolVersion : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
