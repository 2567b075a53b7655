import type { ReviewQuestion } from '../../engine/guardrail/review/question.ts';

/** Where questions about texts can be asked. */
export interface ReviewSource {
  /** As it is configured now; `undefined` where nothing is. Throws a sentence where the configuration cannot be understood. */
  readonly model: () => ReviewModel | undefined;
}

/** A model that a person chose, and how far it may be used. */
export interface ReviewModel {
  /** What the log calls it; never what opens it. */
  readonly name: string;
  /** Longer texts are not sent. */
  readonly mostCharacters: number;
  /** How many questions it gets at once. */
  readonly atOnce: number;
  readonly perDay: { readonly calls: number; readonly tokens?: number };
  /** Rejects with why there is no answer, in our own words: what the other side says may have the text in it. */
  readonly ask: (question: ReviewQuestion, signal: AbortSignal) => Promise<ReviewReply>;
}

export interface ReviewReply {
  /** What the model said. */
  readonly text: string;
  /** Used for question and answer; left out where nobody says. */
  readonly tokens?: number;
}
