import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { standInAnswer, type CanaryCall } from '../../agents/claude-code/canary.ts';
import { canaryRun, lastSettings, namesModelServer } from '../../agents/claude-code/canary-run.ts';
import type { Home } from '../home.ts';
import type { ProcessStart } from '../session-start.ts';
import { listenHere } from './listen-here.ts';
import { claudeConfigDir } from './claude-code.ts';
import { managedSettings } from './claude-settings.ts';
import { runClient } from './client-program.ts';

/** A session of its own, with the one call that it makes. */
export interface Canary {
  readonly session: string;
  readonly callId: string;
}

export function newCanary(): Canary {
  return { session: randomUUID(), callId: `toolu_countersign_${randomUUID().replaceAll('-', '')}` };
}

const limitMs = 30_000;

/**
 * Starts the client once more, as that session was started, and lets it make one call that must be refused. A stand-in on this machine
 * takes the model's part: nothing leaves it, and nothing is spent. Resolves with what the client told its model of the call;
 * `undefined`: it never came to that.
 */
export async function runCanary(home: Home, canary: Canary, startLike: () => ProcessStart): Promise<string | undefined> {
  const start = startLike();
  if (managedSettings().some(({ text = '' }) => namesModelServer(text)))
    throw new Error('The managed settings say where the model is, which only an administrator changes: a stand-in would not be asked');
  const { server, heard } = standInFor({ id: canary.callId, file: join(home.root, 'canary') });
  try {
    const url = await listenHere(server);
    const gate = join(home.agents, 'claude-code', 'strict-mcp.json');
    const places = { url, session: canary.session, ...(existsSync(gate) ? { gate } : {}) };
    const settings = settingsOf(start);
    const run = canaryRun(places, { ...start, ...(settings === undefined ? {} : { settings }) });
    const client = { program: start.program, environment: run.environment, isAlone: true, cwd: start.cwd, limitMs };
    await runClient(client, [...start.script, ...run.arguments]);
    return heard();
  } finally {
    server.close();
    server.closeAllConnections();
    // The client keeps no transcript of it, but forgets this empty folder.
    rmSync(join(claudeConfigDir(start.environment), 'session-env', canary.session), { recursive: true, force: true });
  }
}

/** The person's own client, as it would start in this folder. */
export function startHere(program: string, environment: NodeJS.ProcessEnv, cwd: string): ProcessStart {
  return { program, script: [], args: [], environment, cwd };
}

function settingsOf({ args, cwd }: ProcessStart): object | undefined {
  const given = lastSettings(args);
  if (given === undefined) return undefined;
  const text = given.trimStart().startsWith('{') ? given : readFileSync(resolve(cwd, given), 'utf8');
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === 'object' && parsed !== null) return parsed;
  throw new Error('What its --settings hold is no object');
}

function standInFor(call: CanaryCall): { readonly server: Server; readonly heard: () => string | undefined } {
  let heard: string | undefined;
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => {
        if (!(request.url ?? '').startsWith('/v1/messages') || request.url?.includes('count_tokens'))
          return response.writeHead(200, { 'content-type': 'application/json' }).end('{"input_tokens":1}');
        const answer = standInAnswer(body, call);
        heard ??= answer.heard;
        return response.writeHead(200, { 'content-type': answer.contentType }).end(answer.body);
      })
      .catch(() => response.writeHead(400).end());
  });
  return { server, heard: () => heard };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
