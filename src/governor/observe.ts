import { digestOf } from '../engine/audit/canonical.ts';
import { redact, redactText } from '../engine/guardrail/redact.ts';
import type { Answer, HookEvent, Origin, RecordedCommand } from '../agents/agent.ts';
import { tellAfterTurn } from './budget/check.ts';
import { messageOf } from './fault.ts';
import { guardPrompt } from './guard/prompt.ts';
import { haltedReason } from './halted.ts';
import type { Ungoverned } from './incident-list.ts';
import { raiseIncident } from './incidents.ts';
import { originFields } from './ledger.ts';
import type { HookContext, Office, Weakening } from './office.ts';
import { keyOf } from './sessions.ts';
import { twinMs } from './twins.ts';

type Event<K extends HookEvent['kind']> = Extract<HookEvent, { readonly kind: K }>;

const pass: Answer = { kind: 'pass' };

/** A session began, or went on in a new process. */
export async function noteStart(office: Office, event: Event<'session-start'>, context: HookContext): Promise<Answer> {
  const { sessions, ledger, proofs } = office;
  office.lookAround();
  sessions.save(sessions.forgetProcess(sessions.heard(event.origin)));
  if (context.pid !== undefined) sessions.save(sessions.heard(event.origin, context.pid));
  await ledger.write({ kind: 'session-start', ...originFields(event.origin), detail: { source: event.source } }, 'written');
  // Without its process it could be anybody who says so.
  if (context.pid !== undefined) proofs.started(event.origin.agent.name, event.origin.session.id);
  return pass;
}

export async function noteEnd(office: Office, event: Event<'session-end'>): Promise<Answer> {
  const { sessions, approvals, ledger, proofs } = office;
  sessions.end(sessions.heard(event.origin));
  proofs.forget(event.origin.agent.name, event.origin.session.id);
  approvals.cancelSession(event.origin.session.id, 'The session has ended.');
  await ledger.write({ kind: 'session-end', ...originFields(event.origin), reason: event.reason }, 'written');
  return pass;
}

/** A prompt that comes on two ways is recorded once; that it comes on both shows that the agent's calls will reach us. */
export async function notePrompt(office: Office, event: Event<'prompt'>, context: HookContext): Promise<Answer> {
  const { origin, promptId, text } = event;
  const key = keyOf(origin.agent.name, origin.session.id, promptId, digestOf(text));
  if (context.via === 'http') office.twins.came(key);
  if (context.paired !== true) return recordPrompt(office, event, context);
  if (!(await office.twins.expect(key, twinMs))) {
    office.proofs.failed(
      origin.agent.name,
      origin.session.id,
      'Its hooks do not reach Countersign over HTTP: nothing it does would be allowed to run.',
    );
    await office.ledger.incident(`Hooks of ${origin.agent.name} do not reach Countersign over HTTP`, origin);
    return { kind: 'refuse', reason: unreached, stop: false };
  }
  office.proofs.came(origin.agent.name, origin.session.id, 'prompt');
  office.sessions.save(office.sessions.heard(origin, context.pid));
  const { refusal } = await guardPrompt(office, event);
  return refusal === undefined ? notePermissionRequest(office, event) : { kind: 'refuse', reason: refusal, stop: false };
}

/** What stands where a call has its tool, of a command that a person typed. */
export const typedTool = '!';

/** What a person ran at the agent's prompt is their own act: recorded, judged by nobody. Read again after a crash, it is there already. */
export async function noteCommand({ ledger, ports }: Office, { origin, id, command }: RecordedCommand): Promise<void> {
  const { cwd, agent, session } = origin;
  const about = { agent: agent.name, session: session.id, cwd, callId: id, tool: 'shell', nativeTool: typedTool };
  if (ports.audit.list({ kind: 'prompt', callId: id, limit: 1 }).length > 0) return;
  const args = { command };
  const what = { arguments: redact(args, []), argumentsDigest: digestOf(args), detail: { by: 'person' } };
  await ledger.write({ kind: 'prompt', ...about, ...what, reason: 'A person ran this at the agent’s prompt.' }, 'written');
}

