import { existsSync } from 'node:fs';
import type { Agent } from '../../agents/agent.ts';
import { sessionsWithHooks, toldRequests } from '../../agents/claude-code/telemetry.ts';
import { removeDiscovery } from '../../channel/discovery.ts';
import type { HookEndpoint } from '../../channel/http-server.ts';
import type { Problem, Status } from '../../channel/messages.ts';
import { startSocketEndpoint, type SocketEndpoint } from '../../channel/socket-server.ts';
import type { Governor } from '../../governor/governor.ts';
import type { Decide, Weakens } from '../../governor/office.ts';
import { readConfig, writeConfig } from '../../storage/config.ts';
import { hasRemotes } from '../../storage/mcp-remotes.ts';
import type { Home } from '../../storage/home.ts';
import { tryLead, type Leader } from '../../storage/leader.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { governorOf } from './governor-of.ts';
import { openHookLine } from './open-hook-line.ts';
import { openHookPort } from './hook-port.ts';
import { endWhenIdle } from './idle.ts';
import { lookWhileWatched } from './look-around.ts';
import type { Machine } from './machine.ts';
import { tellWhere } from './tell-where.ts';
import { McpEndpoint } from './mcp-endpoint.ts';
import { leaveOldPort } from './moved-port.ts';
import { Clients } from './clients.ts';
import { Searches } from './searches.ts';
import type { TamperDesk } from './tamper-desk.ts';
import type { WatchTamper } from './watch-tamper.ts';

export interface RunOptions {
  readonly home: Home;
  readonly version: string;
  readonly agents: ReadonlyMap<string, Agent>;
  /** Opened only by the process that leads. */
  readonly openMachine: () => Machine;
  readonly weakens: (port: number) => Weakens;
  /** Watches what decides whether agents have our hooks; left out where nobody installs any. */
  readonly watchTamper?: WatchTamper;
  readonly decide?: Decide;
  readonly idleMs?: number;
  /** The port is known, before anyone is told: what agents' settings name must fit it. */
  readonly onPort?: (port: number) => void | Promise<void>;
  readonly log: (line: string) => void;
}

export interface RunningGovernor {
  readonly governor: Governor;
  readonly port: number;
  readonly status: () => Status;
  /** Calls that wait are refused. Again does no harm. */
  readonly stop: (reason: string) => Promise<void>;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
}

/** Runs the governor of this home in this process; `undefined` when another process does already. */
export async function runGovernor(options: RunOptions): Promise<RunningGovernor | undefined> {
  const leader = tryLead(options.home);
  if (leader === undefined) return undefined;
  const run = makeRun(options, leader);
  try {
    await run.start();
    return run;
  } catch (error) {
    await run.stop('It could not start');
    throw error;
  }
}

function makeRun(options: RunOptions, leader: Leader): Run {
  try {
    return new Run(options, leader);
  } catch (error) {
    leader.release();
    throw error;
  }
}

const idleMs = 10 * 60_000;
/** The first calls come while the governor starts; counting can wait for them. */
const countAfterMs = 1_500;

function notCounted(): never {
  throw new Error('Nothing is counted here.');
}

class Run implements RunningGovernor {
  readonly #options: RunOptions;
  readonly #leader: Leader;
  readonly #machine: Machine;
  readonly #startedAt = Date.now();
  readonly #problems: Problem[] = [];
  readonly #done = Promise.withResolvers<void>();
  readonly governor: Governor;
  readonly #searches: Searches;
  readonly #mcp: McpEndpoint;
  #hooks: HookEndpoint | undefined;
  #sockets: SocketEndpoint | undefined;
  #closeHookLine: () => Promise<void> = async () => undefined;
  #moving: Promise<void> = Promise.resolve();
  #tamper: TamperDesk | undefined;
  #stopWatching: () => void = () => undefined;
  #stopLooking: () => void = () => undefined;
  #tellProblems: () => void = () => undefined;
  #stopping: Promise<void> | undefined;
  #counting: NodeJS.Timeout | undefined;

