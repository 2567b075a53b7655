import { join } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import type { Governor } from '../../governor/governor.ts';
import type { Home } from '../../storage/home.ts';
import { agentTamper, type AgentTamper } from '../../storage/install/agent-tamper.ts';
import { installers } from '../../storage/install/installers.ts';
import { mcpTamper } from '../../storage/install/mcp-tamper.ts';
import type { RunningClient } from './machine.ts';
import { TamperDesk } from './tamper-desk.ts';

export interface TamperSurroundings {
  readonly port: number;
  readonly governor: Governor;
  /** Folders that windows have open. */
  readonly windows: () => readonly string[];
  readonly changed: () => void;
  readonly onFault: (error: unknown) => void;
}

export type WatchTamper = (surroundings: TamperSurroundings) => TamperDesk;

/** How many entries are looked through for what was told already. */
const remembered = 1_000;

/** Watches the settings of Claude Code in every folder where a session runs or a window is open. */
export function tamperWatch(
  home: Home,
  clients: () => { readonly configDirs: readonly string[]; readonly running: readonly RunningClient[] },
): WatchTamper {
  return ({ port, governor, windows, changed, onFault }) =>
    new TamperDesk({
      places: () => {
        const { configDirs, running } = clients();
        const live = governor.sessions().filter(({ state }) => state !== 'ended' && state !== 'killed');
        return {
          plugin: join(home.agents, 'claude-code'),
          port,
          configDirs,
          folders: [...new Set([...windows(), ...live.map(({ cwd }) => cwd), ...running.map(({ cwd }) => cwd)])].filter(
            (folder) => folder !== '',
          ),
          versions: running.flatMap(({ version }) => (version === undefined ? [] : [version])),
        };
      },
      others: both(
        agentTamper(home, manifest.version, installers.values()),
        mcpTamper({ home, environment: process.env, used: () => stillUsed(governor) }),
      ),
      earlier: () => governor.entries({ kind: 'config-change', limit: remembered }),
      record: (reason, detail) => governor.record('config-change', reason, detail),
      changed,
      onFault,
    });
}

function both(one: AgentTamper, other: AgentTamper): AgentTamper {
  return {
    findings: (folders) => [...one.findings(folders), ...other.findings(folders)],
    files: (folders) => [...one.files(folders), ...other.files(folders)],
  };
}

/** What sessions use that have not ended. */
function stillUsed(governor: Governor): ReturnType<Governor['pastGateway']> {
  const ended = new Set(governor.sessions().flatMap(({ id, state }) => (state === 'ended' || state === 'killed' ? [id] : [])));
  return governor.pastGateway().filter(({ session }) => !ended.has(session));
}
