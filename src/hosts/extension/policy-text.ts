import type { Layer } from '../../engine/decision.ts';

/** A policy or test file as the person sees it: what is not saved yet counts. */
export interface PolicyText {
  readonly path: string;
  readonly layer: Layer;
  readonly source: string;
  /** It was never saved: there is no such file yet. */
  readonly isNew?: true;
}
