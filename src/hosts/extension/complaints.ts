import { visibleText } from '../../engine/guardrail/visible-text.ts';

// The errors that a person sees.

export function answerFailed(cause: unknown): string {
  return `Your answer did not arrive: ${textOf(cause)}. The call still waits; try again.`;
}

/** For a button of a notification that outlived its question: the editor cannot take one back. */
export function nothingWaits(id: string): string {
  return `That call no longer waits: it was answered elsewhere, or its time was up. [${id}]`;
}

export function couldNot(what: string, cause: unknown): string {
  return `Countersign could not ${withoutLinks(what)}: ${textOf(cause)}.`;
}

export function noFolder(): string {
  return 'Open a folder first: a folder’s policy lies in its .countersign directory.';
}

/** An error may repeat what an agent wrote, a path for example. */
export function textOf(cause: unknown): string {
  return withoutLinks((cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, ''));
}

/** Text that an agent may have chosen a part of, made visible, and no link: a notification would make one of `[label](address)`. */
export function withoutLinks(text: string): string {
  return visibleText(text).replaceAll('](', '] (');
}
