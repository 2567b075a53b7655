import type { GuardedPlace, ReviewDetection } from '../../engine/guardrail/policy/document.ts';
import { inspect, type Hit } from '../../engine/guardrail/policy/inspect.ts';
import { leavesOf } from '../../engine/guardrail/policy/strings.ts';
import { effectOf } from '../../engine/guardrail/policy/verdict.ts';
import { hasReviews, isReview, watchesOver, type Watch } from '../../engine/guardrail/policy/watches.ts';
import { reviewedLeaves, textOfLeaves, type ReviewedLeaf } from '../../engine/guardrail/review/text.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import { toolNamesOf } from '../../engine/policy/subject.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { Office } from '../office.ts';
import type { Reviewed } from '../review/desk.ts';
import type { Who } from './look.ts';

/** What models say of a text: like finds of detectors, and who said it in what time. */
export interface Review {
  readonly hits: readonly Hit[];
  readonly detail: JsonObject;
}

export const noReview: Review = { hits: [], detail: {} };

type ReviewWatch = Watch<ReviewDetection>;

/** Has a text reviewed where a guardrail wants that, without what detectors find in it. Where none does, nothing is waited for. */
export async function reviewOn(office: Office, set: PolicySet, place: GuardedPlace, who: Who, value: JsonValue): Promise<Review> {
  if (!hasReviews(set)) return noReview;
  const watches = watchesOver(set, { place, who, tools: toolNamesOf(who), time: new Date(office.ports.clock.now()) });
  const reviews = watches.filter(isReview);
  if (reviews.length === 0) return noReview;
  const leaves = leavesOf(value);
  const found = inspect(watches, leaves, office.guards.hashOf);
  // What does not pass anyway need not be shown to anybody.
  if (found.some((hit) => effectOf(hit, place, true) === 'refuse')) return noReview;
  const reviewed = reviewedLeaves(leaves);
  if (reviewed.length === 0) return noReview;
  const text = textOfLeaves(
    reviewed,
    Map.groupBy(found, ({ leaf }) => leaf),
  );
  const answers = await Promise.all(
    reviews.map(async (watch) => ({ watch, answer: await office.reviews.review(watch.detection.review, text) })),
  );
  return {
    hits: answers.flatMap(({ watch, answer }) => hitsOf(watch, answer, place, reviewed, office.guards.hashOf)),
    detail: { reviews: answers.map(({ watch, answer }) => told(watch, answer, text.length)) },
  };
}

function hitsOf(
  watch: ReviewWatch,
  { outcome, why }: Reviewed,
  place: GuardedPlace,
  leaves: readonly ReviewedLeaf[],
  hashOf: (text: string) => string,
): readonly Hit[] {
  if (outcome === 'clear') return [];
  const { name, action: ifYes, review } = watch.detection;
  const action = outcome === 'match' ? ifYes : review.onError;
  const kind = outcome === 'match' ? `review/${name}` : `review-failed/${name}`;
  const about = { watch, kind, action, ...(why === undefined ? {} : { why }) };
  // A person who is asked has to see the call, and what could not be reviewed is not known to be bad.
  const isWhole = place === 'prompt' || (place === 'input' && (outcome === 'failed' || action !== 'deny'));
  if (isWhole) return [{ ...about, leaf: -1, path: '$', start: 0, end: 0, hash: '' }];
  return leaves.map(({ path, text, index }) => ({ ...about, leaf: index, path, start: 0, end: text.length, hash: hashOf(text.trim()) }));
}

function told({ document, detection }: ReviewWatch, { outcome, ...more }: Reviewed, characters: number): JsonObject {
  return { rule: `${document.name}/${detection.name}`, outcome, ...more, characters };
}
