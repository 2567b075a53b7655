import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { canaryArguments, standInAnswer, type CodexCanary } from '../../agents/codex/canary.ts';
import { listenHere } from './listen-here.ts';
import { runClient } from './client-program.ts';
import type { Finding, InstallWish } from './installer.ts';

const limitMs = 60_000;

/**
 * Starts the person's own Codex for one call that must be refused. A stand-in on this machine takes the model's part: nothing leaves it,
 * and nothing is spent.
 */
export async function proveCodex({ home, environment }: InstallWish, cwd: string): Promise<readonly Finding[]> {
  const canary = { id: `call_countersign_${randomUUID().replaceAll('-', '')}`, file: join(home.root, 'canary') };
  const { server, heard } = standIn(canary);
  try {
    const client = { program: 'codex', environment: own(environment), cwd, limitMs };
    await runClient(client, canaryArguments(await listenHere(server)));
    return [verdictOn(heard())];
  } catch (error) {
    const said = heard();
    if (said !== undefined) return [verdictOn(said)];
    return [{ id: 'call', severity: 'bad', message: `No call could be tried: ${error instanceof Error ? error.message : String(error)}` }];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function verdictOn(heard: string | undefined): Finding {
  if (heard === undefined) return { id: 'call', severity: 'bad', message: 'Codex, started here, made no call, so nothing is proven.' };
  if (/Countersign/.test(heard))
    return { id: 'call', severity: 'fine', message: 'Codex, started here, had its call refused by Countersign.' };
  return {
    id: 'call',
    severity: 'bad',
    message:
      'Codex, started here, ran a call that Countersign forbids: its hooks do not run. "/hooks" in Codex shows why, most often that they are not trusted.',
  };
}

function own(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const { CODEX_HOME } = environment;
  return CODEX_HOME === undefined ? {} : { CODEX_HOME };
}

function standIn(canary: CodexCanary): { readonly server: Server; readonly heard: () => string | undefined } {
  let heard: string | undefined;
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || !(request.url ?? '').endsWith('/responses')) return void response.writeHead(404).end('{}');
    text(request)
      .then((body) => {
        const answer = standInAnswer(body, canary);
        heard ??= answer.heard;
        return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer.body);
      })
      .catch(() => response.writeHead(400).end());
  });
  return { server, heard: () => heard };
}
