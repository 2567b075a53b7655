import type { Agent, Answer, HookEvent, Reply } from '../../src/agents/agent.ts';
import type { Recording } from './fixtures.ts';

type Command = Reply['command'];

/** What one agent adds to the contract: messages of its real client, and what only that client can know. */
export interface Subject {
  readonly agent: Agent;
  readonly recordings: readonly Recording[];
  /** Fields that `read` cannot do without, by the kind of event. */
  readonly required: Readonly<Partial<Record<HookEvent['kind'], readonly string[]>>>;
  /** The kinds of events at which the client lets itself be stopped. */
  readonly refusable: readonly HookEvent['kind'][];
  /** Whether the client takes this reply for a refusal of that event. */
  readonly refuses: (event: string, reply: Reply) => boolean;
  /** What a hook prints that has no objection. */
  readonly silence: Command;
  /** The same at events where the client wants to be told so. */
  readonly silenceAt?: Readonly<Partial<Record<HookEvent['kind'], Command>>>;
  /** Whether calls have an id of the client's. */
  readonly hasCallIds: boolean;
  /** The arguments of a call in a message. */
  readonly argumentsOf: (message: Recording['message']) => unknown;
  /** A message about a call of a tool that nobody knows, with these arguments. */
  readonly callOf: (input: Readonly<Record<string, unknown>>) => unknown;
  /** The exact form in which the client was seen to honour an answer, by the name of a recording. */
  readonly forms: readonly (readonly [recording: string, answer: Answer, form: Partial<Command>])[];
}
