import type { HookCall } from '../../channel/messages.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { clientOf } from './client-of.ts';
import { isPairedPrompt, type HookQuestion } from './question.ts';

/** The question as it goes to the governor. */
export function callOf(question: HookQuestion): HookCall {
  const { agent, event, message, isInstalled } = question;
  return {
    agent,
    message,
    ...(event === undefined ? {} : { event }),
    ...(isInstalled ? { pid: clientOf(agent), ...pidSpace() } : {}),
    waitedMs: Math.round(process.uptime() * 1000),
    ...(isPairedPrompt(question) ? { paired: true } : {}),
  };
}
