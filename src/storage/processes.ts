import type { AgentProcess, FoundAgent, KillReport, Processes } from '../governor/ports.ts';
import { type ScannedAgent, scanAgents } from './agent-scan.ts';
import { claudeFolder } from './agent-folders.ts';
import { type RegisteredSession, registeredSessions } from './claude-registry.ts';
import type { SharedServers } from './codex-servers.ts';
import { Hunt } from './hunt.ts';
import { type ProcessTable, type RunningProcess, processTable } from './process-table.ts';

export interface ProcessesOptions {
  /** Where Claude Code keeps its files. */
  readonly claudeFolders?: () => readonly string[];
  readonly table?: ProcessTable;
  readonly scan?: () => readonly ScannedAgent[];
  /** Left out where no session is ended: then none is known. */
  readonly servers?: SharedServers;
}

/** How long the system may take to end what was killed hard. */
const hardMs = 2000;

/** The processes of this machine. */
export class MachineProcesses implements Processes {
  readonly #claudeFolders: () => readonly string[];
  readonly #table: ProcessTable;
  readonly #scan: () => readonly ScannedAgent[];
  readonly #servers: SharedServers | undefined;

  constructor(options: ProcessesOptions = {}) {
    this.#claudeFolders = options.claudeFolders ?? (() => [claudeFolder()]);
    this.#table = options.table ?? processTable();
    this.#scan = options.scan ?? scanAgents;
    this.#servers = options.servers;
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
   * A server of several sessions is asked to end this one instead, and spared.
   */
  readonly end = async (process: AgentProcess | undefined, session: string, graceMs: number): Promise<KillReport> => {
    const began = performance.now();
    const server = session !== '' && process !== undefined && this.#isShared(process.pid) && this.isAlive(process) ? process : undefined;
    const agent = server === undefined ? process : undefined;
    // Before the server is asked: what its turn started may lose its parent with it.
    const hunt = new Hunt({ table: this.#table, agent, session, spared: server?.pid, isShared: this.#isShared });
    const fault = server && ((await this.#servers?.end(server.pid, session).catch(asError)) ?? undefined);
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
    return server && this.isAlive(server) ? within(server, hunt.report(), fault) : hunt.report();
  };

  readonly #isShared = (pid: number): boolean => this.#servers?.isShared(pid) === true;

  /** What an agent has started is a part of it, even another agent; but not a server that other sessions use. */
  #unregistered(known: readonly number[]): readonly FoundAgent[] {
    const scanned = this.#scan().filter(({ pid }) => pid !== process.pid && !known.includes(pid));
    if (scanned.length === 0) return [];
    const parents = new Map(this.#table.all().map(({ pid, parent }) => [pid, parent]));
    const agents = new Set([...known, ...scanned.map(({ pid }) => pid)]);
    return scanned
      .map((found) => (this.#isShared(found.pid) ? { ...found, isShared: true as const } : found))
      .filter((found) => 'isShared' in found || !ancestorsOf(found.pid, parents).some((ancestor) => agents.has(ancestor)))
      .flatMap(({ pid, ...about }) => {
        const process = this.identify(pid);
        return process === undefined ? [] : [{ ...about, process }];
      });
  }
}

function within({ pid }: AgentProcess, { ended, left }: KillReport, fault: Error | undefined): KillReport {
  if (fault === undefined) return { ended, left, within: pid };
  return { ended, left: [...left, { pid, why: `other sessions use it, too, and it did not end this one: ${fault.message}` }] };
}

function asError(fault: unknown): Error {
  return fault instanceof Error ? fault : new Error(String(fault));
}

function ancestorsOf(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const above: number[] = [];
  for (let at = parents.get(pid); at !== undefined && at > 1 && !above.includes(at); at = parents.get(at)) above.push(at);
  return above;
}
