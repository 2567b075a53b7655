import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface HookMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A bare HTTP server where a hook expects somebody. It shows what the client does with an answer, good or bad. */
export interface HookServer extends AsyncDisposable {
  readonly url: string;
  readonly messages: readonly HookMessage[];
  /** How many clients have hung up before they had an answer. */
  readonly hungUp: () => number;
}

export interface HookAnswer {
  readonly status: number;
  readonly body: string;
}

export const noObjection: HookAnswer = { status: 200, body: '{}' };
export const denial: HookAnswer = {
  status: 200,
  body: JSON.stringify({
    hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'The lab says no.' },
  }),
};

/** `silence` takes the message, and never answers. */
export async function startHookServer(answer: HookAnswer | 'silence'): Promise<HookServer> {
  const messages: HookMessage[] = [];
  let hungUp = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      messages.push({ headers: request.headers, body: JSON.parse(body) });
      if (answer === 'silence')
        response.once('close', () => {
          hungUp += 1;
        });
      else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The hook server got no port.');
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    messages,
    hungUp: () => hungUp,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An address where nobody listens: it was free a moment ago. */
export async function deadUrl(): Promise<string> {
  await using server = await startHookServer(noObjection);
  return server.url;
}

export interface HttpHook {
  readonly type: 'http';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly allowedEnvVars?: readonly string[];
  readonly onFailure?: 'block' | 'continue';
  readonly timeout?: number;
  /** Shown while the hook thinks. */
  readonly statusMessage?: string;
}

/** Settings with one PreToolUse hook. */
export function preToolUse(hook: HttpHook, matcher = '*') {
  return { hooks: { PreToolUse: [{ matcher, hooks: [hook] }] } };
}
