import type { Word } from '../shell/analysis.ts';

/** A host's name in lower case; `undefined`: there is one, and it is not known. */
export type NamedHost = string | undefined;

/** The host of a URL that a word holds, or is. */
export function hostInUrl(word: Word): readonly NamedHost[] {
  if (typeof word === 'string') return knownUrl(word);
  const lead = word.parts[0] ?? '';
  const authority = /^["']?[a-z][a-z0-9+.-]*:\/\/([^/?#\\\s]*)(.?)/i.exec(lead);
  if (authority === null) return [];
  // Only what ends before the unknown part is the host.
  return authority[2] === '' ? [undefined] : clean(authority[1] ?? '');
}

function knownUrl(text: string): readonly NamedHost[] {
  const found = /\b([a-z][a-z0-9+.-]*):\/\/([^/?#\\\s]*)/i.exec(text);
  if (found === null || found[1]?.toLowerCase() === 'file') return [];
  const authority = found[2] ?? '';
  // Several hosts stand in the URIs of databases' clusters.
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .split(',')
    .flatMap(clean);
}

/** `user@host:path`, `host:path`, and a bare `host`, `host.name/path` or `host:port`. */
export function hostInWord(word: Word): readonly NamedHost[] {
  if (typeof word !== 'string') {
    const url = hostInUrl(word);
    if (url.length > 0) return url;
    const lead = word.parts[0] ?? '';
    const named = /^(?:[^@/\s]+@)?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)[:/]/.exec(lead)?.[1];
    return [named?.toLowerCase()];
  }
  const url = knownUrl(word);
  if (url.length > 0 || word.includes('://')) return url;
  const match = /^(?:[^@/\s]*@)?(\[[0-9a-f:]+\]|[A-Za-z0-9_][A-Za-z0-9_.-]*)(?=[:/?#]|$)/i.exec(word);
  return match?.[1] === undefined ? [] : clean(match[1]);
}

/** `[user@]host:path` of what copies between machines; a word without a host is a file here. */
export function hostInRemotePath(word: Word): readonly NamedHost[] {
  const text = typeof word === 'string' ? word : (word.parts[0] ?? '');
  if (/^[A-Za-z]:[\\/]/.test(text)) return [];
  if (text.includes('://')) return hostInUrl(word);
  const match = /^(?:[^@/:\s]+@)?(\[[0-9a-f:]+\]|[^/:@\s]+):/i.exec(text);
  if (match?.[1] !== undefined) return clean(match[1]);
  // `"$HOST":/path` names a host that is not known.
  return typeof word !== 'string' && word.parts.slice(1).some((part) => part?.startsWith(':') === true) ? [undefined] : [];
}

/** The host of a value of `--host`: a name, `host:port`, a URL or the path of a socket. */
export function hostOfValue(word: Word): readonly NamedHost[] {
  if (typeof word === 'string' && word.startsWith('/')) return ['localhost'];
  return hostInWord(word);
}

export function isLocalHost(name: string): boolean {
  const plain = name.replace(/^\[|\]$/g, '');
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){1,3}|0\.0\.0\.0|::1|0:0:0:0:0:0:0:1|::ffff:127\..*|host\.docker\.internal)$/.test(plain);
}

function clean(withUser: string): readonly NamedHost[] {
  const authority = withUser.slice(withUser.lastIndexOf('@') + 1);
  const host = authority.startsWith('[') ? authority.slice(0, authority.indexOf(']') + 1) : authority.replace(/:\d*$/, '');
  return host === '' ? [] : [host.toLowerCase().replace(/\.$/, '')];
}
