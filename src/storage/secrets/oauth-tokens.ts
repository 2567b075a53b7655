import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { loginCommand, scopesIn } from './oauth-challenge.ts';
import { askJson, RefusedAnswer } from './oauth-discovery.ts';
import type { SecretStore } from './secret-store.ts';

/** What a login leaves behind, kept as one secret. */
const login = z.object({
  version: z.literal(1),
  server: z.string(),
  resource: z.string(),
  issuer: z.string(),
  token: z.string(),
  clientId: z.string(),
  clientSecret: z.optional(z.string()),
  /** How it shows the secret, if it has one; left out: in the form, as there was nothing else once. */
  clientAuth: z.optional(z.enum(['client_secret_basic', 'client_secret_post', 'none'])),
  /** Asked for, or given where that was said; left out: unknown. */
  scopes: z.optional(z.array(z.string())),
  access: z.string(),
  refresh: z.optional(z.string()),
  /** Milliseconds; left out: it does not say. */
  expires: z.optional(z.number()),
});
export type Login = z.infer<typeof login>;

const granted = z.object({
  access_token: z.string().check(z.minLength(1)),
  token_type: z.string().check(z.refine((type) => type.toLowerCase() === 'bearer')),
  refresh_token: z.optional(z.string()),
  expires_in: z.optional(z.union([z.number(), z.string()])),
  scope: z.optional(z.string()),
});

/** One that runs out within that time is renewed before it is used. */
const marginMs = 60_000;

/**
 * The login whose token this remote server takes; renewed where it has run out, or where that very token was `refused`. `undefined`: nobody has logged in.
 * Rejects, saying what to do.
 */
export async function loginAt(store: SecretStore, server: string, refused?: string): Promise<Login | undefined> {
  const known = await keptLogin(store, server);
  if (known === undefined) return undefined;
  const isFresh = known.expires === undefined || known.expires - Date.now() > marginMs;
  return isFresh && known.access !== refused ? known : renewed(store, known);
}

/** Exchanges for a token, and keeps it. `form`: what this way of asking needs. */
export async function obtain(
  store: SecretStore,
  about: Omit<Login, 'access' | 'version'>,
  form: Readonly<Record<string, string>>,
): Promise<Login> {
  const { resource, token, server } = about;
  const client = shown(about);
  const body = new URLSearchParams({ ...form, ...client.form, resource });
  const given = await askJson(granted, token, { method: 'POST', body, headers: client.headers });
  const seconds = Number(given.expires_in);
  const refresh = given.refresh_token ?? about.refresh;
  const { expires: _, ...rest } = about;
  const made: Login = {
    ...rest,
    version: 1,
    access: given.access_token,
    ...(given.scope === undefined ? {} : { scopes: [...scopesIn(given.scope)] }),
    ...(refresh === undefined ? {} : { refresh }),
    ...(seconds > 0 ? { expires: Date.now() + seconds * 1_000 } : {}),
  };
  await store.set(loginName(server), JSON.stringify(made), { about: `login at ${server}` });
  return made;
}

/** Who asks, in the one way that was agreed on. */
function shown({
  clientId,
  clientSecret = '',
  clientAuth = 'client_secret_post',
}: Pick<Login, 'clientId' | 'clientSecret' | 'clientAuth'>) {
  if (clientSecret === '' || clientAuth === 'none') return { headers: {}, form: { client_id: clientId } };
  if (clientAuth === 'client_secret_post') return { headers: {}, form: { client_id: clientId, client_secret: clientSecret } };
  const pair = [clientId, clientSecret].map((text) => new URLSearchParams({ '': text }).toString().slice(1)).join(':');
  return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, form: {} };
}

/** As the store calls it. */
export function loginName(server: string): string {
  return `login-${createHash('sha256').update(new URL(server).href).digest('hex').slice(0, 16)}`;
}

/** As it was kept, whatever has become of it since. */
export async function keptLogin(store: SecretStore, server: string): Promise<Login | undefined> {
  const kept = await store.get(loginName(server));
  return kept === undefined ? undefined : z.parse(login, JSON.parse(kept));
}

async function renewed(store: SecretStore, known: Login): Promise<Login> {
  const again = `Type "${loginCommand(known.server)}" in a terminal.`;
  if (known.refresh === undefined) throw new Error(`The login at ${known.server} has run out. ${again}`);
  try {
    return await obtain(store, known, { grant_type: 'refresh_token', refresh_token: known.refresh });
  } catch (cause) {
    // Another gateway may have renewed it at the same moment: the old one is worth nothing then.
    const now = await keptLogin(store, known.server);
    if (now !== undefined && now.access !== known.access) return now;
    if (cause instanceof RefusedAnswer && cause.status < 500)
      throw new Error(`The login at ${known.server} is not renewed (${cause.message}). ${again}`, { cause });
    throw cause;
  }
}
