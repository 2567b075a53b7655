import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startLiveExport } from '../../../src/hosts/serve/live-export.ts';
import { AuditDatabase } from '../../../src/storage/audit-log.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { openMachine } from '../../../src/hosts/serve/machine.ts';
import { FakePace } from '../../channel/export/fake-log.ts';
import { decodeOtlp } from '../../engine/audit/export/otlp-schema.ts';
import { temporaryFolder } from '../../storage/folder.ts';
import { entryOf } from '../../storage/samples.ts';

async function homeWith(config: unknown): Promise<Home> {
  const home = openHome({ COUNTERSIGN_HOME: join(temporaryFolder(), 'home') });
  writeFileSync(home.config, JSON.stringify(config));
  const log = new AuditDatabase(home.audit);
  await log.append(entryOf(), 'written');
  log.close();
  return home;
}

test('without a word in the configuration nothing is opened, started or shown', async () => {
  const home = await homeWith({ port: 4711 });
  const pace = new FakePace();
  const live = startLiveExport(home, () => undefined, pace);
  live.wake();
  expect(pace.armed).toBe(false);
  expect(live.problems()).toEqual([]);
  expect(existsSync(join(home.root, 'outbox.db'))).toBe(false);
});

test('a configuration that cannot be understood is a problem that names the file, and stops nothing else', async () => {
  const home = await homeWith({ audit: { export: [{ otlp: { url: 'http://elsewhere/' } }] } });
  expect(startLiveExport(home, () => undefined).problems()).toMatchObject([
    { id: 'export', file: home.config, message: expect.stringContaining('The log is not exported') },
  ]);
});

test('a place that cannot be reached is a problem that says how much waits, without secrets', async () => {
  const home = await homeWith({ audit: { export: [{ otlp: { url: 'http://127.0.0.1:1/x?key=secret', headers: { key: 'secret' } } }] } });
  const pace = new FakePace();
  const { promise: told, resolve } = Promise.withResolvers<void>();
  const live = startLiveExport(home, resolve, pace);
  onTestFinished(live.close);
  pace.fire();
  await expect.poll(() => pace.armed).toBe(true);
  pace.fire();
  await told;
  const [problem] = live.problems();
  expect(problem?.message).toMatch(/^The log cannot be sent to otlp http:\/\/127\.0\.0\.1:1\/x: .+\. 1 entry waits; nothing is lost/);
  expect(problem?.message).not.toContain('secret');
});

test('the configuration is followed while it runs: another place, one that is not understood, none', async () => {
  const first = 'http://127.0.0.1:1/first';
  const home = await homeWith({ audit: { export: [{ otlp: { url: first } }] } });
  const pace = new FakePace();
  const live = startLiveExport(home, () => undefined, pace);
  onTestFinished(live.close);
  const configure = (config: unknown): void => {
    writeFileSync(home.config, JSON.stringify(config));
    live.wake();
  };
  const said = (): readonly string[] => live.problems().map(({ message }) => message);
  const failTwice = async (name: string): Promise<void> => {
    await expect.poll(() => (pace.armed && pace.fire(), said().join(' '))).toContain(name);
  };
  await failTwice('/first');
  configure({ audit: { export: [{ otlp: { url: 'http://elsewhere/' } }] } });
  expect(said()[0]).toMatch(/^The log is sent to where it was sent before: .*http is for this machine only/);
  // Nothing is ended behind that either: what is sent to the old place goes on, and fails on.
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  expect(pace.armed).toBe(true);
  expect(said()[1]).toContain('/first');
  configure({ audit: { export: [{ otlp: { url: 'http://127.0.0.1:1/second' } }] } });
  await failTwice('/second');
  expect(said()).toHaveLength(1);
  configure({ port: 4711 });
  await expect.poll(said).toEqual([]);
});

test('what a governor writes arrives at the collector that its configuration names', async () => {
  const got: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push(...decodeOtlp(body).map(({ attributes }) => String(attributes['gen_ai.tool.call.id'])));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  const machine = openMachine(await homeWith({ audit: { export: [{ otlp: { url } }] } }), () => undefined);
  onTestFinished(async () => {
    await machine.close();
    server.closeAllConnections();
    server.close();
  });
  await expect.poll(() => got, { timeout: 15_000 }).toEqual(['toolu_1']);
  await machine.ports.audit.append(entryOf({ callId: 'later' }), 'written');
  await expect.poll(() => got, { timeout: 15_000 }).toEqual(['toolu_1', 'later']);
  expect(machine.problems().filter(({ id }) => id.startsWith('export'))).toEqual([]);
});
