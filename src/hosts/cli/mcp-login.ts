import { openHome } from '../../storage/home.ts';
import { remoteAddress } from '../../storage/install/remote-address.ts';
import { scopesIn } from '../../storage/secrets/oauth-challenge.ts';
import { logIn, type LoginOptions } from '../../storage/secrets/oauth-login.ts';
import { loginName } from '../../storage/secrets/oauth-tokens.ts';
import { secretName } from '../../storage/secrets/references.ts';
import { SecretStore } from '../../storage/secrets/secret-store.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';

/** How long a person may take in their browser. */
const patienceMs = 5 * 60_000;

/** Logs a person in at a remote MCP server; the gateway uses what it gets, and renews it. */
export async function login(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    'client-id': { type: 'string' },
    'client-secret': { type: 'string' },
    issuer: { type: 'string' },
    scope: { type: 'string', multiple: true },
    port: { type: 'string' },
  });
  const server = addressOf(required(positionals[0], 'the SERVER or its URL'));
  refuseAgents('"countersign mcp login"');
  const store = new SecretStore(openHome());
  const client = await clientIn(values['client-id'], values['client-secret'], store);
  const issuer = await logIn({
    store,
    server,
    show: (address) => terminal.out(`Open this in your browser, and agree there (within 5 minutes):\n${address}`),
    signal: AbortSignal.timeout(patienceMs),
    ...(client === undefined ? {} : { client }),
    ...(values.issuer === undefined ? {} : { issuer: values.issuer }),
    ...(values.port === undefined ? {} : { port: portIn(values.port) }),
    scopes: (values.scope ?? []).flatMap((text) => scopesIn(text)),
  });
  terminal.out(`Logged in at ${server.href} by ${issuer}.`);
  return 0;
}

/** The secret by the name that it is kept under: an argument could be seen by everybody. */
async function clientIn(id: string | undefined, secret: string | undefined, store: SecretStore): Promise<LoginOptions['client']> {
  if (id === undefined && secret !== undefined) throw new WrongUsage('--client-secret goes with --client-id');
  if (id === undefined || secret === undefined) return id === undefined ? undefined : { id };
  if (!secretName.test(secret))
    throw new WrongUsage('--client-secret takes the name of a secret, not its value: "countersign secret set NAME" keeps it');
  return { id, secret: (await store.valuesOf([secret])).get(secret) ?? '' };
}

function portIn(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new WrongUsage(`--port is a number from 1 to 65535, not "${text}"`);
}

export async function logout(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const server = addressOf(required(parse(args, {}).positionals[0], 'the SERVER or its URL'));
  refuseAgents('"countersign mcp logout"');
  const wasThere = await new SecretStore(openHome()).remove(loginName(server.href));
  if (wasThere) terminal.out(`The login at ${server.href} is forgotten here. Who gave it may remember it: withdraw it there, too.`);
  else terminal.err(`Nobody was logged in at ${server.href}.`);
  return wasThere ? 0 : 1;
}

function addressOf(given: string): URL {
  const address = /^https?:\/\//.test(given) ? given : remoteAddress({ folder: process.cwd(), environment: process.env }, given);
  if (address === undefined || !URL.canParse(address))
    throw new WrongUsage(`"${given}" is neither an address nor a remote server; "countersign mcp list" shows those that are configured`);
  return new URL(address);
}
