import * as z from 'zod/mini';
import type { AuditEntry } from '../../audit/entry.ts';
import type { Layer } from '../../decision.ts';
import type { Inserted } from '../../policy/add-pack.ts';
import { parsePolicyFile } from '../../policy/parse-file.ts';
import type { PolicyFile } from '../../policy/policy-set.ts';
import { toolNamesOf } from '../../policy/subject.ts';
import { addAllow, addAllowing } from './add-allow.ts';
import type { GuardedPlace, GuardrailDocument } from './document.ts';
import { allowReaches } from './watches.ts';

/** Something that a guardrail found, as the log tells of it: everything but the value. */
export interface LoggedFinding {
  readonly kind: string;
  /** A JSONPath. */
  readonly place: string;
  readonly hash: string;
  /** The guardrail that found it, and the layer that it was in. */
  readonly policy: string;
  readonly layer: Layer;
}

const layers = ['organisation', 'user', 'workspace', 'built-in'] as const;
const finding = z.object({
  kind: z.string(),
  place: z.string(),
  hash: z.string(),
  rule: z.string(),
  layer: z.optional(z.enum(layers)),
});

/** What a person's own guardrail is called that looks for nothing, and only allows. */
export const ownAllowing = 'false-positives';

/** One of the finds of an entry, counted from 0. Throws where that is none of which can be said that it is no find. */
export function findingOf(entry: AuditEntry, index: number): LoggedFinding {
  const all = z.array(z.unknown()).safeParse(entry.detail?.['findings']).data ?? [];
  const found = finding.safeParse(all[index]).data;
  if (found === undefined) throw new Error(`this entry has no finding ${index + 1}`);
  if (!isAllowable(found)) throw new Error('this is text that nobody looked through, or what a model said: no text that could be allowed');
  const [policy = ''] = found.rule.split('/');
  const named = [...(entry.rules ?? []), ...(entry.observed ?? [])].find((rule) => rule.policy === policy);
  return { kind: found.kind, place: found.place, hash: found.hash, policy, layer: found.layer ?? named?.layer ?? 'built-in' };
}

/** Whether it is a text that was found: not what nobody looked through, nor what a model said of all of it. */
function isAllowable({ hash, kind }: z.infer<typeof finding>): boolean {
  return hash !== '' && !/^review(-failed)?\//.test(kind);
}

/** Why no file of the person or their repository can say that it is no find. */
export function whyNobodyMay({ policy, layer }: LoggedFinding): string | undefined {
  if (layer !== 'organisation') return undefined;
  return `the guardrail "${policy}" is your organisation’s: only a file of theirs can allow what it finds`;
}

/** Which guardrails of a file would make a difference to that finding by what they allow. */
export function whoMayAllow(file: PolicyFile, entry: AuditEntry, found: LoggedFinding): readonly string[] {
  return file.guardrails
    .filter((one) => {
      const isItself = file.layer === found.layer && one.name === found.policy;
      return isItself || (isAbout(one, entry) && allowReaches({ layer: file.layer, mode: one.mode }, found.layer));
    })
    .map(({ name }) => name);
}

const places: Readonly<Partial<Record<AuditEntry['kind'], GuardedPlace>>> = { prompt: 'prompt', outcome: 'output' };

function isAbout({ appliesTo, concerns, tools }: GuardrailDocument, entry: AuditEntry): boolean {
  const { agent = '', subagent, tool, nativeTool = tool, mcpServer } = entry;
  const who = { agent: { vendor: '', name: agent }, ...(subagent === undefined ? {} : { subagent: { id: subagent } }) };
  const names = toolNamesOf({
    ...(tool === undefined ? {} : { tool, nativeTool: nativeTool ?? tool }),
    ...(mcpServer === undefined ? {} : { mcpServer }),
  });
  return appliesTo.has(places[entry.kind] ?? 'input') && concerns(who) && (names.length === 0 || names.some(tools));
}

/** Where it is to stand. */
export interface AllowTarget {
  readonly file: string;
  readonly layer: Layer;
  /** The guardrail that is to allow it; one of that name is made where there is none. */
  readonly policy: string;
}

/** The policy's text in which that finding is known to be none. Throws where that could not be in force: nobody should have to review it. */
export function withAllowed(
  source: string,
  found: LoggedFinding,
  { file, layer, policy }: AllowTarget,
  { reason, from }: { readonly reason: string; readonly from: string },
): Inserted {
  const read = (text: string): PolicyFile => parsePolicyFile({ path: file, layer, source: text, trusted: false, lazily: true });
  const before = read(source);
  const [problem] = source.trim() === '' ? [] : before.problems;
  if (problem !== undefined) throw new Error(`${file} has a problem that must be mended first: ${problem.message}`);
  const allowed = { fingerprint: found.hash, reason: reason.trim() };
  const note = `From ${from}: ${found.kind}. A fingerprint is known on this machine only.`;
  const isThere = before.guardrails.some(({ name }) => name === policy);
  const added = isThere ? addAllow(source, policy, allowed, note) : addAllowing(source, policy, allowed, note);
  if (added === undefined) throw new Error(`"${policy}" is not written in a way that can be added to; write it into its "allow" by hand`);
  const [wrong] = read(added.source).problems;
  if (wrong !== undefined) throw new Error(`it cannot be added to ${file}: ${wrong.message}`);
  return added;
}
