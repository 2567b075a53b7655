import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHookEndpoint, type HookEndpoint, type HookEndpointOptions } from '../../channel/http-server.ts';
import { proofOf } from '../../channel/token.ts';

/** A governor that is just going gives its port back within that time. */
const patienceMs = 3_000;

/**
 * Opens the hook endpoint on the port that agents' settings name; on another one when somebody else has it.
 * The first time, any free port.
 */
export async function openHookPort(
  options: Omit<HookEndpointOptions, 'port'>,
  known: number | undefined,
  patience: number = patienceMs,
): Promise<HookEndpoint> {
  const until = Date.now() + patience;
  for (;;) {
    try {
      return await startHookEndpoint({ ...options, port: known ?? 0 });
    } catch (error) {
      if (known === undefined || !isTaken(error)) throw error;
      const isOurs = await provesItself(known, options.clientToken);
      if (!isOurs || Date.now() >= until) return startHookEndpoint({ ...options, port: 0 });
      await sleep(50);
    }
  }
}

/** Whether whoever listens on that port knows our client token. */
async function provesItself(port: number, clientToken: string): Promise<boolean> {
  const nonce = randomBytes(24).toString('hex');
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/health?nonce=${nonce}`, {
      signal: AbortSignal.timeout(1_000),
      redirect: 'error',
    });
    const answer: unknown = JSON.parse((await response.text()).slice(0, 10_000));
    return typeof answer === 'object' && answer !== null && 'proof' in answer && answer.proof === proofOf(clientToken, nonce);
  } catch {
    // Whatever does not answer as we would is not ours.
    return false;
  }
}

/** EACCES: Windows reserves ranges of ports, and may do so after the port was chosen. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}
