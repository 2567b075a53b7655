import { findIn, longestScan } from '../detect.ts';
import type { DetectorName, Part, TextFinding } from '../finding.ts';
import type { FindingDetection, GuardAction } from './document.ts';
import type { Leaf } from './strings.ts';
import { isFinding, type Watch } from './watches.ts';

/** Something that a guardrail found, without its value. */
export interface Hit extends Part {
  readonly watch: Watch;
  /** Which of the strings. */
  readonly leaf: number;
  readonly path: string;
  /** `secret/github-token`, `regex/customer-id`; `not-scanned`: what nobody looked at. */
  readonly kind: string;
  readonly action: GuardAction;
  /** Salted: the same value has the same. */
  readonly hash: string;
  /** Why a review brought no answer: a sentence. */
  readonly why?: string;
}

/** All strings of one message that are looked at together; the rest counts as not looked at. */
const mostText = 4_000_000;
export const notScanned = 'not-scanned';

/** What is found in the strings of a message. `hashOf` must not tell what it was given. Reviews find nothing by themselves. */
export function inspect(all: readonly Watch[], leaves: readonly Leaf[], hashOf: (found: string) => string): readonly Hit[] {
  const watches = all.filter(isFinding);
  let left = mostText;
  return leaves.flatMap(({ path, text }, leaf) => {
    const isTooMuch = text.length > left;
    left -= Math.min(text.length, longestScan);
    return isTooMuch ? watches.map((watch) => unseen(watch, { path, text, leaf }, 0)) : inspectLeaf(watches, { path, text, leaf }, hashOf);
  });
}

interface Numbered extends Leaf {
  readonly leaf: number;
}

function inspectLeaf(watches: readonly Watch<FindingDetection>[], leaf: Numbered, hashOf: (found: string) => string): readonly Hit[] {
  const look = looker(leaf.text);
  const { path, text } = leaf;
  return watches.flatMap((watch) => {
    const { findings, until } = look(watch.detection);
    const hits = findings
      .filter(({ start, end }) => !watch.allows(text.slice(start, end), hashOf))
      .map(({ start, end, kind, sure }): Hit => {
        const action = sure ? watch.detection.action : atMostRedact(watch.detection.action);
        return { watch, leaf: leaf.leaf, path, kind, start, end, action, hash: hashOf(text.slice(start, end)) };
      });
    return until < text.length ? [...hits, unseen(watch, leaf, until)] : hits;
  });
}

interface Seen {
  readonly findings: readonly (Part & { readonly kind: string; readonly sure: boolean })[];
  readonly until: number;
}

/** Each detector looks once, and by itself: what one finds must not hide what another would. */
function looker(text: string): (detection: FindingDetection) => Seen {
  const known = new Map<DetectorName, ReturnType<typeof findIn>>();
  return (detection) => {
    if ('find' in detection) {
      const { parts, until } = detection.find(text);
      const kind = detection.name === detection.kind ? detection.kind : `${detection.kind}/${detection.name}`;
      return { findings: parts.map((part) => ({ ...part, kind, sure: true })), until };
    }
    const { detector, kinds, hosts } = detection;
    const found =
      hosts === undefined ? (known.get(detector) ?? findIn(text, [detector])) : findIn(text, [detector], { allowedHosts: hosts });
    if (hosts === undefined) known.set(detector, found);
    return {
      findings: found.findings.filter(({ kind }) => kinds?.has(kind) !== false).map(named),
      until: found.notScanned?.start ?? text.length,
    };
  };
}

function named({ detector, kind, start, end, confidence }: TextFinding): Seen['findings'][number] {
  return { start, end, kind: `${detector}/${kind}`, sure: confidence === 'sure' };
}

/** What rests on a name beside it, or on how random it looks, is never reason enough to stop something. */
function atMostRedact(action: GuardAction): GuardAction {
  return action === 'alert' ? 'alert' : 'redact';
}

/** What nobody could look at is treated as what the guardrail looks for. */
function unseen(watch: Watch, { path, text, leaf }: Numbered, start: number): Hit {
  return { watch, leaf, path, kind: notScanned, start, end: text.length, action: watch.detection.action, hash: '' };
}
