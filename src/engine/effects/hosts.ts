import type { CommandAnalysis, Invocation, Word } from '../shell/analysis.ts';
import { networkPrograms } from '../shell/programs.ts';
import { Arguments } from './arguments.ts';
import type { Client } from './client.ts';
import { clients } from './clients.ts';
import { hostInUrl, isLocalHost, type NamedHost } from './host-names.ts';
import { plainName } from './plain-name.ts';

/** A host that a command would contact. */
export interface Host {
  /** Lower case; empty where it is not known. */
  readonly name: string;
  readonly known: boolean;
  /** This machine itself: loopback, a socket of it, or a client that was given no host. */
  readonly local: boolean;
  /** The program that contacts it, as plain name. */
  readonly program: string;
  readonly invocation: Invocation;
}

/** The hosts that the commands of a text would contact. One that is not known is listed as such. */
export function contactedHosts(analysis: CommandAnalysis): readonly Host[] {
  return analysis.invocations.flatMap((invocation) => [...contacted(invocation), ...redirected(invocation)]);
}

function contacted(invocation: Invocation): readonly Host[] {
  const program = plainName(invocation.program ?? '');
  const client = clients.get(program);
  const found = client !== undefined ? byClient(client, invocation) : networkPrograms.has(program) ? inUrls(invocation.args) : [];
  const all = [...found, ...invocation.hosts.map((name): NamedHost => name.toLowerCase())];
  return distinct(all).map((name) => hostOf(name, program, invocation));
}

function byClient(client: Client, invocation: Invocation): readonly NamedHost[] {
  const args = new Arguments(invocation.args, client.valued, client.oneDash);
  return client.hosts(args, invocation);
}

/** A program of the network that nobody described: the hosts in the URLs of its words. */
function inUrls(args: readonly Word[]): readonly NamedHost[] {
  return args.flatMap((arg) => hostInUrl(arg));
}

/** `/dev/tcp/HOST/PORT` is a connection to bash. */
function redirected(invocation: Invocation): readonly Host[] {
  return invocation.files.flatMap(({ target }) => {
    const lead = typeof target === 'string' ? target : (target.parts[0] ?? '');
    const name = /^\/dev\/(?:tcp|udp)\/([^/]*)/.exec(lead)?.[1];
    if (name === undefined) return [];
    const known = name !== '' && (typeof target === 'string' || /^\/dev\/(?:tcp|udp)\/[^/]+\//.test(lead));
    return [hostOf(known ? name.toLowerCase() : undefined, plainName(invocation.program ?? ''), invocation)];
  });
}

function hostOf(name: NamedHost, program: string, invocation: Invocation): Host {
  if (name === undefined) return { name: '', known: false, local: false, program, invocation };
  return { name, known: true, local: isLocalHost(name), program, invocation };
}

function distinct(names: readonly NamedHost[]): readonly NamedHost[] {
  return [...new Set(names)];
}
