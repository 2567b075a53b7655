import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentProcess, KillReport } from '../governor/ports.ts';
import { hasCode } from './private-file.ts';
import type { ProcessTable, RunningProcess } from './process-table.ts';

export interface Quarry {
  readonly table: ProcessTable;
  readonly agent: AgentProcess | undefined;
  readonly session: string;
  /** It belongs to others, too, whatever its environment says. */
  readonly spared: number | undefined;
  /** Whether a process works for several sessions. */
  readonly isShared: (pid: number) => boolean;
}

/**
 * Set by Claude Code, Qwen Code and Codex (there also for the commands of subagents) for every command they start, and inherited by
 * daemons that have left the process tree.
 */
const sessionVariables = ['CLAUDE_CODE_SESSION_ID', 'QWEN_CODE_SESSION_ID', 'CODEX_SESSION_ID'];
const pollMs = 25;

/** One attempt to end a session: remembers every process that was ever found to belong to it. */
export class Hunt {
  readonly #table: ProcessTable;
  readonly #agent: AgentProcess | undefined;
  readonly #session: string;
  readonly #isShared: (pid: number) => boolean;
  readonly #spared: number | undefined;
  readonly #found = new Map<number, RunningProcess>();
  readonly #refused = new Map<number, string>();

  constructor({ table, agent, session, spared, isShared }: Quarry) {
    this.#table = table;
    this.#agent = agent;
    this.#session = session;
    this.#spared = spared;
    this.#isShared = isShared;
    this.collect();
  }

  /** Adds what belongs to the session now, and gives those that are alive. */
  collect(): readonly RunningProcess[] {
    const running = this.#table.all().filter((process) => process.pid !== this.#spared && !isSpared(process));
    const members = new Set(this.alive().map((process) => process.pid));
    const agent = this.#agent;
    if (running.some((process) => process.pid === agent?.pid && process.start === agent.start)) members.add(agent?.pid ?? 0);
    for (const pid of this.#marked(running)) members.add(pid);
    grow(members, agent?.pid, running, this.#isShared);
    for (const process of running) if (members.has(process.pid)) this.#found.set(process.pid, process);
    return this.alive();
  }

  alive(): readonly RunningProcess[] {
    return [...this.#found.values()].filter((process) => this.#table.one(process.pid)?.start === process.start);
  }

  /** Each one is looked at again right before: a pid may have gone to somebody else. */
  signal(how: 'clean' | 'hard', to: (process: RunningProcess) => boolean): void {
    for (const process of this.alive().filter(to)) {
      try {
        this.#table.signal(process.pid, how);
      } catch (error) {
        if (hasCode(error, 'ESRCH')) continue;
        this.#refused.set(process.pid, whyRefused(error));
      }
    }
  }

  async until(done: () => boolean, deadline: number): Promise<void> {
    while (!done() && performance.now() < deadline) await sleep(pollMs);
  }

  report(): KillReport {
    const left = this.alive().map(({ pid }) => ({ pid, why: this.#refused.get(pid) ?? 'it is still running after the hard signal' }));
    const ended = [...this.#found.keys()].filter((pid) => !left.some((process) => process.pid === pid));
    return { ended, left };
  }

  #marked(running: readonly RunningProcess[]): readonly number[] {
    if (this.#session === '') return [];
    return sessionVariables.flatMap((name) => this.#table.withVariable(name, this.#session, running));
  }
}

function whyRefused(error: unknown): string {
  if (hasCode(error, 'EPERM')) return 'it may not be signalled: it belongs to another user, or to a container';
  return error instanceof Error ? error.message : String(error);
}

/** Not the system's first process, and not us: the governor may have been started from within the session it ends. */
function isSpared(candidate: RunningProcess): boolean {
  return candidate.pid <= 1 || candidate.pid === process.pid;
}

/**
 * Adds children, and the groups that a member leads, until nothing changes. The agent's own group is left out: it may
 * be that of the script or pipeline which started the agent. So is a server of several sessions: whichever came first started it.
 */
function grow(
  members: Set<number>,
  agent: number | undefined,
  running: readonly RunningProcess[],
  isShared: (pid: number) => boolean,
): void {
  for (let size = -1; size !== members.size;) {
    size = members.size;
    for (const process of running) {
      const led = process.group !== agent && members.has(process.group);
      if (!members.has(process.pid) && (led || members.has(process.parent)) && !isShared(process.pid)) members.add(process.pid);
    }
  }
}
