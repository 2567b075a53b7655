import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { listenHere } from './listen-here.ts';
import { runClient } from './client-program.ts';
import type { Finding, InstallWish } from './installer.ts';

/** It starts in two seconds; on a machine that is busy, or for the first time, it was seen to take more than a minute. */
const limitMs = 180_000;

/**
 * Starts the person's own opencode with one prompt. A stand-in on this machine takes the model's part and asks for one call; our plugin
 * refuses that one whatever the governor says, once it has said something: nothing runs, leaves the machine or is spent.
 */
export async function proveOpencode({ environment }: InstallWish, cwd: string): Promise<readonly Finding[]> {
  const trial = `countersign-${randomUUID()}`;
  const { server, heard } = standIn(trial);
  try {
    const url = `${await listenHere(server)}/v1`;
    const own = { ...process.env, ...environment, COUNTERSIGN_TRIAL: trial, OPENCODE_CONFIG_CONTENT: JSON.stringify(configuration(url)) };
    const client = { program: 'opencode', environment: present(own), isAlone: true, cwd, limitMs };
    const printed = await runClient(client, ['run', '--format', 'json', '--model', 'countersign/trial', 'A trial of Countersign']);
    const session = /"sessionID":"([^"]+)"/.exec(printed)?.[1];
    if (session !== undefined) await runClient(client, ['session', 'delete', session]).catch(() => '');
    return [judged(heard(), trial)];
  } catch (error) {
    return [
      { id: 'call', severity: 'bad', message: `No trial call could be made: ${error instanceof Error ? error.message : String(error)}.` },
    ];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function judged(heard: string | undefined, trial: string): Finding {
  if (heard === undefined) return { id: 'call', severity: 'bad', message: 'opencode was started, and made no call: nothing is proven.' };
  if (heard.includes(`Countersign was asked: ${trial}`))
    return { id: 'call', severity: 'fine', message: 'A real call of opencode was brought to the governor, and did not run.' };
  return { id: 'call', severity: 'bad', message: `A real call of opencode was not brought to the governor: "${heard.slice(0, 200)}"` };
}

function configuration(url: string) {
  const trial = { name: 'trial', tool_call: true, limit: { context: 100_000, output: 8_000 } };
  return {
    share: 'disabled',
    autoupdate: false,
    small_model: 'countersign/trial',
    provider: { countersign: { npm: '@ai-sdk/openai-compatible', options: { baseURL: url, apiKey: 'none' }, models: { trial } } },
  };
}

/** OpenAI's chat completions, as far as one call needs them. `heard`: what the client told its model of that call. */
function standIn(trial: string): { readonly server: Server; readonly heard: () => string | undefined } {
  let heard: string | undefined;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const result = body.includes(trial) && body.includes('"role":"tool"') ? body : undefined;
      heard ??= result === undefined ? undefined : toldOf(result);
      const isDone = heard !== undefined || !body.includes('"name":"bash"');
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(isDone ? stream({ content: 'Done.' }, 'stop') : stream(callOf(trial), 'tool_calls'));
    });
  });
  return { server, heard: () => heard };
}

function callOf(trial: string) {
  const input = JSON.stringify({ command: `echo ${trial}`, description: 'A trial of Countersign' });
  return { tool_calls: [{ index: 0, id: `call_${trial}`, type: 'function', function: { name: 'bash', arguments: input } }] };
}

function toldOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  const messages =
    typeof parsed === 'object' && parsed !== null && 'messages' in parsed && Array.isArray(parsed.messages) ? parsed.messages : [];
  const results = messages.filter((one: unknown) => typeof one === 'object' && one !== null && 'role' in one && one.role === 'tool');
  return JSON.stringify(results.at(-1) ?? '');
}

function stream(delta: object, finish_reason: string): string {
  const chunk = (choice: object, more: object = {}) =>
    `data: ${JSON.stringify({ id: 'trial', object: 'chat.completion.chunk', created: 0, model: 'trial', choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  return `${chunk({ delta: { role: 'assistant', ...delta }, finish_reason: null })}${chunk({ delta: {}, finish_reason }, { usage })}data: [DONE]\n\n`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function present(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
