import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandIn extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
}

/** A local HTTP server that a client takes for its model's. What `answer` rejects with is what the client hears, as a bad request. */
export async function startStandIn(
  contentType: string,
  answer: (request: IncomingMessage, body: string) => Promise<string>,
  isOurs: (request: IncomingMessage) => boolean = () => true,
): Promise<StandIn> {
  const server = createServer((request, response) => {
    if (!isOurs(request)) return void response.writeHead(404).end('{}');
    bodyOf(request)
      .then((body) => answer(request, body))
      .then(
        (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
        (error: unknown) => response.writeHead(400).end(String(error)),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Only what is posted to an address that ends so. */
export function postsTo(path: string): (request: IncomingMessage) => boolean {
  return ({ method, url = '' }) => method === 'POST' && url.endsWith(path);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The stand-in for the model got no port.');
  return address.port;
}
