import * as z from 'zod/mini';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import { endOf } from './call-result.ts';
import { idText, valueAt, withValue, type Frame } from './frame.ts';
import { readObject, repeatsNames, type Span } from './json-bytes.ts';
import type { Judge } from './judge.ts';
import type { KnownTasks, Task } from './known-tasks.ts';
import { lookThrough, tellOutcome, type Looked } from './look-through.ts';
import { errorLine, invalidParams, refusalLine, refusedCode } from './reply.ts';

interface TasksOptions {
  readonly known: KnownTasks;
  readonly judge: Judge;
  readonly toClient: (line: Buffer) => void;
  readonly note: (text: string) => void;
}

/** What the client asks of a task, in both eras of the protocol. */
export interface TaskAsk {
  readonly method: string;
  /** What the server is asked. */
  readonly line: Buffer;
  /** Left out: it asks which there are, or about one that no call here has become. */
  readonly task?: Task;
  /** What a person answered to the server. */
  readonly answers?: JsonObject;
}

const methods: ReadonlySet<string> = new Set(['tasks/get', 'tasks/result', 'tasks/update', 'tasks/cancel', 'tasks/list']);
const asking = z.object({ taskId: z.string(), inputResponses: z.optional(z.custom<JsonObject>((value) => isObject(value as JsonValue))) });
const listed = z.looseObject({ taskId: z.string() });
const list = z.looseObject({ tasks: z.array(listed), nextCursor: z.optional(z.string()) });

export function isTaskMethod(method: string): boolean {
  return methods.has(method);
}

/** `notifications/tasks`, and what the handshake revisions have in its place. */
export function isTaskNews(method: string): boolean {
  return method === 'notifications/tasks' || method === 'notifications/tasks/status';
}

/** What a server says later of calls that it went on with by itself: looked through as the results that it is. */
export class Tasks {
  readonly #options: TasksOptions;
  readonly #telling = new Set<Promise<void>>();

  constructor(options: TasksOptions) {
    this.#options = options;
  }

  /** A sentence: why the server is not asked. */
  read(frame: Frame, method: string): TaskAsk | string {
    const line = frame.bytes;
    const place = frame.members.get('params');
    if (place === undefined || method === 'tasks/list') return { method, line };
    if (isAmbiguous(frame, place)) return 'It could be read in two ways: a name stands in its params twice, or they are nested too deep';
    const asked = z.safeParse(asking, valueAt(frame, place));
    const task = asked.success ? this.#options.known.find(asked.data.taskId) : undefined;
    if (task === undefined) return { method, line: withoutAnswers(frame, place) };
    const { inputResponses: answers } = asked.data ?? {};
    return { method, line, task, ...(answers === undefined ? {} : { answers }) };
  }

  /** Why the server is not told what a person answered to it; `undefined`: it is. */
  async refusal({ task, answers }: TaskAsk): Promise<string | undefined> {
    if (task?.call.told === undefined || answers === undefined) return undefined;
    try {
      const answer = await this.#options.judge.ask('mcpContinue', { ...task.call.told, answers });
      return answer.kind === 'refuse' ? answer.reason : undefined;
    } catch (error) {
      return failure(error);
    }
  }

  /** What the client gets for the server's answer. Never rejects. */
  async answer(frame: Frame, { method, task }: TaskAsk): Promise<Buffer> {
    if (method === 'tasks/list') return this.#list(frame);
    // Its server says of one that it does not have either what it always says; of any other nobody knows what to look for.
    if (task === undefined) return frame.members.has('result') ? errorLine(idText(frame), invalidParams, unknown) : frame.bytes;
    const place = frame.members.get('result') ?? frame.members.get('error');
    if (place === undefined) return frame.bytes;
    const end = frame.members.has('result') ? endOf(frame.bytes, place, method) : undefined;
    const looked = await this.#look(frame, place, task, end);
    if ('line' in looked) return looked.line;
    const why = `The call ran, and its result is withheld: ${looked.withheld}`;
    return method === 'tasks/result' ? refusalLine(idText(frame), 'tool', why) : errorLine(idText(frame), refusedCode, why);
  }

