import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

interface Quirks {
  readonly issuer?: string;
  readonly iss?: string | undefined;
  readonly resource?: string;
  readonly methods?: readonly string[];
  readonly seconds?: number;
  /** Where the server says that it describes itself; left out: at a place of its own. */
  readonly described?: string;
  /** What it says besides of the login that it wants. */
  readonly challenge?: string;
  /** How clients are to show who they are; each gets a secret then. */
  readonly clientAuth?: readonly string[];
  /** What it gives, where that is not what was asked for. */
  readonly granted?: string;
  readonly issuers?: readonly string[];
  readonly offline?: boolean;
}

/** A client's, with what is written in another way by some. */
export const clientSecret = 'a secret: 100%';

/** A remote server that wants a token, and who gives it, at one address: both do what the standards ask, unless a quirk says otherwise. */
export class AuthorizationServer {
  readonly #server: Server;
  readonly #clients = new Map<string, string>();
  readonly #codes = new Map<string, URLSearchParams>();
  #refresh = '';
  readonly origin: string;
  quirks: Quirks;
  /** What it was asked at the place for tokens. */
  readonly asked: string[] = [];
  lastToken = '';
  /** What clients said of themselves, what they asked a person for, and how they showed who they are. */
  readonly registered: Readonly<Record<string, unknown>>[] = [];
  readonly wanted: (string | null)[] = [];
  readonly shown: string[] = [];

  private constructor(server: Server, origin: string, quirks: Quirks) {
    this.#server = server;
    this.origin = origin;
    this.quirks = quirks;
  }

  static async open(quirks: Quirks = {}): Promise<AuthorizationServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const own = new AuthorizationServer(server, `http://127.0.0.1:${address.port}`, quirks);
    server.on('request', (request, response) => {
      void own.#answer(request).then(({ status = 200, headers = {}, body = {} }) =>
        response.writeHead(status, headers).end(JSON.stringify(body)),
      );
    });
    return own;
  }

  get mcp(): URL {
    return new URL('/mcp', this.origin);
  }

  [Symbol.dispose](): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<{ status?: number; headers?: Record<string, string>; body?: unknown }> {
    const { origin, quirks } = this;
    const url = new URL(request.url ?? '/', origin);
    const issuer = quirks.issuer ?? origin;
    switch (url.pathname) {
      case '/mcp':
        return this.#challenge(request.method);
      case '/described':
      case '/.well-known/oauth-protected-resource':
        return this.#resource();
      case '/.well-known/oauth-authorization-server':
        return { body: this.#described(issuer) };
      case '/register': {
        const id = randomBytes(6).toString('hex');
        const client = JSON.parse(await text(request));
        this.registered.push(client);
        this.#clients.set(id, client.redirect_uris[0]);
        return { status: 201, body: { client_id: id, ...(quirks.clientAuth === undefined ? {} : { client_secret: clientSecret }) } };
      }
      case '/authorize':
        return this.#authorize(url.searchParams);
      case '/token':
        return this.#give(new URLSearchParams(await text(request)), request.headers.authorization);
      default:
        return { status: 404 };
    }
  }

  /** As the protocol has it, no more than a POST gets one. */
  #challenge(method = '') {
    if (method !== 'POST') return { status: 405 };
    const { described = `${this.origin}/described`, challenge = '' } = this.quirks;
    return { status: 401, headers: { 'www-authenticate': `Bearer resource_metadata="${described}"${challenge}` } };
  }

  #resource() {
    const { resource = this.mcp.href, issuers = [this.origin] } = this.quirks;
    return { body: { resource, authorization_servers: issuers, scopes_supported: ['tools', 'files'] } };
  }

  #described(issuer: string) {
    const { origin, quirks } = this;
    return {
      issuer,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      code_challenge_methods_supported: quirks.methods ?? ['S256'],
      authorization_response_iss_parameter_supported: true,
      ...(quirks.clientAuth === undefined ? {} : { token_endpoint_auth_methods_supported: quirks.clientAuth }),
      ...(quirks.offline ? { scopes_supported: ['offline_access'] } : {}),
    };
  }

  #authorize(asked: URLSearchParams) {
    const redirect = asked.get('redirect_uri') ?? '';
    const client = asked.get('client_id') ?? '';
    if (client !== 'known' && this.#clients.get(client) !== redirect) return { status: 400 };
    if (asked.get('resource') !== (this.quirks.resource ?? this.mcp.href)) return { status: 400 };
    this.wanted.push(asked.get('scope'));
    const code = randomBytes(6).toString('hex');
    this.#codes.set(code, asked);
    const back = new URL(redirect);
    const iss = 'iss' in this.quirks ? this.quirks.iss : this.origin;
    for (const [name, value] of Object.entries({ code, state: asked.get('state'), iss })) if (value) back.searchParams.set(name, value);
    return { status: 302, headers: { location: back.href } };
  }

  #give(form: URLSearchParams, authorization = '') {
    this.asked.push(form.get('grant_type') ?? '');
    this.shown.push(
      authorization === '' ? (form.get('client_secret') ?? 'nothing') : Buffer.from(authorization.slice(6), 'base64').toString(),
    );
    if (!this.#mayHave(form)) return { status: 400, body: { error: 'invalid_grant' } };
    this.lastToken = randomBytes(12).toString('hex');
    this.#refresh = randomBytes(12).toString('hex');
    const expires_in = this.quirks.seconds ?? 3_600;
    const { granted } = this.quirks;
    const scope = granted === undefined ? {} : { scope: granted };
    return { body: { access_token: this.lastToken, token_type: 'Bearer', refresh_token: this.#refresh, expires_in, ...scope } };
  }

  /** A code and a refresh token are good for one time. */
  #mayHave(form: URLSearchParams): boolean {
    if (form.get('grant_type') === 'refresh_token') return form.get('refresh_token') === this.#refresh;
    const code = form.get('code') ?? '';
    const asked = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return asked?.get('code_challenge') === challenge && asked.get('redirect_uri') === form.get('redirect_uri');
  }
}
