import type { JsonObject } from '../../engine/json.ts';
import { redactText } from '../../engine/guardrail/redact.ts';
import type { Hit } from '../../engine/guardrail/policy/inspect.ts';
import type { Effect } from '../../engine/guardrail/policy/verdict.ts';

/** More finds in one message are counted, no more. */
const mostKept = 50;

/** What an entry says of finds: kind, place and salted hash, never the value. */
export function findingsDetail(hits: readonly Hit[], effect: (hit: Hit) => Effect): JsonObject {
  if (hits.length === 0) return {};
  const findings = hits.slice(0, mostKept).map((hit): JsonObject => {
    const { watch, kind, path, start, end, action, why } = hit;
    // What could not be reviewed is no find that somebody could allow.
    const hash = why === undefined ? hit.hash : '';
    const rule = `${watch.document.name}/${watch.detection.name}`;
    return { kind, place: redactText(path), start, end, hash, rule, layer: watch.file.layer, action, effect: effect(hit) };
  });
  return { findings, ...(hits.length > mostKept ? { moreFindings: hits.length - mostKept } : {}) };
}
