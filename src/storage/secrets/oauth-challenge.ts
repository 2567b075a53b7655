/** What a server says of the login that it wants (RFC 6750, RFC 9728), as far as it says so. */
export interface Challenge {
  readonly error?: string;
  readonly scopes: readonly string[];
  /** Where it describes itself, as it stands there. */
  readonly described?: string;
}

const mostScopes = 100;
/** RFC 6749, and no longer than anybody needs. */
const scope = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
/** One parameter; what stands in quotes is no parameter itself. */
const parameter = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/** Reads a `WWW-Authenticate` header. Of a parameter that stands there twice, the first counts. */
export function challengeIn(header: string | undefined): Challenge {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of (header ?? '').matchAll(parameter)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '';
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
  }
  const [error, described] = [found.get('error'), found.get('resource_metadata')];
  return {
    ...(error === undefined ? {} : { error }),
    scopes: scopesIn(found.get('scope')),
    ...(described === undefined ? {} : { described }),
  };
}

/** Scopes as OAuth writes them, each once; what can be none is left out. */
export function scopesIn(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(' '))].filter((one) => scope.test(one)).slice(0, mostScopes);
}

/**
 * What a person types to log in there. Left vague where the address or a scope, which others chose, has in it what a shell could take for something of
 * its own.
 */
export function loginCommand(server: string, scopes: readonly string[] = []): string {
  const isPlain = /^[\w.:/@%+,-]+$/;
  const wanted = scopes.length > 0 && scopes.every((one) => isPlain.test(one)) ? ` --scope '${scopes.join(' ')}'` : '';
  return `countersign mcp login ${isPlain.test(server) ? server : 'SERVER'}${wanted}`;
}
