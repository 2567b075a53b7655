import type { WindowState } from '../../channel/messages.ts';
import type { Reached } from '../../channel/start.ts';
import type { Line } from './connection.ts';
import { isOlder } from './version-order.ts';

export interface LineOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The bundled program that becomes the governor. */
  readonly serve: string;
  readonly version: string;
  readonly window: () => WindowState;
  /** Hears what the person should know about the governor that was found. */
  readonly note: (message: string) => void;
}

const startDeadlineMs = 15_000;

/** Opens a line to the governor, which is started with the editor's own Node where there is none. */
export function lineOpener(options: LineOptions): () => Promise<Line> {
  return async () => {
    const reached = await reach(options);
    if (!isOlder(reached.status.version, options.version)) return told(reached, options);
    // Its program was replaced with the extension. Only an older one is ended: two windows must not end each other's.
    await reached.client.call('shutdown', { reason: `Version ${options.version} takes over` });
    // One that will not end is left after a while: it still governs, and the person is told which version runs.
    const patience = setTimeout(() => reached.client.close(), startDeadlineMs);
    await reached.client.closed;
    clearTimeout(patience);
    return told(await reach(options), options);
  };
}

async function reach(options: LineOptions): Promise<Reached> {
  // Loaded with the first line: activation does not wait for it.
  const [{ ensureGovernor }, { openHome }, { readOrCreateToken }, { MachineProcesses }] = await Promise.all([
    import('../../channel/start.ts'),
    import('../../storage/home.ts'),
    import('../../storage/token.ts'),
    import('../../storage/processes.ts'),
  ]);
  const home = openHome(options.environment);
  return ensureGovernor({
    home,
    hello: {
      ...options.window(),
      token: readOrCreateToken(home.clientToken),
      client: 'window',
      pid: process.pid,
      version: options.version,
    },
    command: process.execPath,
    args: [options.serve],
    env: governorEnvironment(options.environment),
    deadlineMs: startDeadlineMs,
    processes: new MachineProcesses(),
  });
}

function told({ client, note }: Reached, options: LineOptions): Line {
  if (note !== undefined) options.note(note);
  return client;
}

/** The editor's executable is plain Node with that variable; options meant for the editor's own Node are not for the governor. */
export function governorEnvironment(environment: LineOptions['environment']): Readonly<Record<string, string | undefined>> {
  const { NODE_OPTIONS: _options, ...rest } = environment;
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' };
}
