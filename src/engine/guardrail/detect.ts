import { findExfiltration } from './exfiltration/find.ts';
import { findInjection } from './injection/find.ts';
import { findPersonal } from './personal/find.ts';
import { findSecrets } from './secrets/find.ts';

import type { DetectOptions, Detector, DetectorName, Part, TextFinding } from './finding.ts';

export interface Found {
  /** Sorted by place. Those of `secret` and `pii` never overlap; the other two may overlap with them, and with each other. */
  readonly findings: readonly TextFinding[];
  /** The part of the text that nobody looked at, because it is longer than can be looked at in time. */
  readonly notScanned?: Part;
}

/** At this length a text of any shape is looked through in less than 200 ms. */
export const longestScan = 1_000_000;

/** What the detectors find in a text. Pure; the time it takes grows with the text's length only, whatever stands there. */
export function findIn(text: string, wanted: readonly DetectorName[], options: DetectOptions = {}): Found {
  const seen = text.length <= longestScan ? text : text.slice(0, placeToCut(text));
  const looked = wanted.map((name) => detectors[name](seen, options));
  const start = Math.min(seen.length, ...looked.map(({ until }) => until));
  return {
    findings: withoutOverlaps(looked.flatMap(({ findings }) => findings)),
    ...(start < text.length && { notScanned: { start, end: text.length } }),
  };
}

/**
 * All that the detectors find, however long the text is: where one look ended, the next begins. It takes as long as it takes
 * (linear in the length): for what has to be complete, such as hiding, and not for an answer that somebody waits for.
 */
export function findAll(text: string, wanted: readonly DetectorName[], options: DetectOptions = {}): readonly TextFinding[] {
  const found: TextFinding[] = [];
  for (let from = 0; ;) {
    const { findings, notScanned } = findIn(from === 0 ? text : text.slice(from), wanted, options);
    found.push(...findings.map((one) => ({ ...one, start: one.start + from, end: one.end + from })));
    if (notScanned === undefined) return withoutOverlaps(found);
    from += Math.max(notScanned.start - overlap, Math.ceil(notScanned.start / 2), 1);
  }
}

/** How much of the piece before is looked at again: what began there must not be cut in two. */
const overlap = 4_096;

const detectors: Readonly<Record<DetectorName, Detector>> = {
  secret: findSecrets,
  pii: findPersonal,
  'prompt-injection': findInjection,
  exfiltration: findExfiltration,
};

/** Which of two that overlap is kept: what is sure, then secrets, then the longer one. */
function withoutOverlaps(findings: readonly TextFinding[]): readonly TextFinding[] {
  const kept: TextFinding[] = [];
  const last: Partial<Record<'redacted' | DetectorName, TextFinding>> = {};
  for (const finding of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const lane = finding.detector === 'secret' || finding.detector === 'pii' ? 'redacted' : finding.detector;
    const before = last[lane];
    if (before !== undefined && finding.start < before.end) {
      if (!outweighs(finding, before)) continue;
      kept.splice(kept.lastIndexOf(before), 1);
    }
    last[lane] = finding;
    kept.push(finding);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}

function outweighs(a: TextFinding, b: TextFinding): boolean {
  if (a.confidence !== b.confidence) return a.confidence === 'sure';
  if (a.detector !== b.detector) return a.detector === 'secret';
  return a.end - a.start > b.end - b.start;
}

/** How far back from the limit to look for a place to cut that does not run through a token. */
const slack = 4096;

function placeToCut(text: string): number {
  for (let end = longestScan; end > longestScan - slack; end -= 1) {
    if (/\s/.test(text[end] ?? '')) return end;
  }
  return longestScan;
}
