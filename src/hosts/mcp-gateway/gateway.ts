import { newCall, type Call } from './call.ts';
import { Calls, type CallsOptions } from './calls.ts';
import { idText, readLine, type Frame } from './frame.ts';
import type { Overlong } from './frame-lines.ts';
import { governedMethods, readCall, type Client } from './governed-call.ts';
import { ListNews } from './list-news.ts';
import { KnownTasks } from './known-tasks.ts';
import { lists, type List } from './lists.ts';
import { cancelledId, introducedClient, revisionIn } from './message-params.ts';
import { overlongId } from './overlong.ts';
import { errorLine, invalid, invalidParams, refusalLine, refusedCode, unreadable } from './reply.ts';
import { ShownItems } from './shown.ts';
import { isTaskMethod, isTaskNews, Tasks, type TaskAsk } from './tasks.ts';
import { visibleIntroduction, visibleList } from './visible.ts';

export interface GatewayOptions extends Omit<CallsOptions, 'tasks'> {
  /** What calls became that others of this client began; left out: nobody else. */
  readonly tasks?: KnownTasks;
  /** What a person should find in the client's log of the server. */
  readonly note: (text: string) => void;
}

/** A request of the client's that has no answer yet. */
interface Open {
  readonly id: string;
  readonly method: string;
  readonly call?: Call;
  readonly asked?: TaskAsk;
}

/** A client that has more calls open does not wait for answers. */
const mostOpen = 4_096;

/** What goes through between a client and its server: read where policies have a say, and forwarded byte for byte otherwise. */
export class McpGateway {
  readonly #options: GatewayOptions;
  readonly #calls: Calls;
  readonly #tasks: Tasks;
  readonly #shown: ShownItems;
  readonly #news: ListNews;
  readonly #open = new Map<string, Open>();
  readonly #working = new Set<Promise<void>>();
  #revision = '';

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#shown = new ShownItems(options);
    const { judge, toClient, note, tasks = new KnownTasks() } = options;
    this.#calls = new Calls({ ...options, tasks, shown: this.#shown });
    this.#tasks = new Tasks({ known: tasks, judge, toClient, note });
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
    this.#tasks.giveUp();
    await Promise.all(this.#working);
    const calls = [...this.#open.values()].flatMap(({ call }) => (call === undefined ? [] : [call]));
    await Promise.all([...calls.map((call) => this.#calls.lost(call)), this.#tasks.lost()]);
  }

  #fromClient(frame: Frame): void {
    const { id, method } = frame;
    const { toServer } = this.#options;
    if (method === undefined) return toServer(frame.bytes);
    if (id === undefined) return this.#notified(frame, method);
    if (this.#open.has(id)) return this.#reject(`Two requests have the id ${idText(frame)}`);
    if (this.#open.size >= mostOpen) return this.#answer(errorLine(idText(frame), invalid, 'Too many requests are open'));
    if (governedMethods.has(method)) return this.#begin(frame, id, method);
    if (isTaskMethod(method)) return this.#ask(frame, id, method);
    if (method === 'initialize') this.#introduce(introducedClient(frame));
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
    this.#introduce(call.governed.client);
    this.#open.set(id, { id: call.id, method, call });
    this.#work(
      this.#calls.begin(call, frame).then(() => {
        if (call.state === 'over') this.#close(id, call);
      }),
    );
  }

  /** About a task. */
  #ask(frame: Frame, id: string, method: string): void {
    const asked = this.#tasks.read(frame, method);
    const { toServer } = this.#options;
    if (typeof asked === 'string') return this.#answer(errorLine(idText(frame), invalidParams, `${asked}.`));
    const open: Open = { id: idText(frame), method, asked };
    this.#open.set(id, open);
    if (asked.answers === undefined) return toServer(asked.line);
    this.#work(
      this.#tasks.refusal(asked).then((reason) => {
        // Cancelled meanwhile.
        if (this.#open.get(id) !== open) return;
        if (reason === undefined) return toServer(asked.line);
        this.#open.delete(id);
        this.#answer(errorLine(open.id, refusedCode, reason));
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
    if (frame.method !== undefined && isTaskNews(frame.method)) return this.#work(this.#tasks.news(frame));
    if (frame.method !== undefined) return toClient(frame.bytes);
    const open = frame.id === undefined ? undefined : this.#open.get(frame.id);
    // An error about nothing in particular.
    if (frame.id === undefined || idText(frame) === 'null') return toClient(frame.bytes);
    if (open === undefined || (open.call !== undefined && open.call.state !== 'sent'))
      return note(`An answer to ${idText(frame)} was left out: nobody waits for it.`);
    if (open.call !== undefined) return this.#settle(frame, frame.id, open.call);
    if (open.asked !== undefined) return this.#work(this.#answered(frame, frame.id, open, open.asked));
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

  async #answered(frame: Frame, id: string, open: Open, asked: TaskAsk): Promise<void> {
    const line = await this.#tasks.answer(frame, asked);
    // Cancelled while it was looked through, or answered by another message before.
    if (this.#open.get(id) !== open) return;
    this.#open.delete(id);
    this.#options.toClient(line);
  }

  async #list(frame: Frame, id: string, list: List): Promise<void> {
    const { line, revision } = await visibleList(frame, list, { ...this.#options, shown: this.#shown });
    const method = this.#open.get(id)?.method ?? '';
    if (!this.#open.delete(id)) return;
    this.#options.toClient(line);
    if (revision !== undefined) this.#news.listed(method, revision);
  }

  async #introduced(frame: Frame, id: string, method: string): Promise<void> {
    const line = await visibleIntroduction(frame, method, { ...this.#options, shown: this.#shown });
    if (method === 'initialize') {
      this.#revision = revisionIn(frame) ?? '';
      this.#news.promised();
    }
    if (this.#open.delete(id)) this.#options.toClient(line);
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

  #introduce(client: Client | undefined): void {
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
