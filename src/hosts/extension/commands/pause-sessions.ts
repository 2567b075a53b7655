import * as vscode from 'vscode';
import type { SessionView } from '../../../channel/messages.ts';
import { couldNot, withoutLinks } from '../complaints.ts';
import type { Connection } from '../connection.ts';
import { commands } from '../contributions.ts';
import { pickSession } from '../pick-session.ts';

/** Refuses the calls of one session, or of all, until they are resumed. Asks nothing: it can be taken back at once. */
export function registerPauseSessions(connection: Connection): vscode.Disposable {
  const pause = async (session?: SessionView): Promise<void> =>
    tell('pause', () => connection.call('pause', { ...idOf(session), reason: '', surface: 'editor' }));
  const resume = async (session?: SessionView): Promise<void> =>
    tell('resume', () => connection.call('resume', { ...idOf(session), surface: 'editor' }));
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.pauseSession, async (chosen?: SessionView) => {
      const session = chosen ?? (await pickSession(connection, 'Pause which session?', isRunning));
      if (session) await pause(session);
    }),
    vscode.commands.registerCommand(commands.resumeSession, async (chosen?: SessionView) => {
      const session = chosen ?? (await pickSession(connection, 'Resume which session?', ({ state }) => state === 'paused'));
      if (session) await resume(session);
    }),
    vscode.commands.registerCommand(commands.pauseAllSessions, async () => pause()),
    vscode.commands.registerCommand(commands.resumeAllSessions, async () => resume()),
  );
}

function isRunning({ state }: SessionView): boolean {
  return state !== 'killed' && state !== 'ended' && state !== 'paused';
}

function idOf(session: SessionView | undefined): { readonly session?: string } {
  return session === undefined ? {} : { session: session.id };
}

async function tell(what: string, call: () => Promise<{ readonly message: string }>): Promise<void> {
  try {
    void vscode.window.showInformationMessage(withoutLinks((await call()).message));
  } catch (cause) {
    void vscode.window.showErrorMessage(couldNot(`${what} it`, cause));
  }
}
