import type { Agent, Answer, Expansion, Origin } from '../agents/agent.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import { decideCall } from './decide.ts';
import type { HookContext, Office } from './office.ts';
import type { Ports } from './ports.ts';

/**
 * What the agent would run by itself, or has run, when it makes that file a prompt. `at`: when it did; what was written later says
 * nothing of that. Throws where a file cannot be read.
 */
export function inlineCallsOf(
  ports: Pick<Ports, 'promptFiles'>,
  agent: Agent,
  expansion: Expansion,
  origin: Origin,
  at = Infinity,
): readonly ToolCall[] {
  const { inlineCalls } = agent;
  if (inlineCalls === undefined) return [];
  const files = ports.promptFiles?.(agent.name, expansion.name.replace(/^\//, ''), origin.cwd) ?? [];
  const calls = files.filter(({ changedAt }) => changedAt <= at).flatMap((file) => inlineCalls(file, expansion, origin));
  // A name may mean several files: which one the agent takes is its own affair.
  return [...new Map(calls.map((call) => [call.id, call])).values()];
}

/** No hook asks about them: they are decided on when the prompt that runs them is, as calls like any other. */
export async function decideInline(
  office: Office,
  agent: Agent,
  expansion: Expansion,
  origin: Origin,
  context: HookContext,
): Promise<Answer> {
  for (const call of inlineCallsOf(office.ports, agent, expansion, origin)) {
    const answer = await decideCall(
      office,
      { kind: 'tool-call', origin, call },
      { ...context, paired: false },
      { rewriting: undefined, waits: agent.waits },
    );
    // Nobody reports its end.
    office.sessions.callEnded(call.agent.name, call.session.id, call.id);
    if (answer.kind === 'refuse') return { ...answer, reason: `${expansion.name} runs a command by itself: ${answer.reason}` };
  }
  return { kind: 'pass' };
}
