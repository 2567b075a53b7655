import type { DetectorName } from './finding.ts';

/** A kind of finding, for schemas, completion, documentation and placeholders. */
export interface Kind {
  readonly detector: DetectorName;
  readonly name: string;
  /** A few words, as in `[redacted: GitHub token]`. */
  readonly label: string;
  /** One sentence. */
  readonly about: string;
}
