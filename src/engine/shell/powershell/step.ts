import { plainInvocation, type FileUse, type Invocation, type Span, type Word } from '../analysis.ts';
import type { Gathering, Place } from './gathering.ts';

/** One command that is being looked at. */
export interface Step {
  readonly gathering: Gathering;
  readonly place: Place;
  readonly text: string;
  /** In the call's own text; nothing for what was found deeper. */
  readonly span: { readonly span?: Span };
  /** Where its output is redirected to. */
  readonly files: readonly FileUse[];
  /** What comes through the pipe; `undefined`: it stands first. */
  readonly piped: readonly Word[] | undefined;
  /** Gathers what another text runs. */
  readonly runText: (text: string, place: Place) => void;
}

export function added(step: Step, found: Partial<Invocation> & Pick<Invocation, 'args'>): void {
  const { wrappers, fromFile, privileged, disguised } = step.place;
  step.gathering.add({
    ...plainInvocation,
    text: step.text,
    wrappers,
    fromFile,
    privileged,
    disguised,
    files: step.files,
    ...step.span,
    ...found,
  });
}

export function unknown(step: Step, reason: string): void {
  step.gathering.unknown(reason, step.text, step.place, step.span.span);
}

/** What a program runs stands behind it, and has no redirection of its own. */
export function behind(step: Step, program: string, more: Partial<Place> = {}): Step {
  const { place } = step;
  return {
    ...step,
    files: [],
    piped: undefined,
    place: { ...place, wrappers: [...place.wrappers, program], depth: place.depth + 1, ...more },
  };
}

export function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:|\\\\)/.test(path);
}
