import type { WindowState } from '../../channel/messages.ts';
import type { Line } from './connection.ts';

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
    // Loaded with the first line: activation does not wait for it.
    const [{ ensureGovernor }, { openHome }, { readOrCreateToken }, { MachineProcesses }] = await Promise.all([
      import('../../channel/start.ts'),
      import('../../storage/home.ts'),
      import('../../storage/token.ts'),
      import('../../storage/processes.ts'),
    ]);
    const home = openHome(options.environment);
    const { client, note } = await ensureGovernor({
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
    if (note !== undefined) options.note(note);
    return client;
  };
}

/** The editor's executable is plain Node with that variable; options meant for the editor's own Node are not for the governor. */
export function governorEnvironment(environment: LineOptions['environment']): Readonly<Record<string, string | undefined>> {
  const { NODE_OPTIONS: _options, ...rest } = environment;
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' };
}
