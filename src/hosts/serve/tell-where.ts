import { type Discovery, writeDiscovery } from '../../channel/discovery.ts';
import type { Processes } from '../../governor/ports.ts';
import type { Home } from '../../storage/home.ts';

/** Writes down where this process governs from, for everybody who looks for the governor. */
export function tellWhere(home: Home, known: Pick<Discovery, 'startedAt' | 'port' | 'version'>, processes: Processes): void {
  const processStart = processes.identify(process.pid)?.start ?? '';
  writeDiscovery(home.discovery, { pid: process.pid, processStart, socket: home.socket, ...known });
}