const unreached =
  "This session's tool calls do not reach Countersign, so nothing would be allowed to run. Start the session again; `countersign doctor` finds out what is wrong.";

/** The text itself is the person's own business: its digest and length are enough to tell one prompt from another. */
async function recordPrompt(office: Office, event: Event<'prompt'>, context: HookContext): Promise<Answer> {
  const { sessions, ledger } = office;
  const { origin, promptId, text, expansion } = event;
  const session = sessions.heard(origin, context.pid);
  sessions.save(session);
  const halted = haltedReason(office.ports, session);
  const guarded = await guardPrompt(office, event, halted === undefined);
  const refusal = halted ?? guarded.refusal;
  const detail = {
    promptId,
    digest: digestOf(text),
    length: text.length,
    ...(expansion === undefined ? {} : { expansion: expansion.name }),
    ...(refusal === undefined ? {} : { refused: true }),
    ...guarded.detail,
  };
  if (guarded.rules.length > 0) await office.policyRecord.ensure(office.ports.policies.inForce(origin.cwd).files);
  const rules = guarded.rules.length === 0 ? {} : { rules: guarded.rules };
  await ledger.write({ kind: 'prompt', ...originFields(origin), ...rules, detail }, 'written');
  return refusal === undefined ? pass : { kind: 'refuse', reason: refusal, stop: halted !== undefined };
}

/** The agent asks its own person; we only have a word in it where the session is to do nothing any more. */
export function notePermissionRequest(office: Office, event: Event<'permission-request' | 'prompt'>): Answer {
  const { agent, session } = event.origin;
  const halted = haltedReason(office.ports, office.sessions.get(agent.name, session.id));
  return halted === undefined ? pass : { kind: 'refuse', reason: halted, stop: true };
}

export function noteSubagent(office: Office, event: Event<'subagent-start' | 'subagent-end'>): Answer {
  office.sessions.save(office.sessions.heard(event.origin));
  return pass;
}

export async function noteTurnEnd(office: Office, event: Event<'turn-end'>): Promise<Answer> {
  office.sessions.turnEnded(event.origin.agent.name, event.origin.session.id);
  await tellAfterTurn(office, event.origin);
  return pass;
}

/** A change of the agent's configuration is refused where it would weaken what governs the agent, or where that cannot be told. */
export async function judgeConfigChange(office: Office, event: Event<'config-change'>): Promise<Answer> {
  const { origin, file, source } = event;
  const found = await weakness(office, file, source);
  await office.ledger.write(
    {
      kind: 'config-change',
      ...originFields(origin),
      action: found === undefined ? 'abstain' : 'deny',
      ...(found === undefined ? {} : { reason: found.reason }),
      detail: { file: redactText(file), source },
    },
    found === undefined ? 'written' : 'synced',
  );
  if (found === undefined) return pass;
  if (found.isStated) office.ports.clock.after(settledMs, () => void tellIfSo(office, event));
  return { kind: 'refuse', reason: found.reason, stop: false };
}

/** Installing again takes the hooks out and puts them in: that is no attempt. */
const settledMs = 3_000;

async function tellIfSo(office: Office, { origin, file, source }: Event<'config-change'>): Promise<void> {
  const found = await weakness(office, file, source);
  if (found?.isStated === true) await raiseIncident(office, attempt(origin, found.reason));
}

/** This session keeps its hooks; whoever wants them off may try something else next. */
function attempt({ agent, session, cwd }: Origin, reason: string): Ungoverned {
  return { agent: agent.name, session: session.id, cwd, cause: 'weakened', what: redactText(reason).replace(/\.$/, '') };
}

async function weakness(office: Office, file: string, source: string): Promise<Weakening | undefined> {
  try {
    return await office.weakens(file, source);
  } catch (error) {
    const reason = `Countersign could not tell whether this change of ${file} weakens it: ${messageOf(error)}`;
    return { reason, isStated: false };
  }
}
