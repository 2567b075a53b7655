import { outlookOf, type Outlook } from '../../engine/policy/outlook.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { gather } from '../enrich.ts';
import type { Office } from '../office.ts';
import { someSession } from '../own-server/judge.ts';
import { keyOf } from '../sessions.ts';

/** What policies say of a tool before it is called, to whom. */
export interface OutlookView {
  readonly calls: Outlook['calls'];
  readonly agents: readonly string[];
  /** `policy/rule` of each that says so. */
  readonly rules: readonly string[];
}

const order = ['denied', 'asked', 'may be asked'] as const satisfies readonly Outlook['calls'][];

/**
 * The strictest first, each with the agents of whose calls it is said. `calls`: the same call without its arguments, by everyone who uses
 * the tool, in every folder. What an agent is shown of a server goes by the same.
 */
export function outlooksOf(office: Office, calls: readonly ToolCall[]): readonly OutlookView[] {
  const { ports } = office;
  const said = calls.map((call) => ({
    agent: call.agent.name,
    outlook: remembered(office, ports.policies.inForce(call.cwd), call),
  }));
  const strictestFor = (agent: string): Outlook['calls'] | undefined =>
    order.find((one) => said.some(({ agent: other, outlook }) => other === agent && outlook?.calls === one));
  return order.flatMap((one): readonly OutlookView[] => {
    const agents = [...new Set(said.map(({ agent }) => agent))].filter((agent) => strictestFor(agent) === one);
    const rules = said.flatMap(({ agent, outlook }) => (agents.includes(agent) && outlook?.calls === one ? outlook.rules : []));
    return agents.length === 0 ? [] : [{ calls: one, agents, rules: [...new Set(rules.map(({ policy, rule }) => `${policy}/${rule}`))] }];
  });
}

interface Remembered {
  readonly outlook: Outlook | undefined;
  readonly at: number;
}

/** People look at the same tools again with every call that is made, and calls must not wait for that. */
const known = new WeakMap<PolicySet, Map<string, Remembered>>();
/** Exemptions end. */
const rememberedMs = 60_000;

function remembered(office: Office, set: PolicySet, call: ToolCall): Outlook | undefined {
  const { ports } = office;
  const now = ports.clock.now();
  const ofSet = known.get(set) ?? new Map<string, Remembered>();
  known.set(set, ofSet);
  const key = keyOf(call.agent.name, call.mcpServer ?? '', call.tool);
  const found = ofSet.get(key);
  if (found !== undefined && Math.abs(now - found.at) < rememberedMs) return found.outlook;
  const outlook = outlookOf(set, gather(ports, call, someSession(office, call)).request);
  ofSet.set(key, { outlook, at: now });
  return outlook;
}
