import * as z from 'zod/mini';
import { headerLine, headersVariable, variableIn } from './remote-headers.ts';

/** How a client's configuration has a server that is reached over the network. */
export interface RemoteDialect {
  /** What `type` says of a server that is started; left out: what it says of both is taken away. */
  readonly startedType?: string;
  /** What `url` means where no type stands beside it; left out: Streamable HTTP. */
  readonly untyped?: 'sse';
  /** Where both an address and a command stand, the address counts. */
  readonly isAddressFirst?: true;
  readonly environment?: string;
}

type Members = Readonly<Record<string, unknown>>;

/** A server over the network: what makes it one that is started (`undefined`: the member goes), or why nothing can. */
export type RemoteEntry = { readonly url: string } & ({ readonly change: Members } | { readonly obstacle: string });

const addresses = ['httpUrl', 'serverUrl', 'url'];
const types = ['type', 'transportType'];
const overHttp: readonly unknown[] = ['http', 'streamable-http', 'streamable_http', 'streamableHttp', 'remote'];

export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** Whether that is our own endpoint, which is the gateway itself. */
export function isOwnEndpoint(url: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+\/v1\/mcp\/[^/]/.test(url);
}

/** What an entry says of a server over the network; `undefined`: it is none. `entry`: `null` stands for what is written elsewhere in the file. */
export function remoteEntry(dialect: RemoteDialect, entry: Members): RemoteEntry | undefined {
  const member = addresses.find((one) => typeof entry[one] === 'string' && entry[one] !== '');
  const url = member === undefined ? undefined : entry[member];
  if (member === undefined || typeof url !== 'string' || isStarted(dialect, entry)) return undefined;
  const obstacle = transportObstacle(dialect, entry, member, url) ?? loginObstacle(entry);
  if (obstacle !== undefined) return { url, obstacle };
  const headers = headersIn(entry);
  if ('obstacle' in headers) return { url, ...headers };
  return { url, change: { ...gone(entry), ...typeFor(dialect, entry), ...environmentWith(dialect, entry, headers) } };
}

function isStarted({ isAddressFirst, startedType }: RemoteDialect, entry: Members): boolean {
  if (entry['command'] === undefined) return false;
  const type = types.map((one) => entry[one]).find((one) => one !== undefined);
  return type === undefined || type === startedType ? isAddressFirst !== true : !overHttp.includes(type) && type !== 'sse';
}

function transportObstacle({ untyped }: RemoteDialect, entry: Members, member: string, url: string): string | undefined {
  if (!isAddress(url)) return `its address ${url} does not begin with https:// or http://`;
  if (member === 'httpUrl') return undefined;
  const type = types.map((one) => entry[one]).find((one) => one !== undefined);
  if (overHttp.includes(type) && type !== 'remote') return undefined;
  if (type === 'sse')
    return `its type is "sse", the older transport that the gateway does not speak; ask whether it has an address for "http"`;
  if (type !== undefined && type !== 'remote') return `its type is ${JSON.stringify(type)}, which the gateway does not speak`;
  if (/\/sse\/?([?#]|$)/.test(url))
    return 'its address ends in /sse, the older transport that the gateway does not speak; ask whether it has another one';
  if (untyped === 'sse')
    return 'without a type, its client speaks the older transport (sse) to it, which the gateway does not; say that it is Streamable HTTP, if it is';
  return undefined;
}

/** How a client gets a token by itself; the gateway has a login of its own. */
const logins = ['oauth', 'oauthClient', 'oauthClientId', 'oauthScopes', 'oauth_resource', 'scopes', 'auth', 'authProviderType'];

function loginObstacle(entry: Members): string | undefined {
  if (entry['headersHelper'] !== undefined) return 'its headers come from a program ("headersHelper"), which the gateway does not run';
  const member = logins.find((one) => entry[one] !== undefined && entry[one] !== false);
  if (member === undefined) return undefined;
  return `"${member}" says how its client logs in, which the gateway does not know; take that out, and use "countersign mcp login"`;
}

interface Headers {
  readonly lines: readonly string[];
  /** Variables that the client has to hand on. */
  readonly passed: readonly string[];
}

const record = z.record(z.string(), z.unknown());
const variable = /^[A-Za-z_]\w*$/;

function headersIn(entry: Members): Headers | { readonly obstacle: string } {
  const given: [header: string, value: unknown][] = [];
  const passed = new Set<string>();
  const add = (header: string, named: unknown, text: (name: string) => string): void => {
    const isName = typeof named === 'string' && variable.test(named);
    if (isName) passed.add(named);
    given.push([header, isName ? text(named) : undefined]);
  };
  for (const [member, isNamed] of [
    ['headers', false],
    ['http_headers', false],
    ['env_http_headers', true],
  ] as const) {
    if (entry[member] === undefined) continue;
    const read = z.safeParse(record, entry[member]);
    if (entry[member] === null) return { obstacle: `its ${member} stand in a table of their own; write them as ${member} = { … } instead` };
    if (!read.success) return { obstacle: `its ${member} cannot be read` };
    for (const [header, value] of Object.entries(read.data))
      if (isNamed) add(header, value, (name) => variableIn(name, true));
      else given.push([header, value]);
  }
  if (entry['bearer_token_env_var'] !== undefined)
    add('Authorization', entry['bearer_token_env_var'], (name) => `Bearer ${variableIn(name)}`);
  const lines: string[] = [];
  for (const [header, value] of given) {
    const read = headerLine(header, value);
    if ('obstacle' in read) return read;
    lines.push(read.line);
  }
  return { lines, passed: [...passed] };
}

const spent = [...addresses, 'headers', 'oauth', 'transportType', 'bearer_token_env_var', 'http_headers', 'env_http_headers'];

function gone(entry: Members): Members {
  return Object.fromEntries(spent.flatMap((member) => (Object.hasOwn(entry, member) ? [[member, undefined]] : [])));
}

function typeFor({ startedType }: RemoteDialect, entry: Members): Members {
  return Object.hasOwn(entry, 'type') ? { type: startedType } : {};
}

function environmentWith({ environment = 'env' }: RemoteDialect, entry: Members, { lines, passed }: Headers): Members {
  if (lines.length === 0) return {};
  const own = z.safeParse(record, entry[environment]).data;
  return {
    [environment]: { ...own, [headersVariable]: lines.join('\n') },
    ...(passed.length === 0 ? {} : { env_vars: passed }),
  };
}
