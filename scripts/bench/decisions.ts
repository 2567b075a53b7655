import { Agent, request } from 'node:http';
import type { Figure } from '../bench.ts';
import { claudeCode } from '../../src/agents/claude-code/agent.ts';
import { Governor } from '../../src/governor/governor.ts';
import { openMachine } from '../../src/storage/machine.ts';
import { bashMessage, percentile, scratchHome, startBuiltGovernor, stopGovernor } from './scratch-home.ts';
import { join } from 'node:path';

const warmUp = 500;
const rounds = 3000;

/** Message in, answer out, with 100 rules and the audit entry: inside the governor, and over its HTTP endpoint. */
export async function measureDecisions(): Promise<readonly Figure[]> {
  const inside = await insideTheGovernor();
  const outside = await overHttp();
  return [
    { what: 'decision in the governor, 100 rules, audit entry included: median', value: percentile(inside, 0.5), unit: 'ms', limit: 0.5 },
    { what: 'the same: 99th percentile', value: percentile(inside, 0.99), unit: 'ms', limit: 5 },
    { what: 'the same over HTTP, as a hook asks: median', value: percentile(outside, 0.5), unit: 'ms' },
    { what: 'the same over HTTP: 99th percentile', value: percentile(outside, 0.99), unit: 'ms' },
  ];
}

async function insideTheGovernor(): Promise<readonly number[]> {
  using scratch = scratchHome();
  using machine = openMachine(scratch.home, join(import.meta.dirname, '..', '..', 'policies'));
  const governor = new Governor(machine.ports, new Map([[claudeCode.name, claudeCode]]), { weakens: () => undefined });
  const ms = await timed(async (n) => {
    const { http } = await governor.hook('claude-code', bashMessage(scratch.project, n), { via: 'http' });
    assertPassed(http.status, JSON.stringify(http.body));
  });
  await governor.dispose();
  return ms;
}

async function overHttp(): Promise<readonly number[]> {
  using scratch = scratchHome();
  const reached = await startBuiltGovernor(scratch.home);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ms = await timed(async (n) => {
    const { status, body } = await post(reached.status.port, scratch.hookToken, JSON.stringify(bashMessage(scratch.project, n)), agent);
    assertPassed(status, body);
  });
  agent.destroy();
  await stopGovernor(reached);
  return ms;
}

async function timed(decide: (n: number) => Promise<void>): Promise<readonly number[]> {
  const ms: number[] = [];
  for (let n = 0; n < warmUp + rounds; n += 1) {
    const before = performance.now();
    await decide(n);
    if (n >= warmUp) ms.push(performance.now() - before);
    // As calls come in life: one by one, with the loop free in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ms;
}

export function post(
  port: number,
  token: string,
  text: string,
  agent?: Agent,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const asked = request(
      { host: '127.0.0.1', port, path: '/v1/hooks/claude-code', method: 'POST', headers, ...(agent && { agent }) },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    asked.on('error', reject).end(text);
  });
}

function assertPassed(status: number, body: string): void {
  if (status !== 200 || body !== '{}') throw new Error(`The governor answered ${status} ${body}`);
}
