import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { startToJudge, type StartAsked } from '../artifact/decide-start.ts';
import type { Office } from '../office.ts';
import type { SessionRecord } from '../ports.ts';
import { foreseenLines, isEnforced, verdictLine } from './foreseen-text.ts';
import { foresee } from './judge.ts';

/** Whether a server may start, and why. Nothing is recorded, counted or asked. */
export async function explainStart(office: Office, asked: ToolCall, wish: StartAsked, session: SessionRecord | undefined): Promise<string> {
  const { call, decide } = await startToJudge(office, asked, wish);
  const foreseen = await foresee({ ...office, decide }, call, session);
  const { decision } = foreseen;
  const advice =
    decision.action === 'deny'
      ? ['Nobody can approve it: ask your person to change the policy, or how the server is configured.']
      : ['A person is asked when it is started, and not ahead; once approved, exactly this start passes unasked.'];
  return [
    `The start of MCP server "${visibleText(wish.server)}" (${visibleText(wish.command.join(' '))}):`,
    verdictLine(foreseen),
    ...foreseenLines(foreseen),
    ...(isEnforced(decision, 'deny') || isEnforced(decision, 'require_approval') ? advice : []),
  ].join('\n');
}
