import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHome } from '../../../src/storage/home.ts';
import { logIn, type LoginOptions } from '../../../src/storage/secrets/oauth-login.ts';
import { loginAt } from '../../../src/storage/secrets/oauth-tokens.ts';
import { SecretStore } from '../../../src/storage/secrets/secret-store.ts';
import { AuthorizationServer, clientSecret } from './authorization-server.ts';

let root: string;
let store: SecretStore;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'oauth-')));
  store = new SecretStore(openHome({ COUNTERSIGN_HOME: join(root, 'state') }), { HOME: root, LOCALAPPDATA: root });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The person's browser: goes where it is sent. */
const agree = (address: string): void => void fetch(address).then((answer) => answer.text());
const login = (from: AuthorizationServer, show = agree, more: Partial<LoginOptions> = {}): Promise<string> =>
  logIn({ store, server: from.mcp, show, signal: AbortSignal.timeout(10_000), ...more });

test('a person logs in once; the token is kept, and not in any file as it is', async () => {
  using server = await AuthorizationServer.open();
  expect((await loginAt(store, server.mcp.href))?.access).toBeUndefined();
  expect(await login(server)).toBe(server.origin);
  expect((await loginAt(store, server.mcp.href))?.access).toBe(server.lastToken);
  expect(server.asked).toEqual(['authorization_code']);
  expect(store.list()[0]?.about).toBe(`login at ${server.mcp.href}`);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('')).not.toContain(server.lastToken);
});

test('a token that has run out is renewed, also twice, and a login that is withdrawn says what to do', async () => {
  using server = await AuthorizationServer.open({ seconds: 30 });
  await login(server);
  expect((await loginAt(store, server.mcp.href))?.access).toBe(server.lastToken);
  expect((await loginAt(store, server.mcp.href))?.access).toBe(server.lastToken);
  expect(server.asked).toEqual(['authorization_code', 'refresh_token', 'refresh_token']);
  using other = await AuthorizationServer.open();
  expect((await loginAt(store, other.mcp.href))?.access).toBeUndefined();
  // Somebody else used the refresh token meanwhile.
  const kept = JSON.parse((await store.get(store.list()[0]?.name ?? '')) ?? '');
  await store.set(store.list()[0]?.name ?? '', JSON.stringify({ ...kept, refresh: 'used up' }), { only: 'file' });
  await expect(loginAt(store, server.mcp.href)).rejects.toThrow(`"countersign mcp login ${server.mcp.href}"`);
});

test.each<[string, AuthorizationServer['quirks'], string]>([
  ['answers in the name of another', { iss: 'https://evil.example' }, 'does not come from who was asked'],
  ['does not say who answers, though it promised', { iss: undefined }, 'does not come from who was asked'],
  ['describes itself as another', { issuer: 'https://evil.example' }, 'describes itself as'],
  ['does not take PKCE', { methods: ['plain'] }, 'PKCE'],
  ['wants tokens for another server', { resource: 'https://bank.example/mcp' }, 'another server'],
  ['wants tokens for all of its host, though only one path of it says so', { resource: 'ORIGIN' }, 'another server'],
  ['has a name that only begins like that of another', { resource: 'ORIGIN/mc', described: 'nowhere' }, 'another server'],
  ['wants tokens for a part of a page', { resource: 'ORIGIN/mcp#a', described: 'nowhere' }, 'another server'],
])('no token is asked for where the server %s', async (_, quirks, why) => {
  using server = await AuthorizationServer.open(quirks);
  const { resource } = server.quirks;
  if (resource !== undefined) server.quirks = { ...server.quirks, resource: resource.replace('ORIGIN', server.origin) };
  await expect(login(server)).rejects.toThrow(why);
  expect([server.asked, store.list()]).toEqual([[], []]);
});

test('an answer to another question is not taken for one', async () => {
  using server = await AuthorizationServer.open();
  const forged = async (address: string): Promise<void> => {
    const back = new URL(new URL(address).searchParams.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code: 'stolen', state: 'guessed', iss: server.origin }).toString();
    expect((await fetch(back)).status).toBe(404);
    agree(address);
  };
  await login(server, (address) => void forged(address));
  expect((await loginAt(store, server.mcp.href))?.access).toBe(server.lastToken);
});

