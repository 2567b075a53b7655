import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { percentile, scratchHome, startBuiltGovernor, stopGovernor } from './scratch-home.ts';

const pairs = 41;
const hook = join(import.meta.dirname, '..', '..', 'dist', 'hook.mjs');

/** A command hook is a process for each call: what ours takes, from its start to its answer, beside a Node that does nothing. */
export async function measureCommandHook(): Promise<readonly Figure[]> {
  using scratch = scratchHome('ordinary');
  const reached = await startBuiltGovernor(scratch.home);
  const message = (n: number): string =>
    JSON.stringify({
      session_id: 'bench',
      cwd: scratch.project,
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: 'git status' },
      tool_use_id: `call_${n}`,
    });
  const env = { PATH: '/usr/bin:/bin', HOME: scratch.home.root, COUNTERSIGN_HOME: scratch.home.root };
  const run = (args: readonly string[], input: string): number => {
    const before = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [...args], { env, input });
    if (status !== 0) throw new Error(`The hook ended with ${status}: ${stderr.toString()}`);
    return performance.now() - before;
  };
  const measured = Array.from({ length: pairs }, (_, n) => ({
    empty: run(['-e', '0'], ''),
    ours: run([hook, 'codex', 'PreToolUse', '--installed'], message(n)),
  }));
  await stopGovernor(reached);
  const median = (of: (one: (typeof measured)[number]) => number): number => percentile(measured.map(of), 0.5);
  return [
    { what: `a Node process that does nothing, ${pairs} runs: median`, value: median(({ empty }) => empty), unit: 'ms' },
    {
      what: 'our command hook with a governor, run in turn with it: times that',
      value: median(({ ours, empty }) => ours / empty),
      unit: '×',
      limit: 1.25,
    },
  ];
}
