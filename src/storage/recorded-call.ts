import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolCall } from '../engine/tool-call.ts';
import { subagentsOf } from './claude-transcripts.ts';

/** Claude Code writes its transcript a tenth of a second after it made an entry; a machine at work takes longer. */
const slowestMs = 5_000;
const lookEveryMs = 10;
/** Longer than the line of a call that writes a large file. */
const firstLook = 2 * 1024 * 1024;

/**
 * Whether the agent's own record holds a call, and so the response that asks for it. Waits for it: the hook may come before the
 * line is written. Of agents whose records we do not know, nothing is asked.
 */
export async function isRecorded({ id, agent, session, subagent }: ToolCall, forMs = slowestMs): Promise<boolean> {
  if (agent.name !== 'claude-code') return true;
  const { transcript = '' } = session;
  if (id === '' || transcript === '') return false;
  const looks = new Map<string, number>();
  for (const deadline = performance.now() + forMs; performance.now() < deadline; await sleep(lookEveryMs)) {
    const places = subagent === undefined ? [] : subagentsOf(transcript).filter((path) => path.includes(subagent.id));
    for (const path of [...places, transcript]) if (await holds(path, id, looks)) return true;
  }
  return false;
}

/** Looks at what was written since the last look. A line counts once it is complete, as for those who count. */
async function holds(path: string, id: string, looks: Map<string, number>): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    // Not held up by what is no file.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return false;
    const from = Math.min(looks.get(path) ?? Math.max(0, stat.size - firstLook), stat.size);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size - from), 0, stat.size - from, from);
    const text = buffer.subarray(0, bytesRead);
    const at = text.indexOf(`"${id}"`);
    if (at >= 0 && text.includes('\n', at)) return true;
    // The last line may not be complete: it is looked at again.
    looks.set(path, from + text.lastIndexOf('\n') + 1);
    return false;
  } catch {
    // It is not there yet.
    return false;
  } finally {
    await file?.close();
  }
}
