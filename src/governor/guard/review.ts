import type { GuardedPlace, ReviewDetection } from '../../engine/guardrail/policy/document.ts';
import { inspect, type Hit } from '../../engine/guardrail/policy/inspect.ts';
import { leavesOf } from '../../engine/guardrail/policy/strings.ts';
import { effectOf } from '../../engine/guardrail/policy/verdict.ts';
import { hasReviews, isReview, watchesOver, type Watch } from '../../engine/guardrail/policy/watches.ts';
import { reviewedLeaves, textOfLeaves, type ReviewedLeaf } from '../../engine/guardrail/review/text.ts';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import { toolNamesOf } from '../../engine/policy/subject.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
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

/** A text that a guardrail wants reviewed, without what detectors find in it. */
interface Question {
  readonly watch: ReviewWatch;
  readonly about: readonly ReviewedLeaf[];
  readonly text: string;
}

/** A review whose answer nobody knows before the call is made. */
export interface OpenReview {
  readonly watch: ReviewWatch;
  /** What the log calls the model that would be asked. */
  readonly model: string;
}

/** Has a text reviewed where a guardrail wants that. Where none does, nothing is waited for. */
export async function reviewOn(office: Office, set: PolicySet, place: GuardedPlace, who: Who, value: JsonValue): Promise<Review> {
  const asked = questionsOn(office, set, place, who, value);
  if (asked.length === 0) return noReview;
  const answers = await Promise.all(
    asked.map(async (one) => ({ ...one, answer: await office.reviews.review(one.watch.detection.review, one.text) })),
  );
  return {
    hits: answers.flatMap((one) => hitsOf(one, place, office.guards.hashOf)),
    detail: { reviews: answers.map(({ watch, answer, text }) => told(watch, answer, text.length)) },
  };
}

/** What reviews would say of a call that was not made, as far as that is known without asking: no model is shown anything. */
export function foreseeReviews(
  office: Office,
  set: PolicySet,
  call: ToolCall,
): { readonly review: Review; readonly open: readonly OpenReview[] } {
  const asked = questionsOn(office, set, 'input', call, call.arguments);
  const found = asked.map((one) => ({ ...one, answer: office.reviews.foresee(one.watch.detection.review, one.text) }));
  const hits = found.flatMap(({ answer, ...one }) =>
    'outcome' in answer ? hitsOf({ ...one, answer }, 'input', office.guards.hashOf) : [],
  );
  return {
    review: hits.length === 0 ? noReview : { hits, detail: {} },
    open: found.flatMap(({ watch, answer }) => ('outcome' in answer ? [] : [{ watch, model: answer.model }])),
  };
}

function questionsOn(office: Office, set: PolicySet, place: GuardedPlace, who: Who, value: JsonValue): readonly Question[] {
  if (!hasReviews(set)) return [];
  const watches = watchesOver(set, { place, who, tools: toolNamesOf(who), time: new Date(office.ports.clock.now()) });
  const reviews = watches.filter(isReview);
  if (reviews.length === 0) return [];
  const leaves = leavesOf(value);
  const found = inspect(watches, leaves, office.guards.hashOf);
  // What does not pass anyway need not be shown to anybody.
  if (found.some((hit) => effectOf(hit, place, true) === 'refuse')) return [];
  const parts = Map.groupBy(found, ({ leaf }) => leaf);
  const { hashOf } = office.guards;
  return reviews.flatMap((watch) => {
    const about = reviewedLeaves(leaves).filter((leaf) => !watch.allows(leaf.text, hashOf));
    return about.length === 0 ? [] : [{ watch, about, text: textOfLeaves(about, parts) }];
  });
}

interface Answered extends Omit<Question, 'text'> {
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
