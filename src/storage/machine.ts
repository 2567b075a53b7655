import { randomUUID } from 'node:crypto';
import type { PolicyFile } from '../engine/policy/policy-set.ts';
import type { Clock, Ports } from '../governor/ports.ts';
import { isObserved } from '../engine/policy/observing.ts';
import type { AgentProcesses } from './agent-processes.ts';
import { pinStore } from './artifact/pin-store.ts';
import { startStore } from './artifact/start-store.ts';
import { AuditDatabase } from './audit-log.ts';
import { ClaudeFolders, installedFolders } from './claude-folders.ts';
import { claudePromptFiles } from './claude-prompt-files.ts';
import { ClaudeSockets } from './claude-sockets.ts';
import { claudeFolder } from './agent-folders.ts';
import { codexServers } from './codex-servers.ts';
import { readConfig } from './config.ts';
import type { Home } from './home.ts';
import { LinuxAgents } from './linux-agents.ts';
import { organisationFolder } from './organisation-folder.ts';
import { PolicyFiles } from './policy-files.ts';
import { MachineProcesses } from './processes.ts';
import { PsAgents } from './ps-agents.ts';
import { isRecorded } from './recorded-call.ts';
import { policyParser } from './shipped-policies.ts';
import { MachineSightings } from './sightings.ts';
import { programPlaces } from './program-places.ts';
import { StateDatabase } from './state-db.ts';
import { MachineSurroundings } from './surroundings.ts';

/** Everything that the governor needs, of this machine, with what belongs to its life. */
export interface OpenMachine extends Disposable {
  readonly ports: Ports;
  readonly policies: PolicyFiles;
  readonly audit: AuditDatabase;
  readonly state: StateDatabase;
  readonly processes: MachineProcesses;
  readonly claudeFolders: ClaudeFolders;
  /** Keeps the text of a policy version for the log's readers. */
  readonly keepPolicy: (file: PolicyFile) => void;
  /** The port that hooks are answered on: what goes for it goes for us. */
  readonly governsOn: (port: number) => void;
  readonly close: () => void;
}

/** `builtIn`: the folder of the policies we ship. Throws what the disk throws. */
export function openMachine(home: Home, builtIn: string): OpenMachine {
  const state = new StateDatabase(home.state);
  const audit = new AuditDatabase(home.audit);
  const claudeFolders = new ClaudeFolders(state, () => installedFolders(home), new ClaudeSockets());
  const claudeHomes = (): readonly string[] => [...new Set([claudeFolder(), ...claudeFolders.all()])];
  const processes = new MachineProcesses({ claudeFolders: claudeHomes, servers: codexServers() });
  const sightings = new MachineSightings({
    agents: agentProcesses(),
    claudeFolders: claudeHomes,
    registered: processes.registered,
    port: () => readConfig(home).port,
  });
  const surroundings = new MachineSurroundings({ countersignHome: home.root, programs: programPlaces(builtIn) });
  const policies = new PolicyFiles({
    places: { organisation: organisationFolder(), user: home.policies, builtIn },
    workspaceOf: (cwd) => surroundings.workspace(cwd).root,
    parse: policyParser(builtIn),
    isTrusted: state.isTrusted,
    isObserved: (root) => isObserved(root, state.observations(), Date.now()),
  });
  const promptFiles = (_: string, name: string, cwd: string) => claudePromptFiles(claudeHomes(), name, cwd);
  const close = (): void => {
    policies.close();
    audit.close();
    state.close();
  };
  return {
    ports: {
      clock: systemClock,
      ids: randomUUID,
      policies,
      policyMemory: {
        last: state.lastPolicy,
        remember: state.saveLastPolicy,
        text: (digest) => audit.policyVersion(digest)?.source,
        trusted: state.trustedDigest,
      },
      surroundings,
      audit,
      state,
      processes,
      sightings,
      promptFiles,
      starts: startStore({ root: home.root, isTrusted: state.isTrusted }),
      pins: pinStore(home.root),
      timeZone,
      isRecorded,
    },
    policies,
    audit,
    state,
    processes,
    claudeFolders,
    keepPolicy: ({ digest, source, path, layer }) => audit.savePolicy({ digest, source, path, layer }, Date.now()),
    governsOn: surroundings.governsOn,
    close,
    [Symbol.dispose]: close,
  };
}

/** Asked each time: the person may travel. */
const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** On Windows only those are in sight that write a register of their own: nothing there tells how another process was started. */
function agentProcesses(): AgentProcesses {
  if (process.platform === 'linux') return new LinuxAgents();
  return process.platform === 'win32' ? { all: async () => [], placeOf: () => ({}) } : new PsAgents();
}

const systemClock: Clock = {
  now: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
