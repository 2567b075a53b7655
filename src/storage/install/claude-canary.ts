import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { canaryRun, standInAnswer } from '../../agents/claude-code/canary.ts';
import { installationOf, type ClaudeCodeOptions } from './claude-code.ts';
import { runClient } from './client-program.ts';

export interface Canary {
  /** The call's id: what the log must know. */
  readonly callId: string;
  /** What the client told its model of the call; `undefined`: it never came to that. */
  readonly heard: string | undefined;
}

/**
 * Starts the person's own client in this folder, with the settings that any session there has, and lets it make one call that must be
 * refused. A stand-in on this machine takes the model's part: nothing leaves it, and nothing is spent.
 */
export async function runCanary(options: ClaudeCodeOptions): Promise<Canary> {
  const call = { id: `toolu_countersign_${randomUUID().replaceAll('-', '')}`, file: join(options.home.root, 'canary') };
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
  try {
    const run = canaryRun(await listen(server));
    const { client } = installationOf(options);
    const environment = { ...client.environment, ...run.environment };
    await runClient({ program: options.program ?? client.program, environment }, run.arguments);
    return { callId: call.id, heard };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The stand-in for the model got no port'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
