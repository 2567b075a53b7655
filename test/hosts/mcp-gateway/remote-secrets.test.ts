import { afterEach, beforeEach, expect, test } from 'vitest';
import { decide } from '../../../src/engine/policy/decide.ts';
import { logIn } from '../../../src/storage/secrets/oauth-login.ts';
import { loginName, obtain } from '../../../src/storage/secrets/oauth-tokens.ts';
import { SecretStore } from '../../../src/storage/secrets/secret-store.ts';
import { memoryPorts, type MemoryPorts } from '../../storage/memory-ports.ts';
import { AuthorizationServer } from '../../storage/secrets/authorization-server.ts';
import { Place } from '../serve/fixture.ts';
import { GatewayProcess, textOf } from './gateway-process.ts';
import { HttpMcpServer, json, said } from './http-mcp-server.ts';

let place: Place;
let ports: MemoryPorts;
let store: SecretStore;

beforeEach(async () => {
  place = new Place();
  ports = memoryPorts();
  store = new SecretStore(place.home, { HOME: place.root });
  await place.run({ decide }, ports);
});
afterEach(() => place.close());

/** Tells who called it with what. */
const telling = () => new HttpMcpServer({ ok: (response, id, { headers }) => json(response, id, said(`by ${headers.authorization}`)) });
const used = () => ports.audit.entries.flatMap(({ detail }) => (detail?.['event'] === 'secrets-used' ? [detail['secrets']] : []));

test('a remote server gets the secrets that its headers name, and nobody hears of them', async () => {
  await using remote = telling();
  await store.set('TEAM', 'team-t0ken-value', { only: 'file' });
  await using gateway = new GatewayProcess(place.root, { COUNTERSIGN_MCP_HEADERS: 'Authorization: Bearer ${secret:TEAM}' }, [
    await remote.listen(),
  ]);
  await gateway.initialize();
  expect(textOf(await gateway.call('ok'))).toBe('by Bearer [secret TEAM]');
  expect(remote.calls()[0]?.headers.authorization).toBe('Bearer team-t0ken-value');
  expect(used()).toEqual([['TEAM']]);
});

/** A login whose token is used for that server, and the name of the secret that it is. */
async function loggedIn(giver: AuthorizationServer, url: string, scopes: readonly string[] = ['read']) {
  await logIn({ store, server: giver.mcp, show: (address) => void fetch(address), signal: AbortSignal.timeout(10_000) });
  const kept = JSON.parse((await store.get(loginName(giver.mcp.href))) ?? '');
  await obtain(store, { ...kept, server: url, resource: url, scopes }, { grant_type: 'refresh_token', refresh_token: kept.refresh });
}

/** Takes one token only: what it is now. Says what else it wants. */
const choosy = (taken: { token: string; status: 401 | 403; challenge: string }) =>
  new HttpMcpServer({
    ok: (response, id, { headers }) => {
      if (headers.authorization === `Bearer ${taken.token}`) return json(response, id, said('welcome'));
      response.writeHead(taken.status, { 'www-authenticate': taken.challenge }).end();
    },
  });

/** A person has logged in at such a server, and its gateway has begun. */
async function loggedInAt(taken: Parameters<typeof choosy>[0]) {
  await using undo = new AsyncDisposableStack();
  const giver = undo.use(await AuthorizationServer.open());
  const remote = undo.use(choosy(taken));
  const url = await remote.listen();
  await loggedIn(giver, url);
  const gateway = undo.use(new GatewayProcess(place.root, {}, [url]));
  await gateway.initialize();
  const all = undo.move();
  return { giver, remote, url, gateway, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

test('a token that the server refuses is renewed and the call asked once more; one that still is refused is not renewed for ever', async () => {
  const taken = { token: 'none', status: 401 as const, challenge: 'Bearer' };
  await using lab = await loggedInAt(taken);
  const { giver, remote, url, gateway } = lab;
  const before = giver.asked.length;
  await expect(gateway.call('ok')).rejects.toThrow(`it answers 401: it wants a login (countersign mcp login ${url})`);
  expect([remote.calls().length, giver.asked.length]).toEqual([2, before + 1]);
  expect(new Set(remote.calls().map(({ headers }) => headers.authorization)).size).toBe(2);
  taken.token = giver.lastToken;
  expect(textOf(await gateway.call('ok'))).toBe('welcome');
  taken.token = 'none';
  await expect(gateway.call('ok')).rejects.toThrow('401');
  expect([remote.calls().length, giver.asked.length]).toEqual([4, before + 1]);
  // A person has logged in meanwhile: used at once.
  await loggedIn(giver, url);
  taken.token = giver.lastToken;
  expect(textOf(await gateway.call('ok'))).toBe('welcome');
  expect(used().length).toBe(3);
});

test('a login that does not reach so far says what is missing, and stays as it is until a person widens it', async () => {
  const taken = { token: 'none', status: 403 as const, challenge: 'Bearer error="insufficient_scope", scope="read write"' };
  await using lab = await loggedInAt(taken);
  const { giver, remote, url, gateway } = lab;
  const before = giver.asked.length;
  await expect(gateway.call('ok')).rejects.toThrow(`(countersign mcp login ${url} --scope 'write')`);
  expect([remote.calls().length, giver.asked.length]).toEqual([1, before]);
  await loggedIn(giver, url, ['read', 'write']);
  await expect(gateway.call('ok')).rejects.toThrow('the login has the scopes that it asks for');
  taken.token = giver.lastToken;
  expect(textOf(await gateway.call('ok'))).toBe('welcome');
});

test('a token goes nowhere but to what it is for: no redirection to another path of the same host is followed', async () => {
  using giver = await AuthorizationServer.open();
  let to = '/mcp/';
  await using remote = new HttpMcpServer({
    ok: (response) => response.writeHead(307, { location: to }).end(),
  });
  const url = await remote.listen();
  await loggedIn(giver, url);
  await using gateway = new GatewayProcess(place.root, {}, [url]);
  await gateway.initialize();
  // Within it the redirection is followed, as often as any.
  await expect(gateway.call('ok')).rejects.toThrow('redirects');
  expect(remote.calls().length).toBe(4);
  to = '/mcp-of-another';
  await expect(gateway.call('ok')).rejects.toThrow('/mcp-of-another, which is not followed');
  expect(remote.calls().length).toBe(5);
});

test('a remote server that its person logged in at gets that token, and one with headers of its own does not', async () => {
  using giver = await AuthorizationServer.open();
  await using remote = telling();
  const url = await remote.listen();
  await loggedIn(giver, url);
  await using gateway = new GatewayProcess(place.root, {}, [url]);
  await gateway.initialize();
  expect(textOf(await gateway.call('ok'))).toMatch(/^by Bearer \[secret login-[0-9a-f]{16}\]$/);
  expect(remote.calls()[0]?.headers.authorization).toBe(`Bearer ${giver.lastToken}`);
  expect(used()).toEqual([[expect.stringMatching(/^login-/)]]);
  await using other = new GatewayProcess(place.root, { COUNTERSIGN_MCP_HEADERS: 'Authorization: Basic x' }, [url]);
  await other.initialize();
  expect(textOf(await other.call('ok'))).toBe('by Basic x');
});
