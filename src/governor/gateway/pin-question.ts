import type { Origin } from '../../agents/agent.ts';
import { callDigest } from '../../engine/approval/digest.ts';
import { changeArguments, changesIn, changeTool } from '../../engine/artifact/pins/change-call.ts';
import { titleOf, type Shown } from '../../engine/artifact/pins/known.ts';
import { blockedCall, type Changed, type Reviewed } from '../../engine/artifact/pins/review.ts';
import { changedRule, serverQuestion } from '../../engine/artifact/server-question.ts';
import type { Decision } from '../../engine/decision.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Office } from '../office.ts';

/** Nobody waits for the answer; until it comes, the changed tool is not shown. */
const dayMs = 24 * 60 * 60_000;
const mostAsked = 40;

/** All that waits for a person, also what was asked about before and not answered. */
export function openChanges({ known, asked }: Reviewed, shown: readonly Shown[]): readonly Changed[] {
  const now = new Set(asked.map(({ kind, name }) => `${kind} ${name}`));
  const earlier = shown.flatMap(({ kind, name }): readonly Changed[] => {
    const item = known.items.find((one) => one.kind === kind && one.name === name);
    const version = item?.versions.find(({ digest }) => digest === item.current);
    if (version?.state !== 'asked' || now.has(`${kind} ${name}`)) return [];
    const why = blockedCall(known, { kind, name, digest: version.digest, trust: 'reviewed' });
    return why === undefined ? [] : [{ kind, name, digest: version.digest, change: [why] }];
  });
  return [...asked, ...earlier].slice(0, mostAsked);
}

/** Once: the same question is not asked again while it is open. */
export async function askAboutChange(office: Office, origin: Origin, server: string, changes: readonly Changed[]): Promise<void> {
  const { approvals, ports } = office;
  const open = new Set(
    approvals
      .open()
      .filter((approval) => serverQuestion(approval) === 'change' && approval.mcpServer === server)
      .flatMap((approval) => changesIn(approval.arguments).map(({ digest }) => digest)),
  );
  const fresh = changes.filter(({ digest }) => !open.has(digest));
  if (fresh.length === 0) return;
  const { agent, session, cwd } = origin;
  const call: ToolCall = {
    id: ports.ids(),
    agent,
    session,
    cwd,
    tool: changeTool,
    nativeTool: changeTool,
    mcpServer: server,
    arguments: changeArguments(server, fresh),
    paths: { read: [], write: [] },
    domains: [],
  };
  const decision = decisionAbout(server, fresh);
  await approvals.askAhead({ call, argumentsDigest: callDigest(call), decision, terms: decision.approval, raises: [] });
}

function decisionAbout(server: string, changes: readonly Changed[]): Decision & { readonly approval: NonNullable<Decision['approval']> } {
  const [first] = changes;
  const about = changes.length === 1 && first !== undefined ? titleOf(first) : `${changes.length} things that a model reads`;
  return {
    action: 'require_approval',
    reason: `MCP server "${server}" changed ${about}. Until a person accepts it, agents are not shown it, and calls of it do not run.`,
    rules: [changedRule],
    mode: 'enforce',
    autoApprove: false,
    approval: { timeoutMs: dayMs, onTimeout: 'deny', approvers: [], reason: 'optional' },
    observed: [],
    counted: [],
    redact: [],
  };
}
