import type { HookReply } from '../../channel/messages.ts';
import { NoGovernor } from '../../channel/client.ts';
import { askGovernor } from './ask-governor.ts';
import { isPairedPrompt, questionOf, type HookQuestion } from './question.ts';
import { readMessage } from './read-message.ts';

/** Rejects where the answer is no without anybody having judged. */
export async function runHook(args: readonly string[]): Promise<HookReply> {
  const question = questionOf(args, await readMessage(process.stdin));
  if (process.env['COUNTERSIGN_NO_GOVERNOR'] === '1') return judgeHere(question);
  try {
    return await askGovernor(question);
  } catch (error) {
    if (!(error instanceof NoGovernor)) throw error;
    // Its tool calls cannot reach anybody: better to say so now than at each of them.
    if (isPairedPrompt(question))
      throw new Error(`the governor cannot be reached, so nothing would be allowed to run. ${error.message}.`, { cause: error });
    return judgeHere(question);
  }
}

/** Loaded only when it is needed: the policy engine takes longer to load than the governor to answer. */
async function judgeHere(question: HookQuestion): Promise<HookReply> {
  const { judge } = await import('./own-judgement.ts');
  return judge(question);
}
