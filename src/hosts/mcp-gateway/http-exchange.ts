import * as http from 'node:http';
import * as https from 'node:https';
import { headersVariable } from '../../agents/mcp/remote-headers.ts';
import { isWithin } from '../../storage/secrets/oauth-resource.ts';

export type Headers = Readonly<Record<string, string>>;

export interface Exchange {
  readonly url: URL;
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Headers;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** What its headers are for, where that is less than the whole host: no redirection out of it is followed. */
  readonly resource?: URL;
}

const mostRedirects = 3;

/** One request and the beginning of its response. Another origin is never followed to: our headers are not for it. */
export async function exchange(wanted: Exchange, redirects = 0): Promise<http.IncomingMessage> {
  const response = await send(wanted);
  const { statusCode = 0, headers } = response;
  if (statusCode < 300 || statusCode > 399) return response;
  response.destroy();
  const to =
    headers.location === undefined || !URL.canParse(headers.location, wanted.url) ? undefined : new URL(headers.location, wanted.url);
  const keepsMethod = statusCode === 307 || statusCode === 308;
  const isForIt = to?.origin === wanted.url.origin && (wanted.resource === undefined || isWithin(to, wanted.resource));
  if (to === undefined || !keepsMethod || !isForIt || redirects === mostRedirects)
    throw new Error(`it redirects to ${placeOf(to, wanted.url)}, which is not followed; configure the address itself`);
  return exchange({ ...wanted, url: to }, redirects + 1);
}

function placeOf(to: URL | undefined, { origin }: URL): string {
  return to?.origin === origin ? to.pathname : (to?.origin ?? 'nowhere');
}

/** Without any limit of time: a client that no longer waits says so. */
function send({ url, method, headers, body, signal }: Exchange): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const options = { method, headers: { ...headers, ...length }, signal };
  // The environment can switch the check of certificates off; whoever can set that must not.
  const request = url.protocol === 'https:' ? https.request(url, { ...options, rejectUnauthorized: true }) : http.request(url, options);
  request.once('response', resolve).once('error', reject).end(body);
  return promise;
}

/** `Name: value`, one a line, as the environment has it. Throws where it cannot be sent. */
export function headersOf(text: string): Headers {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line, index) => {
      const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t\r]*$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`line ${index + 1} of ${headersVariable} is no header`);
      return [name.toLowerCase(), value];
    }),
  );
}

/** Throws where it must not be spoken to. */
export function checkAddress(url: URL, headers: Headers): void {
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isHere && Object.keys(headers).length > 0)
    throw new Error(`${url.origin} is not encrypted: what ${headersVariable} holds is not sent there. Use https.`);
}

export function isGood({ statusCode = 0 }: http.IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

export function isJson({ headers }: http.IncomingMessage): boolean {
  return /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

export function isStream(response: http.IncomingMessage): boolean {
  return isGood(response) && (response.headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream');
}
