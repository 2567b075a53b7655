import * as vscode from 'vscode';
import { couldNot } from '../complaints.ts';
import { commands } from '../contributions.ts';
import { chooseReviewModel } from '../review-model.ts';

/** Lets a person choose the language model of VS Code that guardrails may show texts to, or none. */
export function registerReviewByModel(environment: Readonly<Record<string, string | undefined>>): vscode.Disposable {
  return vscode.commands.registerCommand(commands.reviewByModel, async () => {
    try {
      await chooseReviewModel(environment);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('set the model for reviews', cause));
    }
  });
}