test('a server that is reached without https is not logged in at', async () => {
  const server = new URL('http://example.com/mcp');
  await expect(logIn({ store, server, show: agree, signal: AbortSignal.timeout(1_000) })).rejects.toThrow('not reached by https');
});

test('a host that describes itself where the standard has it may want one token for all that it serves', async () => {
  using server = await AuthorizationServer.open({ described: 'nowhere' });
  server.quirks = { ...server.quirks, resource: server.origin };
  await login(server);
  expect((await loginAt(store, server.mcp.href))?.resource).toBe(server.origin);
});

test('it is asked for what the server wants, else for what it knows; what the person had and named is added', async () => {
  using server = await AuthorizationServer.open({ offline: true });
  await login(server);
  server.quirks = { challenge: ', scope="read"' };
  await login(server, agree, { scopes: ['write'] });
  server.quirks = { granted: 'read' };
  await login(server);
  await login(server);
  expect(server.wanted.map((text) => text?.split(' '))).toEqual([
    ['tools', 'files', 'offline_access'],
    ['tools', 'files', 'offline_access', 'read', 'write'],
    ['tools', 'files', 'offline_access', 'read', 'write'],
    ['read', 'tools', 'files'],
  ]);
  expect((await loginAt(store, server.mcp.href))?.scopes).toEqual(['read']);
  expect(server.registered[0]).toMatchObject({ application_type: 'native', token_endpoint_auth_method: 'none' });
});

test.each<[readonly string[], string, RegExp]>([
  [['client_secret_basic', 'client_secret_post'], 'client_secret_basic', /^[0-9a-f]+:a\+secret%3A\+100%25$/],
  [['client_secret_post'], 'client_secret_post', /^a secret: 100%$/],
  [['none', 'client_secret_post'], 'none', /^a secret: 100%$/],
  [['none'], 'none', /^nothing$/],
])('a client shows who it is by what the issuer takes: %j', async (clientAuth, wanted, shown) => {
  using server = await AuthorizationServer.open({ clientAuth, seconds: 30 });
  await login(server);
  await loginAt(store, server.mcp.href);
  expect(server.registered).toMatchObject([{ token_endpoint_auth_method: wanted }]);
  expect(server.shown).toEqual([expect.stringMatching(shown), expect.stringMatching(shown)]);
});

test('an id from elsewhere is used as it is, and its secret reaches nobody but the issuer that was named', async () => {
  using evil = await AuthorizationServer.open({ clientAuth: ['client_secret_basic'] });
  using server = await AuthorizationServer.open({ clientAuth: ['client_secret_basic'] });
  const client = { id: 'known', secret: clientSecret };
  await expect(login(server, agree, { client })).rejects.toThrow('--issuer');
  evil.quirks = { ...evil.quirks, issuers: ['https://one.example', evil.origin] };
  await expect(login(evil, agree, { client, issuer: server.origin })).rejects.toThrow(`takes no tokens of ${server.origin}`);
  expect([evil.wanted, evil.asked]).toEqual([[], []]);
  expect(await login(server, agree, { client, issuer: server.origin })).toBe(server.origin);
  expect([server.registered, server.shown]).toEqual([[], [`known:${new URLSearchParams({ '': clientSecret }).toString().slice(1)}`]]);
  // Another than the first, where the person says so.
  evil.quirks = { ...evil.quirks, iss: evil.origin };
  expect(await login(evil, agree, { client, issuer: evil.origin })).toBe(evil.origin);
});

test('a token that the server refuses is renewed, though it has not run out', async () => {
  using server = await AuthorizationServer.open();
  await login(server);
  const { lastToken } = server;
  expect((await loginAt(store, server.mcp.href, 'another'))?.access).toBe(lastToken);
  expect((await loginAt(store, server.mcp.href, lastToken))?.access).toBe(server.lastToken);
  expect(server.lastToken).not.toBe(lastToken);
});
