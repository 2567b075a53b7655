import type { Decision, RuleRef } from '../engine/decision.ts';
import { redact } from '../engine/guardrail/redact.ts';
import type { JsonObject } from '../engine/json.ts';
import type { ToolCall } from '../engine/tool-call.ts';

/** What is stored and shown of a call and of the rules that spoke about it. */
export function keptOf(call: ToolCall, decision: Decision): { readonly arguments: JsonObject; readonly rules: readonly RuleRef[] } {
  const kept = redact(decision.shown ?? call.arguments, decision.redact);
  // Offsets into a text that was masked or cut would point at something else.
  const fits = call.command === undefined || Object.values(kept).includes(call.command);
  return { arguments: kept, rules: fits ? decision.rules : decision.rules.map(withoutParts) };
}

function withoutParts(rule: RuleRef): RuleRef {
  const { parts: _, ...rest } = rule;
  return rest;
}
