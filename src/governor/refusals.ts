import { UnreadableMessage, type Reply } from '../agents/agent.ts';
import { messageOf } from './fault.ts';

/** Why a message is refused that an agent's reader did not understand. */
export function unreadReason(error: unknown): string {
  const found = error instanceof UnreadableMessage ? error.message : `an unexpected fault (${messageOf(error)})`;
  return `Countersign could not read this message, so nothing runs: ${found}`;
}

/** For when there is no agent to word the refusal: a status and an exit code that block wherever hooks can block. */
export function refuseWithoutAgent(reason: string): Reply {
  return { http: { status: 500, body: { error: reason } }, command: { stdout: '', stderr: `${reason}\n`, exitCode: 2 } };
}
