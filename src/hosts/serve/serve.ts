import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import manifest from '../../../package.json' with { type: 'json' };
import { agents } from '../../agents/registry.ts';
import { openHome } from '../../storage/home.ts';
import { renewHookLauncher, renewHooks } from './installed-hooks.ts';
import { openMachine, type Machine } from './machine.ts';
import { runGovernor } from './run-governor.ts';
import { warmUp } from './warm-up.ts';
import { tamperWatch } from './watch-tamper.ts';
import { weakensHooks } from './weakens.ts';

/** Governs until it is told to stop or nobody needs it; returns at once where another process governs already. */
export async function serve(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { 'idle-minutes': { type: 'string' } } });
  // Whoever starts us does so from our home. If that was removed while we were loading, it is not to come back.
  if (!existsSync(process.cwd())) throw new Error('The folder that this was started from is gone.');
  // A folder of the agent's must not be kept busy, nor say which policies hold for us.
  const home = openHome();
  process.chdir(home.root);
  let machine: Machine | undefined;
  const log = (line: string): void => void process.stderr.write(`${new Date().toISOString()} ${line}\n`);
  const running = await runGovernor({
    home,
    version: manifest.version,
    agents,
    openMachine: () =>
      (machine = openMachine(home, (error) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)))),
    weakens: weakensHooks,
    watchTamper: tamperWatch(home, () => machine?.clients?.() ?? { configDirs: [], running: [] }),
    ...idle(values['idle-minutes']),
    onPort: (port) => {
      renewHookLauncher(home);
      renewHooks(home, port);
    },
    log,
  });
  if (running === undefined) return;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void running.stop(`it received ${signal}`));
  const coolDown = machine === undefined ? undefined : warmUp(machine.ports, home.root);
  await running.stopped;
  coolDown?.();
}

/** `--idle-minutes N`: end after that long without anybody who needs it; 0: never. */
function idle(text: string | undefined): { readonly idleMs?: number } {
  if (text === undefined) return {};
  const minutes = Number(text);
  if (!Number.isFinite(minutes) || minutes < 0) throw new Error(`--idle-minutes takes a number, not "${text}"`);
  return { idleMs: minutes === 0 ? Infinity : minutes * 60_000 };
}
