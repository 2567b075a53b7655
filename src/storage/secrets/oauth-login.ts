import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import * as z from 'zod/mini';
import { askJson, discover, type Discovered } from './oauth-discovery.ts';
import { keptLogin, obtain, type Login } from './oauth-tokens.ts';
import type { SecretStore } from './secret-store.ts';

export interface LoginOptions {
  readonly store: SecretStore;
  readonly server: URL;
  /** Where the person agrees: shown, or opened in a browser. */
  readonly show: (address: string) => void;
  readonly signal: AbortSignal;
  /** Of a person who was given an id there, or describes their client at an address of their own; left out: we register. */
  readonly client?: Omit<Client, 'auth'>;
  /** Who alone may give the token, and get the client's secret; left out: whom the server names first. */
  readonly issuer?: string;
  /** To be asked for besides what the server wants, and what the login before had. */
  readonly scopes?: readonly string[];
  /** Where the answer is waited for; left out: any that is free. */
  readonly port?: number;
}

interface Client {
  readonly id: string;
  readonly secret?: string;
  /** How it shows the secret. */
  readonly auth: NonNullable<Login['clientAuth']>;
}

/** Logs a person in at a remote server: authorization code with PKCE, the answer on a port of this machine. Answers with who gave the token. */
export async function logIn(options: LoginOptions): Promise<string> {
  const { store, server, show, signal, client: own, issuer: from, scopes: more = [], port = 0 } = options;
  if (own?.secret !== undefined && from === undefined)
    throw new Error('A client’s secret must reach nobody but the issuer that gave it: name that with --issuer URL.');
  const found = await discover(server, from);
  const { resource, issuer, token, clientAuth } = found;
  const before = await keptLogin(store, server.href).catch(() => undefined);
  // Somebody else's scopes mean nothing here.
  const scopes = [...new Set([...(before?.issuer === issuer ? (before.scopes ?? []) : []), ...found.scopes, ...more])];
  const listening = createServer();
  listening.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  try {
    const address = listening.address();
    if (address === null || typeof address === 'string') throw new Error('No port is to be had.');
    const redirect = `http://127.0.0.1:${address.port}/callback`;
    const client = own === undefined ? await register(found, redirect) : { ...own, auth: authOf(own.secret, clientAuth) };
    const verifier = randomBytes(32).toString('base64url');
    const state = randomBytes(24).toString('base64url');
    const answer = answerTo(listening, state, found, signal);
    show(requestFor(found, { redirect, state, verifier, clientId: client.id, scopes }));
    const code = await answer;
    const secret = client.secret === undefined ? {} : { clientSecret: client.secret };
    const about = { server: server.href, resource, issuer, token, clientId: client.id, ...secret, clientAuth: client.auth, scopes };
    await obtain(store, about, { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier });
    return issuer;
  } finally {
    listening.close();
    listening.closeAllConnections();
  }
}

const registered = z.object({
  client_id: z.string().check(z.minLength(1)),
  client_secret: z.optional(z.string()),
  token_endpoint_auth_method: z.optional(z.string()),
});

async function register({ register: place, issuer, clientAuth }: Discovered, redirect: string): Promise<Client> {
  if (place === undefined)
    throw new Error(`${issuer} lets nobody register by themselves. Get a client id there, and pass it with --client-id.`);
  const body = {
    client_name: 'Countersign',
    application_type: 'native',
    redirect_uris: [redirect],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // What runs on a person's machine keeps no secret from them; not everybody gives ids without one.
    token_endpoint_auth_method: clientAuth.length === 0 || clientAuth.includes('none') ? 'none' : authOf('wanted', clientAuth),
  };
  const given = await askJson(registered, place, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const { client_id: id, client_secret: secret, token_endpoint_auth_method: said } = given;
  return { id, ...(secret === undefined ? {} : { secret }), auth: authOf(secret, said === undefined ? clientAuth : [said]) };
}

/** How a client with that secret, if it has one, shows who it is, by those ways; none: the standard's own. */
function authOf(secret: string | undefined, ways: readonly string[]): Client['auth'] {
  if (secret === undefined || (ways.length === 1 && ways[0] === 'none')) return 'none';
  if (ways.length === 0 || ways.includes('client_secret_basic')) return 'client_secret_basic';
  if (ways.includes('client_secret_post')) return 'client_secret_post';
  throw new Error(`It wants clients to show who they are by ${ways.join(' or ').slice(0, 200)}, which is not known here.`);
}

interface Asked {
  readonly redirect: string;
  readonly state: string;
  readonly verifier: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

function requestFor({ authorize, resource }: Discovered, { redirect, state, verifier, clientId, scopes }: Asked): string {
  const url = new URL(authorize);
  const given = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    resource,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  return url.href;
}

/** The code in the first answer that is one to our question. Whoever else knocks is sent away. */
function answerTo(listening: Server, state: string, { issuer, saysIssuer }: Discovered, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('Nobody has logged in.')));
    listening.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const given = url.searchParams;
      if (url.pathname !== '/callback' || given.get('state') !== state) return void response.writeHead(404).end();
      const iss = given.get('iss');
      const code = given.get('code');
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end('Go back to the terminal: it says how the login went. This page can be closed.\n');
      // Another authorization server might have answered in this one's place (RFC 9207).
      if (iss === null ? saysIssuer : iss !== issuer) return reject(new Error('The answer does not come from who was asked.'));
      if (code === null)
        return reject(new Error(`It was refused there (${(given.get('error') ?? '').replaceAll(/\W/g, ' ').slice(0, 60)}).`));
      resolve(code);
    });
  });
}
