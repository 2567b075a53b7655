import type { CommandAnalysis, Invocation } from './analysis.ts';
import { baseName, networkPrograms } from './programs.ts';

const remoteShells = new Set([
  'ssh',
  'scp',
  'sftp',
  'rsync',
  'git',
  'nc',
  'ncat',
  'netcat',
  'telnet',
  'ping',
  'dig',
  'nslookup',
  'host',
  'curl',
  'wget',
  'http',
  'https',
  'ftp',
]);

/** Host names that the known words of a text name, lower case. */
export function hostsOf(analysis: CommandAnalysis): readonly string[] {
  return [...new Set(analysis.invocations.flatMap((invocation) => [...invocation.hosts, ...(talks(invocation) ? hosts(invocation) : [])]))];
}

function talks(invocation: Invocation): boolean {
  return invocation.program !== undefined && networkPrograms.has(baseName(invocation.program));
}

function hosts(invocation: Invocation): readonly string[] {
  const remote = remoteShells.has(baseName(invocation.program ?? ''));
  return invocation.args.flatMap((arg) => {
    if (typeof arg !== 'string') return hostInUrl(arg.parts[0] !== undefined && /\/\/[^/]+\//.test(arg.parts[0]) ? arg.parts[0] : '');
    const url = hostInUrl(arg);
    return url.length > 0 || !remote ? url : hostInWord(arg);
  });
}

function hostInUrl(text: string): readonly string[] {
  const authority = /[a-z][a-z0-9+.-]*:\/\/([^/?#\\\s]*)/i.exec(text)?.[1];
  return authority === undefined ? [] : clean(authority.slice(authority.lastIndexOf('@') + 1));
}

/** `user@host:path`, `host:path` and a bare `host.name/path`. */
function hostInWord(text: string): readonly string[] {
  if (text.startsWith('-') || text.startsWith('/') || text.startsWith('.')) return [];
  const match =
    /^(?:[^@/\s]+@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost)(?=[:/?#]|$)/.exec(text) ?? /^[^@/\s]+@([A-Za-z0-9.-]+)(?=:|$)/.exec(text);
  return match?.[1] === undefined ? [] : clean(match[1]);
}

function clean(authority: string): readonly string[] {
  const host = authority.startsWith('[') ? authority.slice(0, authority.indexOf(']') + 1) : authority.replace(/:\d*$/, '');
  return host === '' ? [] : [host.toLowerCase().replace(/\.$/, '')];
}
