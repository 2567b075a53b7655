import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { endpointHeader, isToken } from '../../../channel/token.ts';
import { bodyLine } from '../event-stream.ts';
import { readLine } from '../frame.ts';
import { GovernorLine } from '../governor-line.ts';
import { errorLine, invalid, unreadable } from '../reply.ts';
import { Registry } from './registry.ts';
import { Turn } from './turn.ts';

/**
 * Stands before MCP servers over HTTP, for the governor that has started us and that clients come through. It tells a token on our input, which each
 * request repeats, and hears our port on our output. We end when it does.
 */
export async function runEndpoint(): Promise<void> {
  const judge = new GovernorLine();
  const registry = new Registry(judge, (text) => process.stderr.write(`countersign: ${text.slice(0, longestNote)}\n`));
  const token = await firstLine();
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    if (!isToken(header(request, endpointHeader), token)) return void response.writeHead(404).end();
    serve(registry, request, response).catch((error: unknown) => {
      process.stderr.write(`countersign: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (response.headersSent) response.destroy();
      else reject(response, 500, 'Countersign failed, so nothing runs');
    });
  });
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
  await once(process.stdin, 'close');
  registry.close();
  judge.close();
  process.exit(0);
}

/** Part of it may be a server's own words, and it goes to the governor's log. */
const longestNote = 300;

async function serve(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const server = decodeURIComponent((request.url ?? '/').slice(1));
  const { headers, method } = request;
  if (method === 'POST') return post(registry, server, request, response);
  const served = registry.find(server, headers);
  if (served === undefined) return reject(response, 404, `There is no server "${server}"`);
  if (method === 'GET') return served.listen(new Turn(headers, response));
  if (method === 'DELETE') return served.leave(new Turn(headers, response));
  reject(response, 405, 'Only POST, GET and DELETE');
}

async function post(registry: Registry, server: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const line = await bodyLine(request).catch(() => undefined);
  if (line === undefined) return reject(response, 413, 'The message is too long, or did not come whole');
  const read = readLine(line);
  if (read.kind === 'batch') return reject(response, 400, 'One message at a time, please', invalid);
  if (read.kind !== 'message') return reject(response, 400, `This is no message: ${read.kind === 'bad' ? read.why : 'it is not JSON'}`);
  const served = registry.find(server, request.headers, read.frame);
  if (served === undefined) return reject(response, 404, `There is no server "${server}"`);
  await served.post(new Turn(request.headers, response, read.frame));
}

function reject(response: ServerResponse, status: number, why: string, code = unreadable): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(errorLine('null', code, why));
}

function header({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const bytes of process.stdin.iterator({ destroyOnReturn: false })) {
    text += String(bytes);
    if (text.includes('\n')) break;
  }
  process.stdin.resume();
  return text.split('\n')[0] ?? '';
}
