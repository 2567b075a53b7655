/** A variable that a person should know of, and what it does, as half a sentence that names it `env.NAME`. */
export interface OddVariable {
  readonly name: string;
  readonly message: string;
}

type Environment = Readonly<Record<string, unknown>>;

/** What an environment does to our hooks, and to what was decided on. A settings file's `env` is part of the client's own and of every hook's. */
export function weakEnvironment(env: Environment): readonly OddVariable[] {
  const set = setIn(env);
  const reachesUs = set.some(({ name, value }) => name.toUpperCase() === 'NO_PROXY' && coversUs(value));
  return set.flatMap(({ name, value }) => {
    if (proxies.has(name.toUpperCase()) && !reachesUs)
      return [{ name, message: `"env.${name}" sends our HTTP hooks to a proxy; add 127.0.0.1 to "env.NO_PROXY"` }];
    if (/^(LD|DYLD)_/.test(name)) return [{ name, message: `"env.${name}" makes every program load other code, hooks included` }];
    if (name === 'NODE_OPTIONS' && loadsCode.test(value))
      return [{ name, message: '"env.NODE_OPTIONS" makes every Node program load other code' }];
    const effect = Object.hasOwn(effects, name) ? effects[name] : undefined;
    return effect === undefined ? [] : [{ name, message: `"env.${name}" ${effect}` }];
  });
}

/** The same for what is out of place in a settings file, but ordinary in a person's shell. */
export function weakInSettings(env: Environment): readonly OddVariable[] {
  const moved = setIn(env).filter(({ name }) => name === 'CLAUDE_CONFIG_DIR');
  return moved.map(({ name }) => ({
    name,
    message: '"env.CLAUDE_CONFIG_DIR" gives sessions that it starts other settings, without our hooks',
  }));
}

/** Our hooks hold, but what a command's name means is not what it was. */
export function oddInSettings(env: Environment): readonly OddVariable[] {
  return setIn(env).flatMap(({ name }) => {
    const effect =
      name === 'PATH'
        ? 'decides which programs the names in a command mean'
        : name === 'ANTHROPIC_BASE_URL'
          ? 'sends everything that the model sees to another server'
          : undefined;
    return effect === undefined ? [] : [{ name, message: `"env.${name}" ${effect}` }];
  });
}

/** With HTTP_PROXY and HTTPS_PROXY the client's hooks were seen to take the detour; ALL_PROXY is named to be safe. */
const proxies: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']);

const effects: Readonly<Record<string, string>> = {
  CLAUDE_CODE_SHELL_PREFIX: 'hands every command to another program than the one that was decided on',
  BASH_ENV: 'makes every command run a script first that nobody decided on',
  CLAUDE_CODE_SIMPLE: 'starts sessions without plugins, so without our hooks',
  CLAUDE_CODE_SAFE_MODE: 'starts sessions without plugins, so without our hooks',
};

const loadsCode = /(^|\s)(-r|--require|--import|--loader|--experimental-loader|--env-file|--inspect)/;

function setIn(env: Environment): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [{ name, value }] : []));
}

function coversUs(noProxy: string): boolean {
  return noProxy.split(/[\s,]+/).some((host) => host === '*' || host === '127.0.0.1');
}
