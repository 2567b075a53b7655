import manifest from '../../../package.json' with { type: 'json' };
import type { HookReply } from '../../channel/messages.ts';
import { callOf } from './hook-call.ts';
import { isPairedPrompt, questionOf, type HookQuestion } from './question.ts';
import { quickAsk } from './quick-ask.ts';
import { readMessage } from './read-message.ts';

/** Rejects where the answer is no without anybody having judged. */
export async function runHook(args: readonly string[]): Promise<HookReply> {
  const question = questionOf(args, await readMessage(process.stdin));
  if (process.env['COUNTERSIGN_NO_GOVERNOR'] === '1') return judgeHere(question);
  const asked = await quickAsk(callOf(question), { client: 'hook', pid: process.pid, version: manifest.version });
  if (asked.kind === 'answered') return asked.reply;
  if (asked.kind === 'lost') return withoutGovernor(question, asked.why);
  // The long way: it starts a governor where there is none, replaces one that hangs, and knows what to say of everything else.
  const { askGovernor, isGone } = await import('./ask-governor.ts');
  try {
    return await askGovernor(question);
  } catch (error) {
    if (!isGone(error)) throw error;
    return withoutGovernor(question, error instanceof Error ? error.message : '');
  }
}

/** Tool calls of Claude Code cannot reach anybody then: better to say so at the prompt than at each of them. */
function withoutGovernor(question: HookQuestion, why: string): Promise<HookReply> {
  if (isPairedPrompt(question)) throw new Error(`the governor cannot be reached, so nothing would be allowed to run. ${why}.`);
  return judgeHere(question);
}

/** Loaded only when it is needed: the policy engine takes longer to load than the governor to answer. */
async function judgeHere(question: HookQuestion): Promise<HookReply> {
  const { judge } = await import('./own-judgement.ts');
  return judge(question);
}
