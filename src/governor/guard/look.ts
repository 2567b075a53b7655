import type { GuardedPlace } from '../../engine/guardrail/policy/document.ts';
import { inspect, type Hit } from '../../engine/guardrail/policy/inspect.ts';
import { leavesOf } from '../../engine/guardrail/policy/strings.ts';
import { hasGuardrails, watchesOver } from '../../engine/guardrail/policy/watches.ts';
import { effectOf } from '../../engine/guardrail/policy/verdict.ts';
import type { JsonValue } from '../../engine/json.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import { toolNamesOf } from '../../engine/policy/subject.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Office } from '../office.ts';

export type Who = Pick<ToolCall, 'agent' | 'subagent'> & Partial<Pick<ToolCall, 'tool' | 'nativeTool' | 'mcpServer'>>;

/** What guardrails find there. Where none is in force, nobody looks. */
export function look(
  { ports, guards }: Pick<Office, 'ports' | 'guards'>,
  set: PolicySet,
  place: GuardedPlace,
  who: Who,
  value: JsonValue,
): readonly Hit[] {
  if (!hasGuardrails(set)) return [];
  const watches = watchesOver(set, { place, who, tools: toolNamesOf(who), time: new Date(ports.clock.now()) });
  return watches.length === 0 ? [] : inspect(watches, leavesOf(value), guards.hashOf);
}

/** Whether a file's text may stand in the log: not where a guardrail would take something out of it, were it a result of that call. */
export function keepsText(office: Pick<Office, 'ports' | 'guards'>, set: PolicySet, who: Who): (text: string) => boolean {
  return (text) =>
    !(['input', 'output'] as const).some((place) =>
      look(office, set, place, who, text).some((hit) => effectOf(hit, place, true) !== 'none'),
    );
}