  /** The server tells of a task by itself. Never rejects. */
  async news(frame: Frame): Promise<void> {
    const { known, toClient, note } = this.#options;
    const place = frame.members.get('params');
    const read = place === undefined ? undefined : z.safeParse(asking, valueAt(frame, place));
    const task = read?.success === true ? await known.expect(read.data.taskId) : undefined;
    if (place === undefined || task === undefined) return note('News of a task was left out: no call that passed here has begun it.');
    if (isAmbiguous(frame, place)) return note('News of a task was left out: it could be read in two ways.');
    const looked = await this.#look(frame, place, task, endOf(frame.bytes, place, 'tasks/get'));
    if ('line' in looked) toClient(looked.line);
    else note(`News of a task was left out: ${looked.withheld}`);
  }

  /** No call will become a task any more. */
  giveUp(): void {
    this.#options.known.giveUp();
  }

  /** The server is gone, with all that it had not finished. */
  async lost(): Promise<void> {
    await Promise.all([...this.#telling, ...this.#options.known.open.map((task) => this.#ended(task, true))]);
  }

  async #look(frame: Frame, place: Span, task: Task, end: 'ran' | 'failed' | undefined) {
    const { judge } = this.#options;
    const { call } = task;
    if (!call.watched) {
      // The client need not wait for the record.
      if (end !== undefined) this.#tell(this.#ended(task, end === 'failed'));
      return { line: frame.bytes } satisfies Looked;
    }
    const text = frame.bytes.toString('latin1', place.start, place.end);
    if (end === undefined && task.seen === text) return { line: frame.bytes } satisfies Looked;
    if (frame.members.has('result') && frame.members.has('error'))
      return { withheld: 'It is a result and an error at once.' } satisfies Looked;
    const isEnd = end !== undefined && !task.isOver;
    task.isOver ||= end !== undefined;
    const looked = await lookThrough(judge, call, frame, place, { failed: end === 'failed', joined: call.joined || !isEnd }).catch(
      (error: unknown): Looked => ({ withheld: failure(error) }),
    );
    if ('line' in looked && looked.line === frame.bytes) task.seen = text;
    return looked;
  }

  #tell(telling: Promise<void>): void {
    this.#telling.add(telling);
    void telling.finally(() => this.#telling.delete(telling));
  }

  async #ended(task: Task, failed: boolean): Promise<void> {
    if (task.isOver) return;
    task.isOver = true;
    await tellOutcome(this.#options.judge, task.call, failed);
  }

  /** Only those that calls through here have begun; where guardrails look through results, only what holds no text of the server's. */
  #list(frame: Frame): Buffer {
    const place = frame.members.get('result');
    if (place === undefined) return frame.bytes;
    const { known } = this.#options;
    const read = z.safeParse(list, valueAt(frame, place));
    if (!read.success)
      return known.isWatched ? errorLine(idText(frame), refusedCode, 'The list of tasks is withheld: it is none.') : frame.bytes;
    const { tasks, nextCursor } = read.data;
    const own = tasks.filter(({ taskId }) => known.find(taskId) !== undefined);
    if (known.isWatched) return withValue(frame, place, { tasks: own.map(bare), ...(nextCursor === undefined ? {} : { nextCursor }) });
    return own.length === tasks.length ? frame.bytes : withValue(frame, place, { ...read.data, tasks: own });
  }
}

const told = ['taskId', 'status', 'createdAt', 'lastUpdatedAt', 'ttl', 'pollInterval'];
const plainText = /^[\w:.+-]{0,200}$/;

/** Its members as the protocol has them, as far as they are no prose. */
function bare(task: z.infer<typeof listed>): JsonObject {
  const members = told.flatMap((name): (readonly [string, JsonValue])[] => {
    const value = task[name];
    const isPlain = typeof value === 'number' || value === null || (typeof value === 'string' && plainText.test(value));
    return isPlain ? [[name, value]] : [];
  });
  return Object.fromEntries(members);
}

function isAmbiguous(frame: Frame, { start }: Span): boolean {
  try {
    return repeatsNames(frame.bytes, start);
  } catch {
    return true;
  }
}

const unknown =
  'Countersign does not know this task: no call that passed here has begun it, or Countersign was started anew meanwhile. Make the call again.';

/** What a person answered to a task of which nobody knows what it is, its server does not hear. */
function withoutAnswers(frame: Frame, { start }: Span): Buffer {
  const answers = frame.bytes[start] === 0x7b ? readObject(frame.bytes, start).members.get('inputResponses') : undefined;
  return answers === undefined ? frame.bytes : withValue(frame, answers, {});
}

function failure(error: unknown): string {
  return `Countersign refuses: ${error instanceof Error ? error.message : String(error)}`;
}
