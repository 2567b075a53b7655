import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import { SecretStore } from '../../../src/storage/secrets/secret-store.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { Place } from '../serve/fixture.ts';
import { GatewayProcess, textOf } from './gateway-process.ts';

const scripted = new URL('scripted-server.mjs', import.meta.url).pathname;
/** Answers as the scripted server does, and says on stderr and in its tool what it was given. */
const given = 'process.stderr.write(`got ${process.env.TOKEN}\\n`)';
const value = 's3cr3t/of "mine"';

let place: Place;
let ports: MemoryPorts;

beforeEach(() => {
  place = new Place();
  ports = memoryPorts();
});
afterEach(() => place.close());

function gateway(env: Readonly<Record<string, string>>, args: readonly string[] = []): GatewayProcess {
  return new GatewayProcess(place.root, env, [process.execPath, '--import', `data:text/javascript,${given}`, scripted, ...args]);
}

async function kept(): Promise<void> {
  await new SecretStore(place.home, { HOME: place.root }).set('TOKEN', value, { only: 'file' });
}

test('a server gets what its configuration names, which is recorded; what it tells of it does not reach the client or the log', async () => {
  await place.run({ decide }, ports);
  await kept();
  await using through = gateway({ TOKEN: 'Bearer ${secret:TOKEN}' });
  await through.initialize();
  const told = await through.call('environment', { name: 'TOKEN' });
  expect(textOf(told)).toBe('Bearer [secret TOKEN]');
  expect(told.structuredContent).toEqual({ value: 'Bearer [secret TOKEN]' });
  expect(textOf(await through.call('environment', { name: 'TOKEN', as: 'base64' }))).toContain('[secret TOKEN]');
  expect(textOf(await through.call('environment', { name: 'COUNTERSIGN_HOME' }))).toBe('');
  const entries = ports.audit.entries;
  expect(entries.find(({ detail }) => detail?.['event'] === 'secrets-used')).toMatchObject({
    kind: 'config-change',
    mcpServer: 'scripted',
    agent: 'test-client',
    detail: { secrets: ['TOKEN'] },
  });
  expect(JSON.stringify(entries)).not.toContain(value.slice(0, 8));
  expect(through.lines.join('')).not.toContain(value.slice(0, 8));
});

test('a secret in an argument is filled in late', async () => {
  await place.run({ decide }, ports);
  await kept();
  await using through = gateway({}, ['--token={secret:TOKEN}']);
  await through.initialize();
  expect(textOf(await through.call('argument', {}))).toBe('--token=[secret TOKEN]');
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['is missing', { TOKEN: '${secret:OTHER}' }, 'Type \\"countersign secret set OTHER\\" in a terminal'],
  ['is no name', { TOKEN: '${secret:a b}' }, 'names no secret'],
])('a server whose secret %s does not start, and the client hears why', async (_, env, why) => {
  await place.run({ decide }, ports);
  await using through = gateway(env);
  await through.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test-client', version: '1' },
  });
  expect(through.lines.join('')).toContain(why);
  expect(through.received()).toEqual([]);
  expect(ports.audit.entries.filter(({ detail }) => detail?.['event'] === 'secrets-used')).toEqual([]);
});
