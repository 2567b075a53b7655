import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Keeper } from './keeper.ts';
import { failed, runTool } from './run-tool.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The operating system's own keepers of secrets, by its own tools; none where it surely has none. `service` keeps homes apart. */
export function systemKeeper(service: string, environment: Environment): Keeper | undefined {
  switch (process.platform) {
    case 'darwin':
      return macKeychain(service, environment);
    case 'win32':
      return dataProtection(environment);
    default:
      return hasBus(environment) ? secretService(service, environment) : undefined;
  }
}

/** Without a session bus there is no keyring, and asking for one would start a bus that nobody ends. */
function hasBus(environment: Environment): boolean {
  const runtime = environment['XDG_RUNTIME_DIR'];
  return Boolean(environment['DBUS_SESSION_BUS_ADDRESS']) || (Boolean(runtime) && existsSync(join(runtime ?? '', 'bus')));
}

/** GNOME's and KDE's, by libsecret's `secret-tool`. */
function secretService(service: string, environment: Environment): Keeper {
  const tool = 'secret-tool';
  const run = (args: readonly string[], input?: string) => runTool(tool, args, input, { ...environment });
  return {
    name: 'keyring',
    title: 'the keyring',
    put: async (id, value) => {
      const ran = await run(['store', '--label', `Countersign: ${id}`, 'service', service, 'account', id], value);
      if (ran.code !== 0) throw failed(tool, ran);
      return '';
    },
    get: async (id) => {
      const ran = await run(['lookup', 'service', service, 'account', id]);
      // 1 and nothing said: there is none.
      if (ran.code !== 0 && (ran.code !== 1 || ran.error !== '')) throw failed(tool, ran);
      return ran.out.trim() || undefined;
    },
    remove: async (id) => {
      const ran = await run(['clear', 'service', service, 'account', id]);
      if (ran.code !== 0 && ran.error !== '') throw failed(tool, ran);
    },
  };
}

/** macOS. `security -i` reads its commands from its input, so that no value is an argument. */
function macKeychain(service: string, environment: Environment): Keeper {
  const tool = '/usr/bin/security';
  const run = (args: readonly string[], input?: string) => runTool(tool, args, input, { ...environment });
  /** "The specified item could not be found in the keychain." */
  const none = 44;
  return {
    name: 'keychain',
    title: 'the login keychain',
    put: async (id, value) => {
      const ran = await run(['-i'], `add-generic-password -U -s ${service} -a ${id} -w ${value}\n`);
      if (ran.code !== 0) throw failed(tool, ran);
      return '';
    },
    get: async (id) => {
      const ran = await run(['find-generic-password', '-s', service, '-a', id, '-w']);
      if (ran.code !== 0 && ran.code !== none) throw failed(tool, ran);
      return ran.code === none ? undefined : ran.out.trim();
    },
    remove: async (id) => {
      const ran = await run(['delete-generic-password', '-s', service, '-a', id]);
      if (ran.code !== 0 && ran.code !== none) throw failed(tool, ran);
    },
  };
}

/** Windows seals for the person who is logged in; what is sealed is remembered by us. */
function dataProtection(environment: Environment): Keeper {
  const tool = 'powershell.exe';
  const run = async (verb: 'Protect' | 'Unprotect', value: string): Promise<string> => {
    const script = `Add-Type -AssemblyName System.Security;[Convert]::ToBase64String([Security.Cryptography.ProtectedData]::${verb}([Convert]::FromBase64String([Console]::In.ReadToEnd()),$null,'CurrentUser'))`;
    const ran = await runTool(tool, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script], value, { ...environment });
    if (ran.code !== 0) throw failed(tool, ran);
    return ran.out.trim();
  };
  return {
    name: 'dpapi',
    title: "Windows' data protection",
    put: (_, value) => run('Protect', value),
    get: async (_, remembered) => (remembered === '' ? undefined : run('Unprotect', remembered)),
    remove: () => Promise.resolve(),
  };
}
