import { mayMatch } from './path-index.ts';
import { foldedCandidates, foldedPatterns, foldedVariables } from './path-fold.ts';
import { matchesPath, type PathCandidate, type PathPatterns, type PathVariables } from './path-pattern.ts';
import type { Subject } from './subject.ts';

type PathTest = (subject: Subject, reads: readonly PathPatterns[], writes: readonly PathPatterns[]) => boolean;

/** Rules that tighten match when one path may be meant; where a disk folds case, also in other letters. */
export const somePath: PathTest = (subject, reads, writes) =>
  oneMeant(reads, writes, subject.touched, subject.variables) ||
  (subject.foldsCase &&
    oneMeant(reads.map(foldedPatterns), writes.map(foldedPatterns), foldedTouched(subject), foldedVariables(subject.variables)));

/**
 * Rules that loosen match when every path that the call touches is surely meant, of the kinds that the rule names; where a disk folds
 * case, as it is written and in other letters, so that `!secrets` holds for `Secrets`.
 */
export const everyPath: PathTest = (subject, reads, writes) => {
  if (subject.analysis.dynamic || !allMeant(reads, writes, subject.touched, subject.variables)) return false;
  if (!subject.foldsCase) return true;
  return allMeant(reads.map(foldedPatterns), writes.map(foldedPatterns), foldedTouched(subject), foldedVariables(subject.variables));
};

interface TouchedPaths {
  readonly read: readonly PathCandidate[];
  readonly write: readonly PathCandidate[];
}

function oneMeant(
  reads: readonly PathPatterns[],
  writes: readonly PathPatterns[],
  touched: TouchedPaths,
  variables: PathVariables,
): boolean {
  const some = (patterns: readonly PathPatterns[], candidates: readonly PathCandidate[]): boolean =>
    patterns.some((one) => mayMatch(one, candidates) && candidates.some((candidate) => matchesPath(one, candidate, variables, 'possible')));
  return (reads.length > 0 && some(reads, touched.read)) || (writes.length > 0 && some(writes, touched.write));
}

function allMeant(
  reads: readonly PathPatterns[],
  writes: readonly PathPatterns[],
  touched: TouchedPaths,
  variables: PathVariables,
): boolean {
  const every = (patterns: readonly PathPatterns[], candidates: readonly PathCandidate[]): boolean =>
    candidates.every((candidate) => patterns.some((one) => matchesPath(one, candidate, variables, 'certain')));
  const count = (reads.length > 0 ? touched.read.length : 0) + (writes.length > 0 ? touched.write.length : 0);
  return count > 0 && every(reads, touched.read) && every(writes, touched.write);
}

function foldedTouched({ touched }: Subject): TouchedPaths {
  return { read: foldedCandidates(touched.read), write: foldedCandidates(touched.write) };
}
