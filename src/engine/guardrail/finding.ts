export type DetectorName = 'secret' | 'pii' | 'prompt-injection' | 'exfiltration';

/** Something that was found in a text: what it is and which characters. Never the value itself. */
export interface TextFinding {
  readonly detector: DetectorName;
  /** One of `kinds` of that detector: `github-token`, `credit-card` … */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** `likely` rests on a name beside it or on how random it looks: enough to redact, never to deny. */
  readonly confidence: 'sure' | 'likely';
}

export interface Part {
  readonly start: number;
  readonly end: number;
}

export interface DetectOptions {
  /** Hosts that data may be sent to: `example.com` is itself and what lies below it. */
  readonly allowedHosts?: readonly string[];
  /** Secrets also in forms that are shorter or longer than those in use: where to take too much for one is safer. */
  readonly loose?: boolean;
  /** `loose`, and also what documentation shows as examples of a secret's form. */
  readonly examples?: boolean;
}

/** `findIn` for one detector, of a text that is not too long. Findings may overlap. */
export type Detector = (text: string, options: DetectOptions) => Looked;

/** What was found, and how far into the text somebody looked: a hostile one may take more work than a detector may do. */
export interface Looked {
  readonly findings: readonly TextFinding[];
  readonly until: number;
}
