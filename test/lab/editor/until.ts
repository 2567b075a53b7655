import { setTimeout } from 'node:timers/promises';

/** Asks again until there is an answer other than `undefined` or `false`; after `timeout` ms throws, naming `what`. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, timeout = 60_000): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeout} ms in vain for ${what}.`);
    await setTimeout(50);
  }
}
