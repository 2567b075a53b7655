import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { AgentProcess } from '../governor/ports.ts';
import type { ProcessTable } from './process-table.ts';

/** A session that Claude Code itself says is running, whether its hooks have reached us or not. */
export interface RegisteredSession {
  readonly agent: 'claude-code';
  readonly session: string;
  readonly process: AgentProcess;
  readonly cwd: string;
  readonly startedAt: number;
  /** It works on something. */
  readonly isBusy: boolean;
  /** asking: it waits for its own person. Left out by versions that do not say. */
  readonly doing?: 'busy' | 'idle' | 'asking';
  /** Of the client. */
  readonly version?: string;
  /** Where it keeps its files. */
  readonly folder: string;
}

/** Claude Code 2.1: `<config>/sessions/<pid>.json`, written for every kind of session, left behind after a hard kill. */
const registrySchema = z.object({
  pid: z.int(),
  sessionId: z.string(),
  cwd: z._default(z.string(), ''),
  startedAt: z._default(z.number(), 0),
  status: z.optional(z.string()),
  version: z.optional(z.string()),
  procStart: z.optional(z.union([z.string(), z.number()])),
});
type Registered = z.infer<typeof registrySchema>;

/** Those whose process still runs and is the same one: a pid that is used again is not taken for the session. */
export function registeredSessions(folder: string, table: ProcessTable): readonly RegisteredSession[] {
  return registryFiles(join(folder, 'sessions')).flatMap((file) => {
    const registered = read(file);
    const running = registered === undefined ? undefined : table.one(registered.pid);
    if (registered === undefined || running === undefined || !isSame(registered, running.start)) return [];
    return [
      {
        agent: 'claude-code' as const,
        session: registered.sessionId,
        process: { pid: running.pid, start: running.start },
        cwd: registered.cwd,
        startedAt: registered.startedAt,
        isBusy: registered.status === 'busy',
        folder,
        ...doingOf(registered.status),
        ...(registered.version === undefined ? {} : { version: registered.version }),
      },
    ];
  });
}

function doingOf(status: string | undefined): Pick<RegisteredSession, 'doing'> {
  if (status === 'busy' || status === 'idle') return { doing: status };
  return status === 'waiting' ? { doing: 'asking' } : {};
}

function registryFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => join(folder, name));
  } catch {
    // Claude Code has never run here.
    return [];
  }
}

/** `undefined` for a file that is gone, half written, or of a version that writes something else. */
function read(file: string): Registered | undefined {
  try {
    return z.parse(registrySchema, firstObject(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Claude Code writes over what was there and cuts it off afterwards: for a moment the end of a longer text stands behind the new one. */
function firstObject(text: string): unknown {
  for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(0, end + 1));
    } catch {
      // That one ended something within it.
    }
  }
  throw new SyntaxError('No whole object');
}

/** On Linux `procStart` is the very number that the system gives; elsewhere a process that began after the entry was written is another one. */
function isSame(registered: Registered, start: string): boolean {
  if (registered.procStart !== undefined && String(registered.procStart) === start) return true;
  if (/^\d+$/.test(start)) return false;
  const started = Date.parse(start);
  return !Number.isNaN(started) && started <= registered.startedAt + 1000;
}
