import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ReplayResult } from '../../../webview/replay/messages.ts';
import { couldNot } from '../complaints.ts';
import { commands } from '../contributions.ts';
import { draftsIn } from '../drafts.ts';
import type { EditedPolicies } from '../language/edited-policies.ts';
import type { ReplayPanel } from '../replay-panel.ts';
import type { ReplayProcess } from '../replay-process.ts';

export interface ReplayParts {
  readonly documents: EditedPolicies;
  readonly process: ReplayProcess;
  readonly panel: ReplayPanel;
}

/** What would the policies, as they stand in the open editors, have decided on past calls? Nothing has to be saved for it. */
export function registerReplayPolicies(parts: ReplayParts): vscode.Disposable {
  return vscode.commands.registerCommand(commands.replayPolicies, async () => {
    const span = await pickSpan();
    if (span === undefined) return;
    try {
      const result = await replayed(parts, span);
      if (result !== undefined) parts.panel.show(result);
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('replay the policies', cause));
    }
  });
}

interface Span {
  readonly label: string;
  readonly since?: string;
}

const spans: readonly Span[] = [
  { label: 'the last 7 days', since: '7d' },
  { label: 'the last day', since: '1d' },
  { label: 'the last 30 days', since: '30d' },
  { label: 'everything that was recorded' },
];

async function pickSpan(): Promise<Span | undefined> {
  const items = spans.map((span) => ({ label: span.label.replace(/^./, (first) => first.toUpperCase()), span }));
  return (await vscode.window.showQuickPick(items, { title: 'Replay policies over which calls?' }))?.span;
}

/** `undefined` where the person has lost patience. */
async function replayed({ documents, process }: ReplayParts, { label, since }: Span): Promise<ReplayResult | undefined> {
  const drafts = draftsIn(documents);
  const options = { location: vscode.ProgressLocation.Notification, title: 'Replaying policies over past calls', cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const ending = new AbortController();
    token.onCancellationRequested(() => ending.abort());
    let last = 0;
    const tell = (percent: number): void => {
      progress.report({ increment: percent - last, message: `${percent} %` });
      last = percent;
    };
    try {
      const wish = { signal: ending.signal, progress: tell, ...(since === undefined ? {} : { since }) };
      const summary = await process.policies(drafts, wish);
      return { span: label, drafts: drafts.map(({ path }) => basename(path)), summary };
    } catch (cause) {
      if (ending.signal.aborted) return undefined;
      throw cause;
    }
  });
}
