import { expect, test } from 'vitest';
import { warmUp } from '../../../src/hosts/serve/warm-up.ts';
import { memoryPorts } from '../../storage/memory-ports.ts';

test('warming up judges by the policies in force, and leaves no trace', async () => {
  const ports = memoryPorts();
  let asked = 0;
  const policies = { inForce: () => ((asked += 1), { files: [] }) };
  const stop = warmUp({ ...ports, policies }, '/home/dev');
  await expect.poll(() => asked).toBeGreaterThan(10);
  stop();
  expect([ports.audit.entries, ports.state.sessions()]).toEqual([[], []]);
});

test('policies that cannot be read end it without a word', async () => {
  const ports = memoryPorts();
  let asked = 0;
  const inForce = (): never => {
    asked += 1;
    throw new Error('broken');
  };
  const stop = warmUp({ ...ports, policies: { inForce } }, '/home/dev');
  await expect.poll(() => asked).toBe(1);
  stop();
});
