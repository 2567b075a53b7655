import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares without telling by the time it takes how much of the token was right. */
export function isToken(given: string | undefined, token: string): boolean {
  if (given === undefined) return false;
  return timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(token).digest());
}

/** What only someone who holds the client token can answer to `nonce`: HMAC-SHA256, hex. */
export function proofOf(token: string, nonce: string): string {
  return createHmac('sha256', token).update(nonce).digest('hex');
}

/** What telemetry carries: it lies in the environment of everything that an agent runs, and must open nothing else. */
export function telemetryTokenOf(hookToken: string): string {
  return proofOf(hookToken, 'telemetry');
}

/** How the governor's requests to the process before MCP servers prove to be its own. */
export const endpointHeader = 'x-countersign-endpoint';
