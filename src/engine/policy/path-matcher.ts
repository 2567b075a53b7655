import { mayMatch } from './path-index.ts';
import { matchesPath, type PathCandidate, type PathPatterns } from './path-pattern.ts';
import type { Subject } from './subject.ts';

type PathTest = (subject: Subject, reads: readonly PathPatterns[], writes: readonly PathPatterns[]) => boolean;

/** Rules that tighten match when one path may be meant. */
export const somePath: PathTest = (subject, reads, writes) => {
  const some = (patterns: readonly PathPatterns[], candidates: readonly PathCandidate[]): boolean =>
    patterns.some(
      (one) => mayMatch(one, candidates) && candidates.some((candidate) => matchesPath(one, candidate, subject.variables, 'possible')),
    );
  return (reads.length > 0 && some(reads, subject.touched.read)) || (writes.length > 0 && some(writes, subject.touched.write));
};

/** Rules that loosen match when every path that the call touches is surely meant, of the kinds that the rule names. */
export const everyPath: PathTest = (subject, reads, writes) => {
  if (subject.analysis.dynamic) return false;
  const every = (patterns: readonly PathPatterns[], candidates: readonly PathCandidate[]): boolean =>
    candidates.every((candidate) => patterns.some((one) => matchesPath(one, candidate, subject.variables, 'certain')));
  const touched = (reads.length > 0 ? subject.touched.read.length : 0) + (writes.length > 0 ? subject.touched.write.length : 0);
  return touched > 0 && every(reads, subject.touched.read) && every(writes, subject.touched.write);
};
