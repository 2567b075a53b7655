import { randomUUID } from 'node:crypto';
import type { ReviewAnswer, ReviewTask } from '../../channel/messages.ts';
import type { Peer } from '../../channel/operations.ts';
import { fenced, instructionsOf } from '../../engine/guardrail/review/question.ts';
import type { ReviewModel, ReviewReply } from '../../governor/review/model.ts';

interface Waiting {
  readonly peer: Peer;
  readonly resolve: (reply: ReviewReply) => void;
  readonly reject: (error: Error) => void;
}

/** Has an editor's window ask a language model of VS Code. */
export class WindowModels {
  readonly #waiting = new Map<string, Waiting>();
  #peers: () => readonly Peer[] = () => [];

  /** Who is connected. */
  use(peers: () => readonly Peer[]): void {
    this.#peers = peers;
  }

  asker(model: ReviewTask['model']): ReviewModel['ask'] {
    return async (question, signal) => {
      const windows = this.#peers().filter(({ window }) => window !== undefined);
      const peer = windows.find(({ window }) => window?.focused === true) ?? windows.at(-1);
      if (peer === undefined) throw new Error('no window of VS Code is open that could ask its model');
      const task = { id: randomUUID(), model, instructions: instructionsOf(question), text: fenced(question) };
      return this.#ask(peer, task, signal);
    };
  }

  /** What a window says of a task; only the one that was asked can. */
  answered({ id, text, problem }: ReviewAnswer, from: Peer): void {
    const waiting = this.#waiting.get(id);
    if (waiting?.peer !== from) return;
    if (text === undefined) waiting.reject(new Error(problems[problem ?? 'failed']));
    else waiting.resolve({ text });
  }

  #ask(peer: Peer, task: ReviewTask, signal: AbortSignal): Promise<ReviewReply> {
    const { promise, resolve, reject } = Promise.withResolvers<ReviewReply>();
    this.#waiting.set(task.id, { peer, resolve, reject });
    const over = (): void => reject(new Error('the window of VS Code that was asked has gone, or took too long'));
    for (const one of [signal, peer.closed]) one.addEventListener('abort', over, { once: true });
    peer.push({ push: 'review', task });
    return promise.finally(() => {
      this.#waiting.delete(task.id);
      for (const one of [signal, peer.closed]) one.removeEventListener('abort', over);
    });
  }
}

const problems: Readonly<Record<NonNullable<ReviewAnswer['problem']>, string>> = {
  'no-model': 'VS Code has no such language model',
  'no-consent': 'VS Code was never allowed to give Countersign that model. Use "Countersign: Review by a Language Model…" in its window',
  failed: 'the language model of VS Code could not answer',
};
