import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { readLine } from '../../../src/hosts/mcp-gateway/frame.ts';
import { Served } from '../../../src/hosts/mcp-gateway/endpoint/served.ts';
import { Turn } from '../../../src/hosts/mcp-gateway/endpoint/turn.ts';
import type { Upstream } from '../../../src/hosts/mcp-gateway/endpoint/upstream.ts';
import { KnownTasks } from '../../../src/hosts/mcp-gateway/known-tasks.ts';
import { DistantClient } from '../../../src/hosts/mcp-gateway/speaker.ts';

const call = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ok","arguments":{}}}\n');

test('a client that goes while its server’s start is asked about gets nothing done, also when that is approved', async () => {
  const asked: string[] = [];
  const refuse = (what: string) => () => {
    asked.push(what);
    return Promise.reject(new Error('not in this test'));
  };
  const opening = Promise.withResolvers<Upstream>();
  const served = new Served({
    judge: { ask: refuse('judge'), letGo: () => undefined, changed: refuse('judge') },
    speaker: new DistantClient('lab', '/'),
    tasks: new KnownTasks(),
    open: () => opening.promise,
    named: () => undefined,
    note: () => undefined,
  });
  const arrived = Promise.withResolvers<{ readonly response: ServerResponse; readonly done: Promise<void> }>();
  const server = createServer((request, response) => {
    const read = readLine(call);
    const turn = new Turn(request.headers, response, read.kind === 'message' ? read.frame : undefined);
    arrived.resolve({ response, done: served.post(turn) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const leaving = new AbortController();
  const gone = fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, { signal: leaving.signal }).catch(
    () => 'gone',
  );
  const { response, done } = await arrived.promise;
  leaving.abort();
  expect(await gone).toBe('gone');
  if (!response.destroyed) await once(response, 'close');
  opening.resolve({ send: refuse('server'), refusal: refuse('refusal'), clean: (line) => line });
  await done;
  expect(asked).toEqual([]);
  server.close();
});
