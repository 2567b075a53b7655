import { html, nothing, type TemplateResult } from 'lit';
import type { JsonObject, JsonValue } from '../../engine/json.ts';
import { agentText, row } from '../text.ts';

/** What guardrails found in the call, its result or the prompt: never the value. */
export function guardFindings({ findings: found, moreFindings: more }: JsonObject): TemplateResult | typeof nothing {
  const lines = isList(found) ? found.flatMap(lineOf) : [];
  if (lines.length === 0) return nothing;
  return html`<h3>Found by guardrails</h3>
    <dl>
      ${lines.map(({ place, text }) => row(agentText(place), agentText(text)))}
      ${typeof more === 'number' ? row('And', `${more.toLocaleString('en')} more`) : nothing}
    </dl>`;
}

/** What models were asked about it, and what they said. */
export function guardReviews({ reviews }: JsonObject): TemplateResult | typeof nothing {
  const lines = isList(reviews) ? reviews.filter(isObject) : [];
  if (lines.length === 0) return nothing;
  return html`<h3>Reviewed by a model</h3>
    <dl>${lines.map((one) => row(agentText(textOf(one['rule'])), agentText(reviewText(one))))}</dl>`;
}

const said: Readonly<Record<string, string>> = { match: 'yes', clear: 'no', failed: 'no answer' };

function reviewText({ outcome, why, model, durationMs, cached }: JsonObject): string {
  const when = cached === true ? 'asked before' : `${textOf(durationMs)} ms`;
  const answer = `${said[textOf(outcome)] ?? textOf(outcome)}${why === undefined ? '' : `: ${textOf(why)}`}`;
  return model === undefined ? answer : `${answer} (${textOf(model)}, ${when})`;
}

const did: Readonly<Record<string, string>> = {
  redact: 'taken out',
  withhold: 'its text withheld',
  ask: 'a person was asked',
  refuse: 'refused',
};

function lineOf(one: JsonValue): readonly { readonly place: string; readonly text: string }[] {
  if (!isObject(one)) return [];
  const { kind, place, start, end, rule, effect } = one;
  const where = `${textOf(place)}, ${textOf(start)}–${textOf(end)}`;
  return [{ place: where, text: `${textOf(kind)}: ${did[textOf(effect)] ?? 'recorded only'} (${textOf(rule)})` }];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
