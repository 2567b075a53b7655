import type { Span } from './part.ts';

/** A change that takes a problem away. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
  readonly isPreferred: boolean;
}
