import { execFile } from 'node:child_process';
import * as tls from 'node:tls';
import { promisify } from 'node:util';
import { npmProgram } from './npm.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Published {
  readonly name: string;
  readonly version: string;
}

const patienceMs = 20_000;
const largest = 1024 * 1024;

/**
 * What the registry that npm is configured with says of who built that package, as it answers; `undefined`: it knows nothing. It is to be kept, and
 * proves nothing before it is verified. Rejects where it cannot be asked.
 */
export async function attestationsOf({ name, version }: Published, env: Environment): Promise<string | undefined> {
  trustWhatTheSystemTrusts();
  const registry = await registryOf(name, env);
  const url = new URL(`-/npm/v1/attestations/${name.replace('/', '%2f')}@${version}`, registry.endsWith('/') ? registry : `${registry}/`);
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs), headers: { accept: 'application/json' } });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`The registry answers ${response.status} when it is asked who built ${name}.`);
  const text = await response.text();
  if (Buffer.byteLength(text) > largest) throw new Error(`What the registry says of who built ${name} is larger than 1 MiB.`);
  return text;
}

/** A scope may have a registry of its own. */
async function registryOf(name: string, env: Environment): Promise<string> {
  const [command, ...before] = npmProgram(env);
  if (command === undefined)
    throw new Error('npm was not found beside Node or in PATH, and says which registry to ask. Install Node with npm.');
  const configured = async (key: string): Promise<string | undefined> => {
    const { stdout } = await promisify(execFile)(command, [...before, 'config', 'get', key, '--no-update-notifier'], {
      env: { ...env },
      windowsHide: true,
    });
    const value = stdout.trim();
    return URL.canParse(value) ? value : undefined;
  };
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  const own = scope === undefined ? undefined : await configured(`${scope}:registry`);
  const registry = own ?? (await configured('registry'));
  if (registry === undefined) throw new Error('npm does not say which registry to ask.');
  return registry;
}

/** A company's proxy may speak with an authority that only this machine knows, as npm's own requests do. */
function trustWhatTheSystemTrusts(): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
}
