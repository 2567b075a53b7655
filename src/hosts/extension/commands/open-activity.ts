import * as vscode from 'vscode';
import { toActivityEditor } from '../../../webview/activity-editor/messages.ts';
import type { ActivityEditor } from '../activity-editor.ts';
import { commands } from '../contributions.ts';

/** Opens the log in an editor; other parts of the window say with an argument which entries they mean. */
export function registerOpenActivity(activity: ActivityEditor): vscode.Disposable {
  return vscode.commands.registerCommand(commands.openActivity, (search?: unknown) => {
    const wanted = toActivityEditor.safeParse({ type: 'look', search });
    activity.open(wanted.success && wanted.data.type === 'look' ? wanted.data.search : undefined);
  });
}
