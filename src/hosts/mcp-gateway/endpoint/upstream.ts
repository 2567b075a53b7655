import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { mayNameSecret } from '../../../storage/secrets/references.ts';
import type { RemoteMcpServer } from '../../../storage/mcp-remotes.ts';
import { checkAddress, headersOf, type Exchange } from '../http-exchange.ts';
import type { Judge } from '../judge.ts';
import { Login } from '../login.ts';
import { mayStart } from '../may-start.ts';
import type { Speaker } from '../speaker.ts';
import { headersVariable } from '../../../agents/mcp/remote-headers.ts';
import { withoutKnown } from '../without-known.ts';

/** The server, as far as it may be asked. */
export interface Upstream {
  readonly send: (wanted: Pick<Exchange, 'method' | 'body' | 'signal'>, from: IncomingHttpHeaders) => Promise<IncomingMessage>;
  /** What a person can do where it answers 401 or 403. */
  readonly refusal: (response: IncomingMessage) => Promise<string>;
  /** A line of the server's without the secrets that it was given. */
  readonly clean: (line: Buffer) => Buffer;
}

/** Why the server is not asked at all. */
export class Refused extends Error {}

interface Opening {
  readonly server: string;
  readonly remote: RemoteMcpServer;
  readonly judge: Judge;
  readonly speaker: Speaker;
  readonly cwd: string;
}

/** Rejects with `Refused` where policies do not let it be used, or its secrets cannot be had. */
export async function openUpstream({ server, remote, judge, speaker, cwd }: Opening): Promise<Upstream> {
  const wish = { server, command: remote.url, args: [], ...(remote.agent === undefined ? {} : { agent: remote.agent }) };
  const permission = await mayStart({ wish, judge, speaker, env: {}, cwd });
  if ('refused' in permission) throw new Refused(permission.refused);
  const { env, known } = await withSecretsOf(permission.command, remote.headers ?? '', judge, speaker);
  const url = new URL(remote.url);
  const own = headersOf(env[headersVariable] ?? '');
  checkAddress(url, own);
  const login = new Login(url.href, judge, speaker);
  return {
    send: (wanted, from) => login.exchange({ ...wanted, url, headers: { ...passedOn(from), ...own } }),
    refusal: (response) => login.refusal(response, 'another token (countersign mcp remote add)'),
    clean: (line) => login.without(known === undefined ? line : withoutKnown(line, known)),
  };
}

async function withSecretsOf(command: string, headers: string, judge: Judge, speaker: Speaker) {
  const start = { command, args: [], env: { [headersVariable]: headers } };
  if (!mayNameSecret(headers)) return { ...start, known: undefined };
  try {
    const { env, known } = await (await import('../secrets.ts')).withItsSecrets(start, judge, speaker);
    return { env, known };
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

/** What belongs to the client's connection with us, or would tell the server what is ours. */
const own =
  /^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|accept-encoding|authorization|cookie|origin|referer|expect|sec-.*|x-countersign-.*)$/;

/** The client's headers, as far as they are for the server. */
function passedOn(headers: IncomingHttpHeaders): Exchange['headers'] {
  const kept = Object.entries(headers).filter(([name, value]) => !own.test(name) && value !== undefined);
  return Object.fromEntries(kept.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
}
