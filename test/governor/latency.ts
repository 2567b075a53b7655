import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainAgent, callEvent, decision } from './fixture.ts';
import { Governor } from '../../src/governor/governor.ts';
import { openHome } from '../../src/storage/home.ts';
import { openMachine } from '../../src/storage/machine.ts';

/**
 * How long a decision takes from message to reply, without the way there: `node test/governor/latency.ts [calls]`.
 * The real engine with the shipped policies, the real log and state on disk; and the same with an engine that says nothing.
 */
const calls = Number(process.argv[2] ?? 2000);
const builtIn = join(import.meta.dirname, '..', '..', 'policies');

for (const [name, decide] of [
  ['engine and shipped policies', undefined],
  ['no engine', () => decision()],
] as const) {
  const root = mkdtempSync(join(tmpdir(), 'cs-'));
  const machine = openMachine(openHome({ COUNTERSIGN_HOME: join(root, 'home') }), builtIn);
  const governor = new Governor(machine.ports, new Map([['plain', plainAgent]]), {
    ...(decide === undefined ? {} : { decide }),
    weakens: () => undefined,
    keepPolicy: machine.keepPolicy,
  });
  const times: number[] = [];
  for (let i = 0; i < calls; i += 1) {
    const event = { ...callEvent(`c${i}`, { command: `git status ${i}` }) };
    const message = { ...event, call: { ...event.call, command: `git status ${i}` } };
    const from = performance.now();
    await governor.hook('plain', message, { via: 'http' });
    times.push(performance.now() - from);
  }
  const sorted = times.slice(Math.min(100, calls / 10)).sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(3);
  process.stdout.write(`${name}: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, 99 % ${at(0.99)} ms (${calls} calls)\n`);
  await governor.dispose();
  machine.close();
  rmSync(root, { recursive: true, force: true });
}
