import type { RuleRef } from '../../engine/decision.ts';
import { outlookOf } from '../../engine/policy/outlook.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Origin } from '../../agents/agent.ts';
import { gather } from '../enrich.ts';
import { originFields } from '../ledger.ts';
import type { Office } from '../office.ts';
import { keyOf } from '../sessions.ts';

interface Hidden {
  readonly tool: string;
  readonly rules: readonly RuleRef[];
}

/** What an agent is not shown of a server: of these calls, without their arguments, those that no arguments would get through. */
export async function hideFromAgent(
  office: Office,
  origin: Origin,
  server: string,
  calls: readonly ToolCall[],
): Promise<readonly string[]> {
  const { ports, sessions } = office;
  const set = ports.policies.inForce(origin.cwd);
  const session = sessions.heard(origin);
  const hidden = calls
    .map((call) => ({ tool: call.tool, outlook: outlookOf(set, gather(ports, call, session).request) }))
    .flatMap(({ tool, outlook }): readonly Hidden[] => (outlook?.calls === 'denied' ? [{ tool, rules: outlook.rules }] : []));
  await record(office, origin, server, hidden);
  return hidden.map(({ tool }) => tool);
}

/** Once for each session, server and what is hidden: agents ask for the same list again and again. */
async function record(office: Office, origin: Origin, server: string, hidden: readonly Hidden[]): Promise<void> {
  const { ports, ledger, policyRecord } = office;
  if (hidden.length === 0) return;
  const tools = hidden.map(({ tool }) => tool);
  const rules = [...new Map(hidden.flatMap((one) => one.rules).map((rule) => [keyOf(rule.policy, rule.rule, rule.digest), rule])).values()];
  const key = keyOf('hidden', origin.agent.name, origin.session.id, server);
  const text = JSON.stringify([tools.toSorted(), rules.map(({ digest }) => digest).toSorted()]);
  if (ports.state.budgets.note(key)?.text === text) return;
  await policyRecord.ensure(ports.policies.inForce(origin.cwd).files);
  const reason = `Of MCP server ${server}, ${tools.length === 1 ? '1 tool is' : `${tools.length} tools are`} not shown to ${origin.agent.name}: policies deny every call of ${tools.length === 1 ? 'it' : 'them'}.`;
  await ledger.write(
    { kind: 'config-change', ...originFields(origin), mcpServer: server, reason, rules, detail: { event: 'mcp-hidden', tools } },
    'written',
  );
  ports.state.budgets.saveNote(key, { value: tools.length, text, at: ports.clock.now() }, 'in passing');
}
