import type { Answer, HookEvent } from '../../agents/agent.ts';
import { aboutCall } from '../decision-entries.ts';
import { guardOutput } from '../guard/output.ts';
import type { Office } from '../office.ts';
import { settleCall } from '../settle.ts';

type ToolResultEvent = Extract<HookEvent, { readonly kind: 'tool-result' }>;

/** What a server answered. `joined`: a hook tells of the outcome as well, after us, and finds nothing any more of what we took out. */
export async function settleAtGateway(office: Office, event: ToolResultEvent, joined: boolean): Promise<Answer> {
  if (!joined) return settleCall(office, event);
  const { detail, rules, output, stop } = await guardOutput(office, event);
  if (stop !== undefined) return { kind: 'refuse', reason: stop, stop: false };
  if (rules.length > 0) {
    await office.policyRecord.ensure(office.ports.policies.inForce(event.call.cwd).files);
    await office.ledger.write(
      { kind: 'outcome', ...aboutCall(event.call), rules, detail: { status: event.outcome.status, ...detail } },
      'written',
    );
  }
  return { kind: 'pass', ...(output === undefined ? {} : { output }) };
}
