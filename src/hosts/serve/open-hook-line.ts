import { readFileSync, rmSync } from 'node:fs';
import { startHookLine, type HookLine, type HookLineOptions } from '../../channel/hook-line.ts';
import type { HookReply } from '../../channel/messages.ts';
import type { Governor } from '../../governor/governor.ts';
import { beyondShells } from '../../storage/beyond-shells.ts';
import type { Home } from '../../storage/home.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { writePrivately } from '../../storage/private-file.ts';

/** Opens the line that launchers ask on, and tells them of it. Windows has none: hooks are started otherwise there. */
export async function openHookLine(home: Home, governor: Governor, onFault: HookLineOptions['onFault']): Promise<() => Promise<void>> {
  if (process.platform === 'win32') return async () => undefined;
  const line = await startHookLine({ hook: (call, signal) => ask(governor, call, signal), onFault });
  writePrivately(home.hookLine, line.told);
  return async () => {
    forget(home, line);
    await line.close();
  };
}

async function ask(governor: Governor, call: Parameters<HookLineOptions['hook']>[0], signal: AbortSignal): Promise<HookReply> {
  const { agent, event, parent, pidSpace: space, message } = call;
  const isOurs = space === undefined || space === pidSpace().pidSpace;
  const reply = await governor.hook(agent, message, {
    via: 'command',
    signal,
    ...(event === '' ? {} : { event }),
    // A kill would hit whoever has that number here.
    ...(isOurs ? { pid: beyondShells(parent) } : {}),
  });
  return reply.command;
}

/** Another governor may have told of its own by now. */
function forget(home: Home, { told }: HookLine): void {
  try {
    if (readFileSync(home.hookLine, 'utf8') === told) rmSync(home.hookLine, { force: true });
  } catch {
    // It is gone already.
  }
}
