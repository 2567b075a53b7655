import type { Exemption, Layer, Mode } from '../../decision.ts';
import { exemptionsAt } from '../../policy/judge.ts';
import { modeOf, type PolicyFile, type PolicySet } from '../../policy/policy-set.ts';
import type { ToolCall } from '../../tool-call.ts';
import type { Allows, Detection, FindingDetection, GuardedPlace, GuardrailDocument, ReviewDetection } from './document.ts';

/** A text that is looked through: what it is, and whose. */
export interface Guarded {
  readonly place: GuardedPlace;
  readonly who: Pick<ToolCall, 'agent' | 'subagent'>;
  /** All names of the tool; a prompt has none. */
  readonly tools: readonly string[];
  readonly time: Date;
}

/** One thing that is looked for, and who said so. */
export interface Watch<D extends Detection = Detection> {
  readonly file: PolicyFile;
  readonly document: GuardrailDocument;
  readonly detection: D;
  readonly exemption?: Exemption;
  /** Whether what was found is known to be none. */
  readonly allows: Allows;
}

/** Whether anything is looked for at all: most people have no guardrail. */
export function hasGuardrails({ files }: PolicySet): boolean {
  return files.some(({ guardrails }) => guardrails.length > 0);
}

/** Whether any text is to be shown to a model. */
export function hasReviews({ files }: PolicySet): boolean {
  return files.some(({ guardrails }) => guardrails.some(({ detections }) => detections.some((one) => 'review' in one)));
}

export function isFinding(watch: Watch): watch is Watch<FindingDetection> {
  return !('review' in watch.detection);
}

export function isReview(watch: Watch): watch is Watch<ReviewDetection> {
  return 'review' in watch.detection;
}

/** Everything that is looked for there. */
export function watchesOver({ files }: PolicySet, guarded: Guarded): readonly Watch[] {
  const concerned = files.flatMap((file) =>
    file.guardrails.filter((document) => isAbout(document, guarded)).map((document): Standing => ({ file, document })),
  );
  if (concerned.length === 0) return [];
  const exempt = exemptionsAt(files, guarded);
  return concerned.flatMap(({ file, document }) => {
    const allowing = concerned.filter((other) => mayAllow(other, { file, document }));
    const allows: Allows = (found, fingerprint) => allowing.some((other) => other.document.allows(found, fingerprint));
    return document.detections.map((detection) => {
      const exemption = exempt(file, document, detection.name);
      return { file, document, detection, allows, ...(exemption === undefined ? {} : { exemption }) };
    });
  });
}

/** Whether it has a say: what only watches and what is exempted is recorded, no more. */
export function isEnforced({ file, document, exemption }: Watch): boolean {
  return modeOf(file, document) === 'enforce' && exemption === undefined;
}

interface Standing {
  readonly file: PolicyFile;
  readonly document: GuardrailDocument;
}

function isAbout({ appliesTo, concerns, tools }: GuardrailDocument, guarded: Guarded): boolean {
  return appliesTo.has(guarded.place) && concerns(guarded.who) && (guarded.place === 'prompt' || guarded.tools.some(tools));
}

const reach: Readonly<Record<Layer, number>> = { organisation: 0, user: 1, workspace: 2, 'built-in': 3 };

function mayAllow(one: Standing, other: Standing): boolean {
  const from = { layer: one.file.layer, mode: modeOf(one.file, one.document) };
  return one.document === other.document || allowReaches(from, other.file.layer);
}

/** As exemptions do, what the organisation and the user allow reaches their own layer and those inside it; else it stays in its document. */
export function allowReaches({ layer, mode }: { readonly layer: Layer; readonly mode: Mode }, other: Layer): boolean {
  return (layer === 'organisation' || layer === 'user') && mode === 'enforce' && reach[layer] <= reach[other];
}
