/**
 * What the suite runs for each of its client scenarios: a person who logs in where it takes that, and a client that reaches the scenario's server through
 * the gateway. Called as `node governed-client.ts DIST SLOTS URL`: where the built programs are, and a folder in which those that run take their turns.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env, execPath, stderr, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod/mini';
import { useServer } from './client.ts';

const [dist = '', slots = '', url = ''] = argv.slice(2);
const scenario = env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = z.object({ client_id: z.optional(z.string()), client_secret: z.optional(z.string()) });
const described = z.object({ authorization_servers: z.array(z.string()) });

/** Nobody is that patient; a server that asks for ever more would go on without an end. */
const mostLogins = 3;
/** Nothing may keep its turn for ever. */
const patienceMs = 30_000;
/** Where our client describes itself, as the suite expects it. */
const document = 'https://conformance-test.local/client-metadata.json';

/** Two at a time: each is three processes. */
async function turn(): Promise<() => void> {
  for (;;) {
    for (const slot of ['one', 'two']) {
      const path = join(slots, slot);
      try {
        mkdirSync(path);
        return () => rmdirSync(path);
      } catch {
        // Somebody else's turn.
      }
    }
    await delay(100);
  }
}

/** The person: types what they are told to, and agrees in a browser. */
async function logIn(args: readonly string[]): Promise<void> {
  const login = spawn(execPath, [join(dist, 'cli.mjs'), 'mcp', 'login', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  });
  let shown = '';
  login.stdout.setEncoding('utf8').on('data', (words: string) => {
    shown += words;
    stdout.write(words);
    const [address] = /^https?:\S+(?=\n)/m.exec(shown) ?? [];
    if (address === undefined) return;
    shown = '';
    void fetch(address).then((page) => page.text());
  });
  const [code] = await once(login, 'close');
  if (code !== 0) throw new Error(`The login ended with ${code}.`);
}

/** What a person knows who got an id for their client beforehand. */
async function registeredBeforehand(): Promise<readonly string[]> {
  if (scenario === 'auth/basic-cimd') return ['--client-id', document];
  const { client_id: id, client_secret: secret } = context.parse(JSON.parse(env['MCP_CONFORMANCE_CONTEXT'] ?? '{}'));
  if (id === undefined || secret === undefined) return [];
  const keeping = execFile(execPath, [join(dist, 'cli.mjs'), 'secret', 'set', 'CONFORMANCE']);
  keeping.stdin?.end(secret);
  await once(keeping, 'close');
  const told = described.parse(await (await fetch(new URL('/.well-known/oauth-protected-resource/mcp', url))).json());
  return ['--client-id', id, '--client-secret', 'CONFORMANCE', '--issuer', told.authorization_servers[0] ?? ''];
}

/** Answers with what the client heard of errors. */
async function call(): Promise<string> {
  const name = scenario.replaceAll('/', '-');
  const said = await useServer([execPath, join(dist, 'mcp-gateway.mjs'), '--name', name, '--', url], patienceMs);
  stderr.write(said);
  return said;
}

const over = await turn();
try {
  if (scenario.startsWith('auth/')) await logIn([url, ...(await registeredBeforehand())]);
  for (let logins = 1; ; logins += 1) {
    const said = await call();
    const [, server = '', scopes] = /countersign mcp login (http[^\s"'\\)]+)(?: --scope '([^']+)')?/.exec(said) ?? [];
    if (server === '' || logins === mostLogins) break;
    await logIn([server, ...(scopes === undefined ? [] : ['--scope', scopes])]);
  }
} finally {
  over();
}
