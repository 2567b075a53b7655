import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export function claudeFolder(environment: Environment = process.env): string {
  return environment['CLAUDE_CONFIG_DIR'] || join(homedir(), '.claude');
}

export function copilotFolder(environment: Environment): string {
  return environment['COPILOT_HOME'] || join(environment['HOME'] || homedir(), '.copilot');
}

/** Where Cline writes a session down, under the name that its hooks tell of the session that began it. */
export function clineFolder(environment: Environment): string {
  return join(environment['HOME'] || homedir(), '.cline', 'data', 'sessions');
}

export function clineRecordOf(session: string): string | undefined {
  return /^[\w-]+$/.test(session) ? join(clineFolder(process.env), session, `${session}.messages.json`) : undefined;
}

/** Where Copilot writes down a session: it does not tell its hooks before that is needed. */
export function copilotRecordOf(session: string): string | undefined {
  // Whoever calls the hook names the session: it must not lead out of the folder.
  return /^[\w-]+$/.test(session) ? join(copilotFolder(process.env), 'session-state', session, 'events.jsonl') : undefined;
}
