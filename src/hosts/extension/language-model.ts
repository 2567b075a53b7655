import * as vscode from 'vscode';
import type { ReviewAnswer, ReviewTask } from '../../channel/messages.ts';
import type { Connection } from './connection.ts';

type Said = Omit<ReviewAnswer, 'id'>;

/** The governor waits no longer than that. */
const longestMs = 10_000;
/** An answer is short. */
const mostCharacters = 10_000;

/** Asks a language model of this window what the governor wants to know of a text. A person agreed when they chose it. */
export function registerReviews(
  context: vscode.ExtensionContext,
  connection: Connection,
  log: vscode.LogOutputChannel,
): { readonly dispose: () => void } {
  const take = (task: ReviewTask): void => {
    answerTo(task, context.languageModelAccessInformation)
      .then((said) => connection.call('reviewed', { id: task.id, ...said }))
      .catch((cause: unknown) => log.warn(`A review could not be answered: ${String(cause)}`));
  };
  connection.events.on('review', take);
  return { dispose: () => void connection.events.off('review', take) };
}

async function answerTo(task: ReviewTask, access: vscode.LanguageModelAccessInformation): Promise<Said> {
  try {
    const [model] = await vscode.lm.selectChatModels(task.model);
    if (model === undefined) return { problem: 'no-model' };
    if (access.canSendRequest(model) !== true) return { problem: 'no-consent' };
    return { text: await askModel(model, task, 'Countersign reviews a text for a guardrail.') };
  } catch (cause) {
    const isForbidden = cause instanceof vscode.LanguageModelError && cause.code === vscode.LanguageModelError.NoPermissions.name;
    return { problem: isForbidden ? 'no-consent' : 'failed' };
  }
}

/** What the model says. Where a person has to agree first, VS Code asks them, with `why`. */
export async function askModel(
  model: vscode.LanguageModelChat,
  { instructions, text }: Pick<ReviewTask, 'instructions' | 'text'>,
  why: string,
  patienceMs: number = longestMs,
): Promise<string> {
  const late = new vscode.CancellationTokenSource();
  const timer = setTimeout(() => late.cancel(), patienceMs);
  try {
    const messages = [instructions, text].map((content) => vscode.LanguageModelChatMessage.User(content));
    const response = await model.sendRequest(messages, { justification: why }, late.token);
    let said = '';
    for await (const part of response.text) {
      said += part;
      if (said.length > mostCharacters) throw new Error('The answer is too long');
    }
    return said;
  } finally {
    clearTimeout(timer);
    late.dispose();
  }
}
