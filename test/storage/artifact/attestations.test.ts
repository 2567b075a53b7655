import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attestationsOf } from '../../../src/storage/artifact/attestations.ts';

const answer = JSON.stringify({ attestations: [{ predicateType: 'https://slsa.dev/provenance/v1', bundle: {} }] });

/** A registry that knows who built one package. */
async function registry() {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url.endsWith('/large@1.0.0')) return void response.end('x'.repeat(1024 * 1024 + 1));
    if (url.endsWith('/broken@1.0.0')) return void response.writeHead(500).end();
    if (url === '/npm/-/npm/v1/attestations/@ann%2fserver@1.0.0') return void response.end(answer);
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const home = mkdtempSync(join(tmpdir(), 'countersign-registry-'));
  return {
    asked,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      npm_config_registry: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/npm`,
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

test('the registry that npm is configured with is asked who built a package; what it answers is kept as it is', async () => {
  await using there = await registry();
  expect(await attestationsOf({ name: '@ann/server', version: '1.0.0' }, there.env)).toBe(answer);
  expect(await attestationsOf({ name: 'nobody-knows', version: '1.0.0' }, there.env)).toBeUndefined();
  await expect(attestationsOf({ name: 'broken', version: '1.0.0' }, there.env)).rejects.toThrow('answers 500');
  await expect(attestationsOf({ name: 'large', version: '1.0.0' }, there.env)).rejects.toThrow('larger than 1 MiB');
  expect(there.asked[0]).toBe('/npm/-/npm/v1/attestations/@ann%2fserver@1.0.0');
});
