import type { ApprovalAnswer } from '../engine/approval/approval.ts';
import type { Answer } from '../agents/agent.ts';
import type { Question } from './question.ts';
import type { Verdict } from './decision-entries.ts';
import { findGrant } from './grants.ts';
import type { Office } from './office.ts';
import type { Grant } from './ports.ts';

const nobody =
  'A person has to approve this, and nobody can be asked: Countersign is not running. Start it, or open the editor, and try again.';

/** The client does not wait longer; the question stays open, and leaves a grant for the retry. */
const later = 'A person has to approve this call, and nobody has yet. Approve it in the inbox of Countersign, then try again.';

/** Asks a person, unless one has consented already. Holds until there is an answer, or for `patience` milliseconds. */
export async function askPerson(office: Office, question: Question, gone: AbortSignal, patience?: number): Promise<Verdict> {
  const { call, argumentsDigest, decision } = question;
  const asked = { session: call.session.id, nativeTool: call.nativeTool, argumentsDigest, rules: decision.rules };
  // What was consented to before says nothing about a limit that is used up now.
  const grant = question.raises.length > 0 ? undefined : findGrant(office.ports, asked);
  if (grant !== undefined) return useGrant(office, grant);
  if (office.alone) return { answer: { kind: 'refuse', reason: `${decision.reason} ${nobody}`, stop: false }, heard: true };
  const settled = await office.approvals.ask(question, gone, patience);
  if (settled === undefined) return { answer: { kind: 'refuse', reason: `${decision.reason} ${later}`, stop: false }, heard: true };
  const { approval, answer } = settled;
  return {
    answer: answerFrom(answer, question.terms.onTimeout),
    consent: { kind: 'answer', approval, answer },
    heard: answer.outcome !== 'cancelled',
  };
}

function useGrant(office: Office, grant: Grant): Verdict {
  // Used up before it is relied on: whatever fails now, it does not work twice.
  if (grant.scope === 'once') office.ports.state.dropGrant(grant.id);
  const reason = grant.scope === 'once' ? `${grant.by} approved this call.` : `${grant.by} approved such calls for this session.`;
  return { answer: { kind: 'approve', reason }, consent: { kind: 'grant', grant }, heard: true };
}

function answerFrom(answer: ApprovalAnswer, onTimeout: 'deny' | 'abstain'): Answer {
  const said = answer.reason === '' ? '.' : `: ${answer.reason}`;
  switch (answer.outcome) {
    case 'approved':
      return { kind: 'approve', reason: `${answer.by.user} approved this call${said}` };
    case 'denied':
      return { kind: 'refuse', reason: `${answer.by.user} denied this call${said}`, stop: false };
    case 'timed-out':
      return onTimeout === 'abstain'
        ? { kind: 'pass' }
        : { kind: 'refuse', reason: 'A person had to approve this call, and nobody answered in time.', stop: false };
    case 'cancelled':
      break;
  }
  return { kind: 'refuse', reason: `The question to a person was taken back: ${answer.reason}`, stop: false };
}
