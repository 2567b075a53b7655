import { readdirSync, readFileSync } from 'node:fs';
import { until } from '../../lab/editor/until.ts';

/** Every live process with this home as its HOME: the client, its children, our hooks, the governor. Linux only. */
export function processesOf(home: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(`HOME=${home}`));
}

export async function endProcessesOf(home: string): Promise<void> {
  await until(`everything of ${home} to end`, async () => {
    const left = processesOf(home);
    for (const pid of left) kill(pid);
    return left.length === 0;
  });
}

/** Empty for a process that has just ended, or that is another user's. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
