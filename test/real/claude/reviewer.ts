import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';

/** What a stand-in says; `id` is what the answer has to have in it. */
export type Says = (asked: { readonly id: string; readonly text: string }) => string;

export interface Reviewer extends AsyncDisposable {
  readonly url: string;
  /** Every request, as it came. */
  readonly got: readonly string[];
  says: Says;
}

const request = z.object({ messages: z.tuple([z.object({ content: z.string() }), z.object({ content: z.string() })]) });

/** A model for reviews on this machine, behind an OpenAI-compatible endpoint. */
export async function startReviewer(says: Says): Promise<Reviewer> {
  const got: string[] = [];
  const server = createServer((asked, response) => void answer(asked, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reviewer: Reviewer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    got,
    says,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return reviewer;

  async function answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(asked);
    got.push(body);
    const [, { content }] = z.parse(request, JSON.parse(body)).messages;
    const [, id = '', about = ''] = /^BEGIN (\w+)\n([\s\S]*)\nEND \1$/.exec(content) ?? [];
    response.end(JSON.stringify({ choices: [{ message: { content: reviewer.says({ id, text: about }) } }], usage: { total_tokens: 50 } }));
  }
}
