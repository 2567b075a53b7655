import { join } from 'node:path';
import type { AuditRecord } from '../../engine/audit/entry.ts';
import type { PolicyFile } from '../../engine/policy/policy-set.ts';
import type { Problem } from '../../channel/messages.ts';
import type { AgentRecords, Ports } from '../../governor/ports.ts';
import { ClaudeRecords } from '../../storage/claude-records.ts';
import { anchorOf } from '../../storage/audit-anchors.ts';
import { LogKeeper } from '../../storage/audit-keeper.ts';
import type { AuditDatabase } from '../../storage/audit-log.ts';
import { defaultRetentionDays } from '../../storage/audit-config.ts';
import { emptyOld } from '../../storage/audit-retention.ts';
import { LogSigner } from '../../storage/audit-signer.ts';
import { readConfig } from '../../storage/config.ts';
import type { Home } from '../../storage/home.ts';
import { installedAs, installedSince } from '../../storage/install/installed-record.ts';
import { type HookedAgent, OtherRecords, together } from '../../storage/other-records.ts';
import { openMachine as openStorage } from '../../storage/machine.ts';
import { lostEntries } from '../../storage/log-memory.ts';
import { startLiveExport } from './live-export.ts';
import { reviewProblems, reviewsOf } from './reviews.ts';
import { Spend } from './spend.ts';
import { WindowModels } from './window-models.ts';
import { shippedPolicies } from '../../storage/shipped-policies.ts';
import type { StateDatabase } from '../../storage/state-db.ts';

/** The ports of this machine with what belongs to their life. */
export interface Machine {
  readonly ports: Ports;
  readonly keepPolicy?: (file: PolicyFile) => void;
  readonly watchLog?: (listener: (records: readonly AuditRecord[]) => void) => void;
  /** What agents write about their own sessions. */
  readonly records?: AgentRecords;
  /** What agents' records say was used. */
  readonly spend?: Spend;
  /** Language models of editors, which are asked through their windows. */
  readonly windowModels?: WindowModels;
  /** What is missing from the log since the last governor wrote to it. */
  readonly logFault?: string;
  /** What a person must see: policy files with errors, a log that lost entries. */
  readonly problems: () => readonly Problem[];
  /** Calls `listener` when `problems` may have changed. */
  readonly onProblems?: (listener: () => void) => void;
  /** The settings folders of Claude Code, and its clients that run. */
  readonly clients?: () => { readonly configDirs: readonly string[]; readonly running: readonly RunningClient[] };
  readonly governsOn?: (port: number) => void;
  readonly close: () => void | Promise<void>;
}

/** A client that its own registry says is running. */
export interface RunningClient {
  readonly cwd: string;
  readonly version?: string;
}

export function openMachine(home: Home, onFault: (error: unknown) => void): Machine {
  const { ports, keepPolicy, audit, policies, state, processes, claudeFolders, governsOn, close } = openStorage(home, shippedPolicies());
  const logFault = lostEntries(audit, state.logHead());
  const head = rememberHead(audit, state);
  const hooks = join(home.agents, 'claude-code', 'plugins', 'countersign');
  const told = new Set<() => void>();
  const changed = (): void => told.forEach((listener) => listener());
  const keeper = keepSigned(home, audit, changed);
  const live = startLiveExport(home, changed);
  audit.onAppended(live.wake);
  const windowModels = new WindowModels();
  const spend = new Spend(() => ({ home: home.root, claudeFolders: claudeFolders.all() }), onFault);
  return {
    ports: { ...ports, spend, reviews: reviewsOf(home, windowModels) },
    windowModels,
    keepPolicy,
    spend,
    governsOn,
    records: together(
      new ClaudeRecords({ folders: claudeFolders, registered: processes.registered, hooks, state, onFault }),
      new OtherRecords({ hooked: (agent) => hookedIn(home, agent), state, onFault }),
    ),
    clients: () => ({ configDirs: claudeFolders.all(), running: processes.registered(claudeFolders.all()) }),
    watchLog: (listener) => void audit.onAppended(listener),
    ...(logFault === undefined ? {} : { logFault }),
    problems: () => [
      ...(logFault === undefined ? [] : [{ id: 'log', message: logFault }]),
      ...policies
        .problems()
        .map(({ file, position, message }) => ({ id: `policy:${file}:${position.line}`, message, file, line: position.line })),
      ...keeper.troubles,
      ...live.problems(),
      ...reviewProblems(home),
    ],
    onProblems: (listener) => {
      policies.onChange(listener);
      told.add(listener);
    },
    close: async () => {
      await spend.close();
      await live.close();
      await keeper.stop();
      head.stop();
      close();
    },
  };
}

function hookedIn(home: Home, agent: string): HookedAgent | undefined {
  const environment = installedAs(home, agent, '')?.environment;
  const since = installedSince(home, agent);
  return environment === undefined || since === undefined ? undefined : { environment, since };
}

function keepSigned(home: Home, log: AuditDatabase, changed: () => void): LogKeeper {
  const signer = new LogSigner({ path: home.audit, keyFile: home.auditKey, append: log.append, now: Date.now });
  const { anchors = [], retentionDays: days = defaultRetentionDays } = readConfig(home).audit ?? {};
  const old = { path: home.audit, append: log.append, now: Date.now, days };
  return new LogKeeper({
    log,
    signer,
    anchors: anchors.map((anchor) => anchorOf(anchor, home.timeStamps)),
    now: Date.now,
    changed,
    emptyOld: async () => emptyOld(old),
  });
}

/** Now and then, not at every entry: what it is for shows at the next start. */
const rememberMs = 250;

/** Keeps the log's head in the state; `stop` does so a last time. */
function rememberHead(audit: AuditDatabase, state: StateDatabase): { readonly stop: () => void } {
  let last: AuditRecord | undefined;
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    try {
      if (last !== undefined) state.saveLogHead({ seq: last.seq, hash: last.hash });
    } catch {
      // A state that cannot be written refuses the next call with its reason; an older head still shows a log that was erased.
    }
  };
  audit.onAppended((records) => {
    last = records.at(-1) ?? last;
    timer ??= setTimeout(save, rememberMs).unref();
  });
  return { stop: save };
}
