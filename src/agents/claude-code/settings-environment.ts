/** What a settings file's `env` does to our hooks: it is part of the client's own environment and of every hook's. */
export function weakEnvironment(env: Readonly<Record<string, unknown>>): readonly string[] {
  const set = Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [{ name, value }] : []));
  const reachesUs = set.some(({ name, value }) => name.toUpperCase() === 'NO_PROXY' && coversUs(value));
  return set.flatMap(({ name, value }) => {
    if (proxies.has(name.toUpperCase()) && !reachesUs)
      return [`"env.${name}" sends our HTTP hooks to a proxy; add 127.0.0.1 to "env.NO_PROXY"`];
    if (/^(LD|DYLD)_/.test(name)) return [`"env.${name}" makes every program load other code, hooks included`];
    if (name === 'NODE_OPTIONS' && loadsCode.test(value)) return ['"env.NODE_OPTIONS" makes every Node program load other code'];
    return [];
  });
}

/** With HTTP_PROXY and HTTPS_PROXY the client's hooks were seen to take the detour; ALL_PROXY is named to be safe. */
const proxies: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']);

const loadsCode = /(^|\s)(-r|--require|--import|--loader|--experimental-loader|--env-file|--inspect)/;

function coversUs(noProxy: string): boolean {
  return noProxy.split(/[\s,]+/).some((host) => host === '*' || host === '127.0.0.1');
}
