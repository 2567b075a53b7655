import type { Approval, ApprovalAnswer } from '../../engine/approval/approval.ts';
import { changesIn } from '../../engine/artifact/pins/change-call.ts';
import { answered } from '../../engine/artifact/pins/review.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';
import type { Ports } from '../ports.ts';

/** What a person answered about a change holds from now on. */
export function keepChange({ pins }: Pick<Ports, 'pins'>, approval: Approval, answer: ApprovalAnswer): void {
  if (serverQuestion(approval) !== 'change' || approval.mcpServer === undefined || pins === undefined) return;
  if (answer.outcome !== 'approved' && answer.outcome !== 'denied') return;
  const known = pins.get(approval.mcpServer);
  if (known === undefined) return;
  const { user: by } = answer.by;
  pins.save(answered(known, changesIn(approval.arguments), { accept: answer.outcome === 'approved', by, at: answer.at }));
}
