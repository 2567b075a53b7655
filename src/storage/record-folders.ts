import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { clineMessages } from '../agents/cline/record.ts';
import { clineFolder, copilotFolder } from './agent-folders.ts';
import { statOf } from './claude-transcripts.ts';
import { type Followable, FollowedFile } from './followed-file.ts';
import { RewrittenFile } from './rewritten-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where one agent keeps the records of its sessions. */
interface RecordPlaces {
  /** The folders that they lie in. `newSince`, unless it is 0: those that cannot have got one since then may be left out. */
  readonly folders: (environment: Environment, newSince: number) => Promise<readonly string[]>;
  readonly isRecord: (name: string) => boolean;
  /** Of records that are written anew with each change: what is read of one. Left out: its lines. */
  readonly pieces?: (text: string) => readonly string[];
}

/** Agents whose records tell which calls have run, besides Claude Code. */
export const recordPlaces: Readonly<Record<string, RecordPlaces>> = {
  codex: { folders: codexDays, isRecord: (name) => name.startsWith('rollout-') && name.endsWith('.jsonl') },
  // The folders beside the chats are those of subagents, whose calls stand under the session with hooks, and under themselves here.
  'gemini-cli': {
    folders: (environment) => chatsIn(join(environment['GEMINI_CLI_HOME'] || homeIn(environment), '.gemini', 'tmp')),
    isRecord: (name) => name.startsWith('session-') && name.endsWith('.jsonl'),
  },
  'qwen-code': {
    folders: (environment) => chatsIn(join(homeIn(environment), '.qwen', 'projects')),
    isRecord: (name) => name.endsWith('.jsonl'),
  },
  'copilot-cli': {
    folders: (environment, newSince) => sessionsIn(join(copilotFolder(environment), 'session-state'), newSince),
    isRecord: (name) => name === 'events.jsonl',
  },
  cline: {
    folders: (environment, newSince) => sessionsIn(clineFolder(environment), newSince),
    isRecord: (name) => name.endsWith('.messages.json'),
    pieces: clineMessages,
  },
};

export function openRecord(agent: string, path: string, offset: number): Followable {
  const pieces = recordPlaces[agent]?.pieces;
  return pieces === undefined ? new FollowedFile(path, offset) : new RewrittenFile(path, offset, pieces);
}

/** Whether a record of that size says something that was not read. */
export function isUnread(agent: string, size: number, offset: number): boolean {
  return recordPlaces[agent]?.pieces === undefined ? size > offset : size !== offset;
}

/** An agent's records. `newSince`, unless it is 0: only of folders that got one since then, which is quick. */
export async function recordFiles(agent: string, environment: Environment, newSince: number): Promise<readonly string[]> {
  const places = recordPlaces[agent];
  const found: string[] = [];
  for (const folder of (await places?.folders(environment, newSince)) ?? []) {
    if (newSince > 0 && ((await statOf(folder))?.mtimeMs ?? 0) < newSince) continue;
    for (const name of await namesIn(folder)) if (places?.isRecord(name) === true) found.push(join(folder, name));
  }
  return found;
}

/** `sessions/<year>/<month>/<day>`. A day may just have begun. */
async function codexDays(environment: Environment, newSince: number): Promise<readonly string[]> {
  const sessions = join(environment['CODEX_HOME'] || join(homeIn(environment), '.codex'), 'sessions');
  let folders: readonly string[] = [sessions];
  for (let depth = 0; depth < 3; depth += 1) {
    const below: string[] = [];
    for (const folder of folders) below.push(...(await dated(folder)));
    folders = newSince === 0 ? below : below.slice(-2);
  }
  return folders;
}

async function dated(folder: string): Promise<readonly string[]> {
  const names = (await namesIn(folder)).filter((name) => /^\d{2,4}$/.test(name));
  return names.toSorted().map((name) => join(folder, name));
}

async function chatsIn(folder: string): Promise<readonly string[]> {
  return (await namesIn(folder)).map((project) => join(folder, project, 'chats'));
}

/** Each session has a folder of its own: none is new where theirs did not change. */
async function sessionsIn(folder: string, newSince: number): Promise<readonly string[]> {
  if (newSince > 0 && ((await statOf(folder))?.mtimeMs ?? 0) < newSince) return [];
  return (await namesIn(folder)).map((session) => join(folder, session));
}

function homeIn(environment: Environment): string {
  return environment['HOME'] || homedir();
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // It is a file, or is gone meanwhile, or that agent has never run here.
    return [];
  }
}
