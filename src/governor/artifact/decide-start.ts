import type { HookEvent } from '../../agents/agent.ts';
import { decideStart, scansWanted, signersWanted } from '../../engine/artifact/decide-start.ts';
import type { Scan } from '../../engine/artifact/scan.ts';
import { recordedScans, withScans } from '../../engine/artifact/scan-demand.ts';
import { pinnedSource } from '../../engine/artifact/image-pin.ts';
import { signersKey, sourceJson, type ServerStart, type Signed, type Source } from '../../engine/artifact/start.ts';
import { callDigest } from '../../engine/approval/digest.ts';
import type { Decision } from '../../engine/decision.ts';
import type { PolicySet } from '../../engine/policy/policy-set.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import type { Answer } from '../../agents/agent.ts';
import { decideCall } from '../decide.ts';
import { refusalDecision } from '../decision-entries.ts';
import { messageOf } from '../fault.ts';
import type { Decide, HookContext, Office } from '../office.ts';
import { askedBy } from './keep-start.ts';

type ToolCallEvent = Extract<HookEvent, { readonly kind: 'tool-call' }>;

/** What is known of a server that is started, or would be. */
export interface StartAsked {
  readonly server: string;
  readonly command: readonly string[];
  readonly source?: Source;
  readonly fault?: string;
}

export interface StartWish extends StartAsked {
  /** Milliseconds that its client surely waits. */
  readonly waits: number;
}

/** Whether a server may start. It takes the way of every call, with other policies: those about artifacts instead of those about tools. */
export async function decideServerStart(office: Office, event: ToolCallEvent, wish: StartWish, context: HookContext): Promise<Answer> {
  const { call, decide, source, scans } = await startToJudge(office, { ...event.call, id: office.ports.ids() }, wish);
  const bill = source && office.ports.starts?.bill(source);
  const detail = { ...(scans && { scans: recordedScans(scans) }), ...(bill && { sbom: { ...bill } }) };
  const about = { ...event, call };
  const answer = await decideCall({ ...office, decide }, about, { ...context, detail }, { rewriting: undefined, waits: wish.waits });
  // The command line names a tag, and what was decided on is a digest: that is what has to be started.
  return answer.kind === 'refuse' || source === wish.source ? answer : { ...answer, input: call.arguments };
}

interface StartToJudge extends Pick<Evidence, 'source' | 'scans'> {
  /** With all that an approval of it is for. */
  readonly call: ToolCall;
  /** In the place of the one for calls. */
  readonly decide: Decide;
}

/** A start with what policies go by, and how they judge it. Nothing is recorded. */
export async function startToJudge(office: Office, asked: ToolCall, wish: StartAsked): Promise<StartToJudge> {
  const evidence = await evidenceFor(office, asked.cwd, wish);
  const { source, scans } = evidence;
  const given = { ...asked.arguments, ...(source && { source: sourceJson(source) }) };
  const call = withScans({ ...asked, arguments: given }, scans);
  return { call, decide: judgeOf(office, call, wish, evidence), ...(source && { source }), ...(scans && { scans }) };
}

/** What policies go by besides what is started itself. */
interface Evidence {
  /** An image as the digest that policies have; all else as it was found. */
  readonly source?: Source;
  readonly signed: ReadonlyMap<string, Signed>;
  /** Left out where no policy asks for them. */
  readonly scans?: readonly Scan[];
  readonly fault?: string;
}

/** Evidence that cannot be looked up is a start that nobody can judge, and that is a decision like any other. */
async function evidenceFor({ ports }: Office, cwd: string, { server, source: found }: StartAsked): Promise<Evidence> {
  try {
    if (found === undefined) return { signed: new Map() };
    const set = ports.policies.inForce(cwd);
    const source = pinnedSource(set, server, found);
    const signed = await signatures(set, ports.starts, server, source);
    return { source, signed, ...(scansWanted(set, server) && { scans: ports.starts?.scans(source) ?? [] }) };
  } catch (error) {
    return { ...(found && { source: found }), signed: new Map(), fault: `What is kept of it cannot be read: ${messageOf(error)}` };
  }
}

async function signatures(
  set: PolicySet,
  starts: Office['ports']['starts'],
  server: string,
  source: Source,
): Promise<ReadonlyMap<string, Signed>> {
  const found = signersWanted(set, server).map(async ({ signedBy }): Promise<readonly [string, Signed]> => [
    signersKey(signedBy),
    (await starts?.signed(source, signedBy)) ?? { ok: false, why: 'its signatures were not verified' },
  ]);
  return new Map(await Promise.all(found));
}

function judgeOf({ ports: { starts } }: Office, call: ToolCall, wish: StartAsked, evidence: Evidence): Decide {
  const { server, command } = wish;
  const { source, signed, scans, fault = wish.fault } = evidence;
  if (source === undefined || fault !== undefined)
    return () => refusalDecision(`MCP server "${server}" does not start. ${fault ?? 'Nobody knows what it is.'}`);
  return (set, request) => {
    const lock = starts?.lockWord(request.workspace.root, server, source);
    const start: ServerStart = { server, command, source, signed, ...(scans && { scans }), ...(lock && { lock }) };
    const decision = decideStart(set, start, request);
    const approved = decision.action === 'require_approval' ? starts?.approved(callDigest(call)) : undefined;
    const covers = approved !== undefined && decision.rules.every((rule) => approved.rules.includes(askedBy(rule)));
    return covers ? allowed(decision, `${approved.by} approved this very start of MCP server "${server}" before.`) : decision;
  };
}

function allowed(decision: Decision, reason: string): Decision {
  const { approval: _approval, ...rest } = decision;
  return { ...rest, action: 'allow', reason };
}
