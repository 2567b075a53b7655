import * as z from 'zod/mini';
import { challengeIn, type Challenge } from './oauth-challenge.ts';
import { isWithin, pathOf } from './oauth-resource.ts';

/** What a server and those who give tokens for it say of themselves. */
export interface Discovered {
  /** What a token is for: the server's own name for itself. */
  readonly resource: string;
  readonly issuer: string;
  readonly authorize: string;
  readonly token: string;
  readonly register?: string;
  /** What to ask for; none: what is usual there. */
  readonly scopes: readonly string[];
  /** How a client may show who it is (RFC 7591's names); none: it does not say. */
  readonly clientAuth: readonly string[];
  /** It says with each answer who it is. */
  readonly saysIssuer: boolean;
}

const offline = 'offline_access';
/** How long one answer may take. */
const answerMs = 20_000;
const longestAnswer = 1_000_000;

const address = z.string().check(z.maxLength(2_000), z.refine(isFit, 'it is no https address'));
const texts = z.array(z.string().check(z.maxLength(500))).check(z.maxLength(200));
const protectedResource = z.object({
  resource: z.string().check(z.maxLength(2_000)),
  authorization_servers: z.array(address).check(z.minLength(1)),
  scopes_supported: z.optional(texts),
});
const authorizationServer = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  registration_endpoint: z.optional(address),
  code_challenge_methods_supported: z.optional(texts),
  token_endpoint_auth_methods_supported: z.optional(texts),
  scopes_supported: z.optional(z.array(z.string())),
  authorization_response_iss_parameter_supported: z.optional(z.boolean()),
});

/**
 * RFC 9728, then RFC 8414 or OpenID's discovery. `from`: no other issuer will do; left out: the first that the server names.
 * Rejects, saying what was wrong, where they do not fit together.
 */
export async function discover(server: URL, from?: string): Promise<Discovered> {
  if (!isFit(server.href)) throw new Error(`${server.href} is not reached by https: a token must not travel there.`);
  const challenge = await challengeOf(server);
  const asked = await resourceOf(server, challenge.described);
  const issuer = from === undefined ? asked.authorization_servers[0] : asked.authorization_servers.find((one) => isSame(one, from));
  if (issuer === undefined) throw new Error(`${server.href} takes no tokens of ${from}, but of ${asked.authorization_servers.join(', ')}.`);
  const found = await firstOf(authorizationServer, describing(new URL(issuer)));
  // Somebody else's description could send the person's consent anywhere.
  if (!isSame(found.issuer, issuer)) throw new Error(`${issuer} describes itself as ${found.issuer}.`);
  if (found.code_challenge_methods_supported?.includes('S256') !== true)
    throw new Error(`${issuer} does not say that it takes PKCE (S256).`);
  const scopes = challenge.scopes.length > 0 ? challenge.scopes : (asked.scopes_supported ?? []);
  // Without it some give nothing to renew a token with.
  const isLasting = scopes.length > 0 && found.scopes_supported?.includes(offline) === true;
  return {
    resource: asked.resource,
    issuer: found.issuer,
    authorize: found.authorization_endpoint,
    token: found.token_endpoint,
    ...(found.registration_endpoint === undefined ? {} : { register: found.registration_endpoint }),
    scopes: isLasting ? [...new Set([...scopes, offline])] : scopes,
    clientAuth: found.token_endpoint_auth_methods_supported ?? [],
    saysIssuer: found.authorization_response_iss_parameter_supported === true,
  };
}

/** What is posted. */
interface Form {
  readonly method: 'POST';
  readonly body: string | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON of a size that is none to worry about; redirections are not followed. `form`: posted. Rejects on any other answer. */
export async function askJson<T>(schema: z.ZodMiniType<T>, url: string, form?: Form): Promise<T> {
  const answer = await fetch(url, {
    ...form,
    headers: { accept: 'application/json', ...form?.headers },
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  });
  const text = await limited(answer);
  if (!answer.ok) throw new RefusedAnswer(`${new URL(url).host} answered ${answer.status}${reasonIn(text)}`, answer.status);
  const read = z.safeParse(schema, parsed(text));
  if (read.success) return read.data;
  throw new Error(`${url} answered with a wrong "${read.error.issues[0]?.path.join('.') ?? ''}".`);
}

/** Somebody said no, and how. */
export class RefusedAnswer extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

async function resourceOf(server: URL, described: string | undefined): Promise<z.infer<typeof protectedResource>> {
  const named = described !== undefined && isFit(described) && new URL(described).origin === server.origin ? new URL(described) : undefined;
  const own = '/.well-known/oauth-protected-resource';
  const places = named === undefined ? [`${own}${pathOf(server)}`, own].map((path) => server.origin + path) : [named.href];
  const found = await firstOf(protectedResource, places);
  const resource = URL.canParse(found.resource) ? new URL(found.resource) : undefined;
  // Who serves one path of a host need not speak for all of it.
  const mayBeWider = named === undefined || named.pathname.startsWith(own);
  // A token for another server must not be asked for in this one's name.
  if (resource === undefined || !(mayBeWider ? isWithin(server, resource) : isSame(resource.href, server.href)))
    throw new Error(`${server.href} says that its tokens are for ${found.resource}, which is another server.`);
  return found;
}

/** The server's own word for what it wants. It is asked for nothing that would change something there. */
async function challengeOf(server: URL): Promise<Challenge> {
  const answer = await fetch(server, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMs),
  }).catch((cause: unknown) => {
    throw new Error(`${server.href} cannot be reached.`, { cause });
  });
  await answer.body?.cancel();
  return challengeIn(answer.status === 401 ? (answer.headers.get('www-authenticate') ?? '') : undefined);
}

/** Where the standards have an issuer describe itself. Its host's own description, without the path, would be another issuer's. */
function describing(issuer: URL): readonly string[] {
  const path = pathOf(issuer);
  const places = [`/.well-known/oauth-authorization-server${path}`, `/.well-known/openid-configuration${path}`];
  return [...new Set([...places, `${path}/.well-known/openid-configuration`])].map((place) => issuer.origin + place);
}

async function firstOf<T>(schema: z.ZodMiniType<T>, places: readonly string[]): Promise<T> {
  let last: unknown;
  for (const place of places) {
    try {
      return await askJson(schema, place);
    } catch (error) {
      // Some answer with a page of theirs where they have nothing.
      last = error;
    }
  }
  const why = last instanceof Error ? last.message : String(last);
  throw new Error(`Nothing says where a login is to be had (${places.join(', ')}): ${why}`, { cause: last });
}

async function limited(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    if ((length += part.length) > longestAnswer) throw new Error(`${answer.url} answered more than can be an answer.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reasonIn(text: string): string {
  const read = z.safeParse(z.object({ error: z.string() }), parsed(text));
  return read.success ? `: ${read.data.error.replaceAll(/[^\w .:-]/g, '').slice(0, 100)}` : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSame(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '');
}

/** By https, or on this machine. */
function isFit(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
