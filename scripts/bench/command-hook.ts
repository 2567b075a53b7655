import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { renderLauncher } from '../../src/storage/install/launcher.ts';
import { percentile, scratchHome, startBuiltGovernor, stopGovernor } from './scratch-home.ts';

const rounds = 41;
const hook = join(import.meta.dirname, '..', '..', 'dist', 'hook.mjs');

/**
 * A command hook is a process for each call: what ours takes, from the shell that a client starts to its answer, beside a Node that does
 * nothing. The program behind the launcher is what answers where there is no bash, and where no governor does.
 */
export async function measureCommandHook(): Promise<readonly Figure[]> {
  using scratch = scratchHome('ordinary');
  const reached = await startBuiltGovernor(scratch.home);
  const env = { PATH: '/usr/bin:/bin', HOME: scratch.home.root, COUNTERSIGN_HOME: scratch.home.root };
  renderLauncher({ home: scratch.home, runtime: process.execPath, script: hook, environment: env });
  const line = `${join(scratch.home.agents, 'hook')} codex PreToolUse --installed --parent=$PPID || { echo refused >&2; exit 2; }`;
  const message = (id: string): string =>
    JSON.stringify({
      session_id: 'bench',
      cwd: scratch.project,
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: 'git status' },
      tool_use_id: id,
    });
  const run = (command: string, args: readonly string[], input: string): number => {
    const before = performance.now();
    const { status, stderr } = spawnSync(command, args, { env, input });
    if (status !== 0) throw new Error(`The hook ended with ${status}: ${stderr.toString()}`);
    return performance.now() - before;
  };
  const measured = Array.from({ length: rounds }, (_, n) => ({
    empty: run(process.execPath, ['-e', '0'], ''),
    ours: run('/bin/sh', ['-c', line], message(`call_${n}`)),
    program: run(process.execPath, [hook, 'codex', 'PreToolUse', '--installed'], message(`program_${n}`)),
  }));
  await stopGovernor(reached);
  const median = (of: (one: (typeof measured)[number]) => number): number => percentile(measured.map(of), 0.5);
  return [
    { what: `a Node process that does nothing, ${rounds} runs: median`, value: median(({ empty }) => empty), unit: 'ms' },
    { what: 'our command hook with a governor, as clients start it: median', value: median(({ ours }) => ours), unit: 'ms' },
    { what: 'run in turn with that Node: times it', value: median(({ ours, empty }) => ours / empty), unit: '×', limit: 1.25 },
    { what: 'the program behind it, in Node: times that', value: median(({ program, empty }) => program / empty), unit: '×' },
  ];
}
