import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHooks } from '../agents/copilot-cli/open-hooks.ts';
import { canonicalJson } from '../engine/audit/canonical.ts';
import type { ToolCall } from '../engine/tool-call.ts';
import { subagentsOf } from './claude-transcripts.ts';
import { copilotRecordOf } from './agent-folders.ts';

/** Claude Code writes its transcript a tenth of a second after it made an entry; a machine at work takes longer. */
const slowestMs = 5_000;
const lookEveryMs = 10;
/** Longer than the line of a call that writes a large file. */
const firstLook = 2 * 1024 * 1024;

/**
 * Whether the agent's own record holds a call, and so the response that asks for it. Waits for it: the hook may come before the
 * line is written. Of agents whose records we do not know, nothing is asked.
 */
export async function isRecorded(call: ToolCall, forMs = slowestMs): Promise<boolean> {
  const { id, agent, session, subagent } = call;
  if (agent.name === 'copilot-cli') return waitsInRecord(call, forMs);
  // What the agent asks its own person about has no id of its own, and was decided on before.
  if (agent.name !== 'claude-code' || id === '') return true;
  const { transcript = '' } = session;
  if (transcript === '') return false;
  const looks = new Map<string, number>();
  for (const deadline = performance.now() + forMs; performance.now() < deadline; await sleep(lookEveryMs)) {
    const places = subagent === undefined ? [] : subagentsOf(transcript).filter((path) => path.includes(subagent.id));
    for (const path of [...places, transcript]) if (await holds(path, id, looks)) return true;
  }
  return false;
}

/** Copilot writes its record a tenth of a second later, too. By then it cannot be that an earlier hook only seems to be open. */
const settledMs = 1_000;

/**
 * Copilot tells its hooks no id. Its record says which hooks it waits for: one that was asked about such a call is ours. Another hook
 * before us may have changed the arguments; then any that has been open for long enough.
 */
async function waitsInRecord({ session, subagent, arguments: input }: ToolCall, forMs: number): Promise<boolean> {
  const path = session.transcript ?? copilotRecordOf(session.id);
  if (path === undefined) return false;
  const wanted = canonicalJson(input);
  const asked = performance.now();
  for (let size = -1; performance.now() < asked + forMs; await sleep(lookEveryMs)) {
    const isSettled = performance.now() > asked + settledMs;
    const end = await tailOf(path);
    if (end.size === size && !isSettled) continue;
    ({ size } = end);
    const waiting = openHooks(end.text, subagent?.id ?? session.id);
    if (waiting.some((calls) => isSettled || calls.some((call) => canonicalJson(call) === wanted))) return true;
  }
  return false;
}

async function tailOf(path: string): Promise<{ readonly size: number; readonly text: string }> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await file.stat();
    const from = Math.max(0, size - firstLook);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return { size, text: buffer.toString('utf8', 0, bytesRead) };
  } catch {
    // It is not there yet.
    return { size: -1, text: '' };
  } finally {
    await file?.close();
  }
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
