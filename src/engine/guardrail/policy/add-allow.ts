import { isMap, isNode, isSeq, parseAllDocuments, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Inserted } from '../../policy/add-pack.ts';
import { lineAfter } from '../../policy/rule-place.ts';

/** Something that was found and is none, without its text. */
export interface AllowedFingerprint {
  readonly fingerprint: string;
  readonly reason: string;
}

/**
 * Adds it to what the guardrail of that name allows; all that stood there stands there still, to the letter. `note` becomes a comment
 * where there is a line for it. `undefined` where the guardrail is not in there, or is written in a way that cannot be added to.
 */
export function addAllow(source: string, policy: string, allowed: AllowedFingerprint, note: string): Inserted | undefined {
  for (const document of parseAllDocuments(source, { schema: 'core', prettyErrors: false })) {
    const isIt = document.getIn(['kind']) === 'GuardrailPolicy' && document.getIn(['metadata', 'name']) === policy;
    const spec = document.getIn(['spec'], true);
    if (document.errors.length > 0 || !isIt || !isMap(spec)) continue;
    const allow = spec.get('allow', true);
    return isSeq(allow) ? beside(source, allow, allowed, note) : allow === undefined ? inSpec(source, spec, allowed, note) : undefined;
  }
  return undefined;
}

/** The same in a guardrail of its own, which looks for nothing, at the end of the file. */
export function addAllowing(source: string, policy: string, allowed: AllowedFingerprint, note: string): Inserted {
  const separator = source.trim() === '' ? '' : `${source.endsWith('\n') ? '' : '\n'}---\n`;
  const head = `apiVersion: countersign.dev/v1\nkind: GuardrailPolicy\nmetadata:\n  name: ${policy}\nspec:\n  allow:\n`;
  return put(source, source.length, `${separator}${head}${lines('    ', allowed, note)}`, separator.length);
}

function beside(source: string, allow: YAMLSeq, allowed: AllowedFingerprint, note: string): Inserted | undefined {
  if (allow.flow !== true) {
    const place = lineAfter(source, allow);
    return place && put(source, place.offset, place.before + lines(place.indent, allowed, note), place.before.length);
  }
  const last = allow.items.at(-1);
  const end = isNode(last) ? last.range?.[1] : allow.range?.[0];
  if (end === undefined) return undefined;
  return last === undefined ? put(source, end + 1, inFlow(allowed)) : put(source, end, `, ${inFlow(allowed)}`);
}

function inSpec(source: string, spec: YAMLMap, allowed: AllowedFingerprint, note: string): Inserted | undefined {
  if (spec.flow !== true) {
    const place = lineAfter(source, spec);
    const text = place && `${place.indent}allow:\n${lines(`${place.indent}  `, allowed, note)}`;
    return place && put(source, place.offset, `${place.before}${text}`, place.before.length);
  }
  const last = spec.items.at(-1)?.value;
  const end = isNode(last) ? last.range?.[1] : undefined;
  return end === undefined ? undefined : put(source, end, `, allow: [${inFlow(allowed)}]`);
}

function lines(indent: string, allowed: AllowedFingerprint, note: string): string {
  return `${indent}# ${note.replaceAll(/\s+/g, ' ')}\n${indent}- ${inFlow(allowed)}\n`;
}

/** YAML takes some of these digits for a number, unless they are quoted. */
function inFlow({ fingerprint, reason }: AllowedFingerprint): string {
  const written = stringify(reason, { lineWidth: 0, schema: 'core', defaultStringType: 'QUOTE_DOUBLE' }).trimEnd();
  return `{fingerprint: "${fingerprint}", reason: ${written}}`;
}

function put(source: string, offset: number, inserted: string, skipped = 0): Inserted {
  const all = source.slice(0, offset) + inserted + source.slice(offset);
  return { source: all, inserted, offset, line: all.slice(0, offset + skipped).split('\n').length };
}
