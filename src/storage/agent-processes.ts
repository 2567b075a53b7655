import type { AgentProcess, Place } from '../governor/ports.ts';
import type { AgentProgram } from './agent-programs.ts';

/** A process that is an agent, by how it was started. */
export interface AgentFound extends AgentProgram {
  readonly process: AgentProcess;
  readonly parent: number;
  readonly startedAt: number;
  /** Empty where the system does not say. */
  readonly cwd: string;
  readonly place: Place;
  /** The variables it was started with that say where it keeps its files. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Finds the agents among this person's processes. */
export interface AgentProcesses {
  readonly all: () => Promise<readonly AgentFound[]>;
  /** Where a process runs that is known to be an agent. */
  readonly placeOf: (pid: number) => Place;
}

/**
 * One run of an agent may be two processes: a script that starts the program, a program that starts itself anew with other options.
 * The first of them stands for both, unless the agent itself names the second.
 */
export function oneForEach(found: readonly AgentFound[], isNamed: (pid: number) => boolean): readonly AgentFound[] {
  const byPid = new Map(found.map((one) => [one.process.pid, one]));
  const isSameRun = (outer: AgentFound | undefined, inner: AgentFound): boolean => outer?.agent === inner.agent;
  const hidden = new Set<number>();
  for (const inner of found) {
    const outer = byPid.get(inner.parent);
    if (outer === undefined || !isSameRun(outer, inner)) continue;
    if (isNamed(outer.process.pid) && isNamed(inner.process.pid)) continue;
    hidden.add(isNamed(inner.process.pid) ? outer.process.pid : inner.process.pid);
  }
  return found.filter(({ process }) => !hidden.has(process.pid));
}

/** Whoever starts an agent chooses them. */
const longestName = 60;

/** What the environment says about where a process runs. */
export function placeIn(
  environment: Readonly<Record<string, string | undefined>>,
  tty: string | undefined,
  parent: string | undefined,
): Place {
  const editor = environment['CLAUDE_CODE_ENTRYPOINT']?.startsWith('claude-') === true ? environment['CLAUDE_CODE_ENTRYPOINT'] : undefined;
  const program = editor ?? environment['TERM_PROGRAM'] ?? environment['TERMINAL_EMULATOR'];
  const through = [
    ...(environment['TMUX'] === undefined ? [] : (['tmux'] as const)),
    ...(environment['SSH_CONNECTION'] === undefined ? [] : (['ssh'] as const)),
  ];
  return {
    ...(program === undefined || program === '' ? {} : { program: program.slice(0, longestName) }),
    ...(tty === undefined ? {} : { tty }),
    ...(parent === undefined ? {} : { parent: parent.slice(0, longestName) }),
    ...(through.length === 0 ? {} : { through }),
  };
}