  constructor(options: RunOptions, leader: Leader) {
    this.#options = options;
    this.#leader = leader;
    this.#machine = options.openMachine();
    this.governor = governorOf(options, this.#machine, {
      onProblems: () => this.#tellProblems(),
      obstacle: (cwd) => this.#tamper?.obstacle(cwd),
      lookAround: () => this.#tamper?.look(),
      weakens: (file, source) => options.weakens(this.port)(file, source),
      onFault: (error) => this.#fault(error),
    });
    const { home, version } = options;
    this.#mcp = new McpEndpoint(home);
    this.#searches = new Searches({ audit: home.audit, home: home.root, version }, (error) => this.#fault(error));
  }

  get port(): number {
    return this.#hooks?.port ?? 0;
  }
  get stopped(): Promise<void> {
    return this.#done.promise;
  }

  readonly status = (): Status => {
    const paused = this.governor.pauseOfAll();
    const observing = this.governor.observing();
    const policies = this.governor.policiesRevision();
    return {
      version: this.#options.version,
      pid: process.pid,
      startedAt: this.#startedAt,
      port: this.port,
      home: this.#options.home.root,
      pending: this.governor.approvals().length,
      sessions: this.governor.inSight().filter(({ state }) => state !== 'ended' && state !== 'killed').length,
      ...(this.#tamper === undefined ? {} : { level: this.#tamper.level }),
      ...(paused === undefined ? {} : { paused }),
      ...(observing.length === 0 ? {} : { observing }),
      ...(policies === undefined ? {} : { policies }),
      problems: [...this.#problems, ...this.governor.problems(), ...(this.#tamper?.problems() ?? []), ...this.#machine.problems()],
    };
  };

  readonly stop = (reason: string): Promise<void> => (this.#stopping ??= this.#stop(reason));

  async start(): Promise<void> {
    const { home, version, log } = this.#options;
    const clientToken = readOrCreateToken(home.clientToken);
    // Told before anyone can connect: a governor that hangs while it starts can be found and replaced.
    this.#tellWhere();
    await this.governor.record('governor', `The governor ${version} started.`, { event: 'start', version, pid: process.pid });
    const { logFault } = this.#machine;
    if (logFault !== undefined) await this.governor.record('incident', logFault, { event: 'log-lost-entries' });
    await this.#openHooks(clientToken);
    const onFault = (error: unknown): void => this.#fault(error);
    const clients = new Clients({
      governor: this.governor,
      searches: this.#searches,
      status: this.status,
      peers: () => this.#sockets?.peers() ?? [],
      reviewed: (answer, from) => this.#machine.windowModels?.answered(answer, from),
      spend: (query) => this.#machine.spend?.report(query) ?? notCounted(),
      user: () => this.#machine.ports.surroundings.user().name,
      look: (folder) => this.#look(folder),
      shutdown: (reason) => setImmediate(() => void this.stop(reason)),
      onFault,
    });
    this.#machine.windowModels?.use(() => this.#sockets?.peers() ?? []);
    this.#look(home.root);
    this.#tellProblems = () => clients.tellStatus();
    this.#machine.onProblems?.(this.#tellProblems);
    this.#sockets = await startSocketEndpoint({ path: home.socket, clientToken, service: clients.service, onFault });
    this.#tellWhere();
    const { governor } = this;
    // Without it hooks take the way over the socket.
    await this.#attempt(async () => (this.#closeHookLine = await openHookLine(home, governor, onFault)));
    this.#stopLooking = lookWhileWatched(governor, () => this.#sockets?.peers() ?? [], onFault);
    this.#stopWatching = endWhenIdle({
      governor,
      peers: () => this.#sockets?.peers() ?? [],
      isAwaited: () => hasRemotes(home),
      isHomeThere: () => existsSync(home.root),
      afterMs: this.#options.idleMs ?? idleMs,
      end: () => void this.stop('Nobody needed it any more'),
    });
    this.#watchTamper();
    this.governor.reconcile();
    if (hasRemotes(home)) this.#mcp.ready();
    this.#counting = setTimeout(() => this.#machine.spend?.start(), countAfterMs).unref();
    log(`Countersign ${version} governs ${home.root} as process ${process.pid}, hooks on port ${this.port}`);
  }

  async #openHooks(clientToken: string): Promise<void> {
    const { home } = this.#options;
    const config = readConfig(home);
    this.#hooks = await openHookPort(
      {
        hookToken: readOrCreateToken(home.hookToken),
        clientToken,
        hook: (agent, message, signal) => this.governor.hook(agent, message, { via: 'http', signal }),
        mcp: this.#mcp,
        telemetry: (body) => this.#takeTelemetry(body),
        onFault: (error) => this.#fault(error),
      },
      config.port,
    );
    this.#machine.governsOn?.(this.port);
    await this.#options.onPort?.(this.port);
    if (config.port === undefined) writeConfig(home, { ...config, port: this.port });
    else if (config.port !== this.port) await this.#movePort(config.port);
  }

  /** Looked up each time: it is switched on and off while we run. */
  #takeTelemetry(body: unknown): boolean {
    if (readConfig(this.#options.home).telemetry !== true) return false;
    this.#machine.spend?.requests(toldRequests(body));
    for (const session of sessionsWithHooks(body)) this.governor.hasHooks('claude-code', session);
    return true;
  }

  /** Settings that are read from now on name the new port. The old one is forgotten only when nobody can use it any more. */
  async #movePort(from: number): Promise<void> {
    const { home } = this.#options;
    const to = this.port;
    const message = `Another program took port ${from}; hooks now use port ${to}. Sessions that ran were ended: start them again.`;
    this.#problems.push({ id: 'port-moved', message });
    // Ending takes seconds; clients need not wait for it.
    this.#moving = leaveOldPort(this.governor, from, to)
      .then(() => writeConfig(home, { ...readConfig(home), port: to }))
      .catch((error: unknown) => this.#fault(error));
  }

  #watchTamper(): void {
    this.#tamper = this.#options.watchTamper?.({
      port: this.port,
      governor: this.governor,
      windows: () => (this.#sockets?.peers() ?? []).flatMap(({ window }) => window?.folders ?? []),
      changed: () => {
        this.#tellProblems();
        this.governor.proofsChanged();
      },
      onFault: (error) => this.#fault(error),
    });
  }

  #look(folder: string): void {
    try {
      this.#machine.ports.policies.inForce(folder);
    } catch (error) {
      // The calls made there will be refused with the same fault.
      this.#fault(error);
    }
  }

  #tellWhere(): void {
    const { home, version } = this.#options;
    tellWhere(home, { startedAt: this.#startedAt, port: this.port, version }, this.#machine.ports.processes);
  }

  async #stop(reason: string): Promise<void> {
    const { home, log } = this.#options;
    log(`Stopping: ${reason}`);
    this.#stopWatching();
    clearTimeout(this.#counting);
    this.#tamper?.stop();
    this.#stopLooking();
    await this.#moving;
    await this.#attempt(() => this.governor.dispose());
    await this.#attempt(() => this.#closeHookLine());
    await this.#attempt(() => this.#sockets?.close());
    await this.#attempt(() => this.#hooks?.close());
    await this.#attempt(() => this.#mcp.close());
    await this.#attempt(() => this.#searches.stop());
    await this.#attempt(() =>
      this.governor.record('governor', `The governor stopped: ${reason}.`, { event: 'stop', version: this.#options.version }),
    );
    await this.#attempt(() => removeDiscovery(home.discovery, process.pid));
    await this.#attempt(() => this.#machine.close());
    this.#leader.release();
    this.#done.resolve();
  }

  /** One part that does not end well must not keep the others from ending. */
  async #attempt(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    this.#options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
