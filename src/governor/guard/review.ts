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
  const parts = Map.groupBy(found, ({ leaf }) => leaf);
  const { hashOf } = office.guards;
  const asked = reviews.flatMap((watch) => {
    const about = reviewedLeaves(leaves).filter((leaf) => !watch.allows(leaf.text, hashOf));
    return about.length === 0 ? [] : [{ watch, about, text: textOfLeaves(about, parts) }];
  });
  if (asked.length === 0) return noReview;
  const answers = await Promise.all(
    asked.map(async (one) => ({ ...one, answer: await office.reviews.review(one.watch.detection.review, one.text) })),
  );
  return {
    hits: answers.flatMap((one) => hitsOf(one, place, hashOf)),
    detail: { reviews: answers.map(({ watch, answer, text }) => told(watch, answer, text.length)) },
  };
}

interface Answered {
  readonly watch: ReviewWatch;
  readonly about: readonly ReviewedLeaf[];
  readonly answer: Reviewed;
}

function hitsOf({ watch, about, answer }: Answered, place: GuardedPlace, hashOf: (text: string) => string): readonly Hit[] {
  const { outcome, why } = answer;
  if (outcome === 'clear') return [];
  const { name, action: ifYes, review } = watch.detection;
  const action = outcome === 'match' ? ifYes : review.onError;
  const kind = outcome === 'match' ? `review/${name}` : `review-failed/${name}`;
  const hit = { watch, kind, action, ...(why === undefined ? {} : { why }) };
  // A person who is asked has to see the call, and what could not be reviewed is not known to be bad.
  if (place === 'input' && (outcome === 'failed' || action !== 'deny'))
    return [{ ...hit, leaf: -1, path: '$', start: 0, end: 0, hash: '' }];
  return about.map(({ path, text, index }) => ({ ...hit, leaf: index, path, start: 0, end: text.length, hash: hashOf(text) }));
}

function told({ document, detection }: ReviewWatch, { outcome, ...more }: Reviewed, characters: number): JsonObject {
  return { rule: `${document.name}/${detection.name}`, outcome, ...more, characters };
}
