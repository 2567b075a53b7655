import { html, nothing, type TemplateResult } from 'lit';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import { agentText, row } from '../text.ts';
import type { Events } from './view.ts';

/** What guardrails found in the call, its result or the prompt: never the value. */
export function guardFindings(
  { findings: found, moreFindings: more }: JsonObject,
  on: Pick<Events, 'act'>,
): TemplateResult | typeof nothing {
  const lines = isList(found) ? found.flatMap(lineOf) : [];
  if (lines.length === 0) return nothing;
  return html`<h3>Found by guardrails</h3>
    <dl class="findings">
      ${lines.map((line) => row(agentText(line.place), html`${agentText(line.text)} ${line.isFind ? falsePositive(line, on) : nothing}`))}
      ${typeof more === 'number' ? row('And', `${more.toLocaleString('en')} more`) : nothing}
    </dl>`;
}

function falsePositive({ index, kind, place }: Line, on: Pick<Events, 'act'>): TemplateResult {
  return html`<button
    class="link"
    data-action="false-positive"
    aria-label="This is a false positive: ${kind} in ${place}"
    title="Let a guardrail allow it from now on"
    @click=${() => on.act('false-positive', index)}
  >
    False positive…
  </button>`;
}

/** What models were asked about it, and what they said. */
export function guardReviews({ reviews }: JsonObject): TemplateResult | typeof nothing {
  const lines = isList(reviews) ? reviews.filter(isObject) : [];
  if (lines.length === 0) return nothing;
  return html`<h3>Reviewed by a model</h3>
    <dl>${lines.map((one) => row(agentText(textOf(one['rule'])), agentText(reviewText(one))))}</dl>`;
}

const said: Readonly<Record<string, string>> = { match: 'yes', clear: 'no', failed: 'no answer' };

function reviewText({ outcome, why, model, durationMs, cached, characters }: JsonObject): string {
  const when = cached === true ? 'asked before' : `${textOf(durationMs)} ms`;
  const size = `${textOf(characters)} characters`;
  const answer = `${said[textOf(outcome)] ?? textOf(outcome)}${why === undefined ? '' : `: ${textOf(why)}`}`;
  return model === undefined ? answer : `${answer} (${textOf(model)}, ${size}, ${when})`;
}

const did: Readonly<Record<string, string>> = {
  redact: 'taken out',
  withhold: 'its text withheld',
  ask: 'a person was asked',
  refuse: 'refused',
};

interface Line {
  /** Its place in the entry's list. */
  readonly index: number;
  readonly kind: string;
  readonly place: string;
  readonly text: string;
  /** Not what nobody looked through, nor what a model said of all of it. */
  readonly isFind: boolean;
}

function lineOf(one: JsonValue, index: number): readonly Line[] {
  if (!isObject(one)) return [];
  const { kind, place, start, end, rule, effect, hash } = one;
  const where = `${textOf(place)}, ${textOf(start)}–${textOf(end)}`;
  const text = `${textOf(kind)}: ${did[textOf(effect)] ?? 'recorded only'} (${textOf(rule)})`;
  return [{ index, kind: textOf(kind), place: where, text, isFind: textOf(hash) !== '' && !/^review(-failed)?\//.test(textOf(kind)) }];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
