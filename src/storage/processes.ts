import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentProcess, FoundAgent, KillReport, Processes } from '../governor/ports.ts';
import { type ScannedAgent, scanAgents } from './agent-scan.ts';
import { claudeFolder, type RegisteredSession, registeredSessions } from './claude-registry.ts';
import { hasCode } from './private-file.ts';
import { type ProcessTable, type RunningProcess, processTable } from './process-table.ts';

export interface ProcessesOptions {
  /** Where Claude Code keeps its files. */
  readonly claudeFolders?: () => readonly string[];
  readonly table?: ProcessTable;
  readonly scan?: () => readonly ScannedAgent[];
}

/** Set by Claude Code and Qwen Code for every command they start, and inherited by daemons that have left the process tree. */
const sessionVariables = ['CLAUDE_CODE_SESSION_ID', 'QWEN_CODE_SESSION_ID'];
const pollMs = 25;
/** How long the system may take to end what was killed hard. */
const hardMs = 2000;

/** The processes of this machine. */
export class MachineProcesses implements Processes {
  readonly #claudeFolders: () => readonly string[];
  readonly #table: ProcessTable;
  readonly #scan: () => readonly ScannedAgent[];

  constructor(options: ProcessesOptions = {}) {
    this.#claudeFolders = options.claudeFolders ?? (() => [claudeFolder()]);
    this.#table = options.table ?? processTable();
    this.#scan = options.scan ?? scanAgents;
  }

  readonly find = (agent: string, session: string): AgentProcess | undefined =>
    this.registered().find((known) => known.agent === agent && known.session === session)?.process;

  /** Every session that an agent itself says is running, governed or not. */
  readonly registered = (folders = this.#claudeFolders()): readonly RegisteredSession[] =>
    folders.flatMap((folder) => registeredSessions(folder, this.#table));

  readonly agents = (): readonly FoundAgent[] => {
    const registered = this.registered();
    return [...registered, ...this.#unregistered(registered.map(({ process }) => process.pid))];
  };

  readonly identify = (pid: number): AgentProcess | undefined => {
    const running = this.#table.one(pid);
    return running === undefined ? undefined : { pid, start: running.start };
  };

  readonly isAlive = (process: AgentProcess): boolean => this.identify(process.pid)?.start === process.start;

  /**
   * The agent gets the clean signal first and alone, so that it can end its own children and write down what it must;
   * once it is gone, or half of the time is, its children get it. Whatever is left after `graceMs` is killed.
   * Not found are processes that left both the tree and the environment of the session before this was called.
   */
  readonly end = async (agent: AgentProcess | undefined, session: string, graceMs: number): Promise<KillReport> => {
    const began = performance.now();
    const hunt = new Hunt(this.#table, agent, session);
    const isAgent = (found: RunningProcess): boolean => found.pid === agent?.pid;
    hunt.signal('clean', isAgent);
    await hunt.until(() => agent === undefined || !this.isAlive(agent), began + graceMs / 2);
    hunt.collect();
    hunt.signal('clean', (found) => !isAgent(found));
    await hunt.until(() => hunt.alive().length === 0, began + graceMs);
    // What is killed may have started something just before: look again until nothing new turns up, twice.
    for (let round = 0, quiet = 0; round < 6 && quiet < 2; round += 1) {
      quiet = hunt.collect().length > 0 ? 0 : quiet + 1;
      hunt.signal('hard', () => true);
      await hunt.until(() => hunt.alive().length === 0, performance.now() + hardMs / 5);
    }
    return hunt.report();
  };

  /** What an agent has started is a part of it, even another agent. */
  #unregistered(known: readonly number[]): readonly FoundAgent[] {
    const scanned = this.#scan().filter(({ pid }) => pid !== process.pid && !known.includes(pid));
    if (scanned.length === 0) return [];
    const parents = new Map(this.#table.all().map(({ pid, parent }) => [pid, parent]));
    const agents = new Set([...known, ...scanned.map(({ pid }) => pid)]);
    return scanned
      .filter(({ pid }) => !ancestorsOf(pid, parents).some((ancestor) => agents.has(ancestor)))
      .flatMap(({ pid, ...about }) => {
        const process = this.identify(pid);
        return process === undefined ? [] : [{ ...about, process }];
      });
  }
}

function ancestorsOf(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const above: number[] = [];
  for (let at = parents.get(pid); at !== undefined && at > 1 && !above.includes(at); at = parents.get(at)) above.push(at);
  return above;
}

/** One attempt to end a session: remembers every process that was ever found to belong to it. */
class Hunt {
  readonly #table: ProcessTable;
  readonly #agent: AgentProcess | undefined;
  readonly #session: string;
  readonly #found = new Map<number, RunningProcess>();
  readonly #refused = new Map<number, string>();

  constructor(table: ProcessTable, agent: AgentProcess | undefined, session: string) {
    this.#table = table;
    this.#agent = agent;
    this.#session = session;
    this.collect();
  }

  /** Adds what belongs to the session now, and gives those that are alive. */
  collect(): readonly RunningProcess[] {
    const running = this.#table.all().filter((process) => !isSpared(process));
    const members = new Set(this.alive().map((process) => process.pid));
    const agent = this.#agent;
    if (running.some((process) => process.pid === agent?.pid && process.start === agent.start)) members.add(agent?.pid ?? 0);
    for (const pid of this.#marked(running)) members.add(pid);
    grow(members, agent?.pid, running);
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
 * be that of the script or pipeline which started the agent.
 */
function grow(members: Set<number>, agent: number | undefined, running: readonly RunningProcess[]): void {
  for (let size = -1; size !== members.size;) {
    size = members.size;
    for (const process of running) {
      const led = process.group !== agent && members.has(process.group);
      if (led || members.has(process.parent)) members.add(process.pid);
    }
  }
}
