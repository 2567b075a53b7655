import * as vscode from 'vscode';
import { fenced, instructionsOf } from '../../engine/guardrail/review/question.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import type { Home } from '../../storage/home.ts';
import { withoutLinks } from './complaints.ts';
import { askModel } from './language-model.ts';
import { openAt } from './open-file.ts';

interface Choice extends vscode.QuickPickItem {
  /** Left out: none. */
  readonly model?: vscode.LanguageModelChat;
}

/** A person may think about the question of VS Code whether we may use the model. */
const patienceMs = 120_000;

/** Asks which model, says what it will be sent, has VS Code ask for consent, tries it, and writes it into `config.json`. */
export async function chooseReviewModel(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const choice = await pick();
  if (choice === undefined) return;
  const [{ homeOf }, { setReview }] = await Promise.all([import('../../storage/home.ts'), import('../../storage/set-review.ts')]);
  const home = homeOf(environment);
  if (choice.model === undefined) {
    setReview(home, undefined);
    return tell('No model is shown anything. Reviews do what their onError says.', home);
  }
  if (!(await agrees(choice.model))) return;
  const problem = await tryOut(choice.model);
  const { vendor, id } = choice.model;
  if (problem === undefined) setReview(home, { vscode: { vendor, id } });
  tell(problem ?? `Guardrails with a review now show texts to ${withoutLinks(choice.label)}.`, problem === undefined ? home : undefined);
}

async function pick(): Promise<Choice | undefined> {
  const models = await vscode.lm.selectChatModels();
  const items = models.map((model): Choice => ({
    label: visibleText(model.name),
    description: visibleText(`${model.vendor} ${model.id}`),
    model,
  }));
  const none: Choice = { label: 'None', description: 'Nothing is sent; a review does what its onError says' };
  const placeHolder = models.length === 0 ? 'VS Code has no language model here' : 'Which model may guardrails show texts to?';
  return vscode.window.showQuickPick([...items, none], { title: 'Review by a Language Model', placeHolder });
}

async function agrees({ name }: vscode.LanguageModelChat): Promise<boolean> {
  const use = 'Use This Model';
  const detail = `A policy with a detection of the type "review" has ${visibleText(name)} sent, for each prompt, call or result that it is about:

· its question
· the prompt as it was typed, or each string of the arguments or the result under its place

Secrets, personal data and what other detections of your guardrails find are taken out before; what they do not recognise is sent. At most 20,000 characters at a time and 1,000 times a day, unless config.json says otherwise. Without such a policy nothing is sent.`;
  return (await vscode.window.showWarningMessage('Show texts to a language model?', { modal: true, detail }, use)) === use;
}

/** Why the model is of no use; `undefined` where it answers as it should. */
async function tryOut(model: vscode.LanguageModelChat): Promise<string | undefined> {
  const question = { id: crypto.randomUUID().slice(0, 8), question: 'Does this text name a colour?', text: 'The sky is blue.' };
  const task = { instructions: instructionsOf(question), text: fenced(question) };
  try {
    const { readAnswer } = await import('../../engine/guardrail/review/answer.ts');
    readAnswer(await askModel(model, task, 'Countersign wants to show it texts that a guardrail has reviewed.', patienceMs), question.id);
    return undefined;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return `${withoutLinks(model.name)} was not set, because it cannot review: ${withoutLinks(why)}`;
  }
}

function tell(text: string, home: Home | undefined): void {
  const open = 'Open config.json';
  if (home === undefined) void vscode.window.showErrorMessage(text);
  else void vscode.window.showInformationMessage(text, open).then((pressed) => (pressed === open ? openAt(home.config) : undefined));
}
