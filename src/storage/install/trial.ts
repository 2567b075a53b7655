import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TrialCall, TrialModel } from '../../agents/trial-models.ts';
import { AuditReader } from '../audit-reader.ts';
import type { Home } from '../home.ts';
import { listenHere } from './listen-here.ts';
import { type Client, runClient } from './client-program.ts';
import type { Finding, InstallWish } from './installer.ts';

/** It starts in seconds; for the first time, or on a machine that is busy, a client was seen to take more than a minute. */
const limitMs = 180_000;

/** How the client of one agent is started for one call that must be refused. */
export interface Trial {
  readonly title: string;
  readonly model: TrialModel;
  /** The tool that runs a command, and what it takes beside the command. `argument`: what it calls that; left out: `command`. */
  readonly shell: Pick<TrialCall, 'tool' | 'input'> & { readonly argument?: string };
  /** A refusal ends its run, and its model is told nothing more: what was refused stands in our log alone. */
  readonly endsSilently?: true;
  /** `folder`: an empty one, which is gone afterwards. `project`: where the person stands. */
  readonly start: (
    url: string,
    folder: string,
    project: string,
  ) => { readonly client: Pick<Client, 'program' | 'environment' | 'cwd'>; readonly args: readonly string[] };
}

/**
 * Starts the person's own client for one call that must be refused. A stand-in on this machine takes the model's part: nothing leaves it,
 * and nothing is spent.
 */
export async function proveByTrial(trial: Trial, { home }: InstallWish, cwd: string): Promise<readonly Finding[]> {
  const { title, model, shell, start } = trial;
  const folder = mkdtempSync(join(tmpdir(), 'countersign-trial-'));
  const file = join(home.root, 'canary');
  const command = `cat '${file.replaceAll("'", String.raw`'\''`)}'`;
  const call = {
    id: `call_${randomUUID().replaceAll('-', '')}`,
    tool: shell.tool,
    input: { ...shell.input, [shell.argument ?? 'command']: command },
  };
  const { server, heard } = standIn(model, call);
  try {
    const { client, args } = start(await listenHere(server), folder, cwd);
    await runClient({ ...client, limitMs }, args);
    const isRefused = heard() === undefined && trial.endsSilently === true && wasRefused(home, call.id);
    return [isRefused ? refusedBy(title) : verdictOn(title, heard(), file)];
  } catch (error) {
    const said = heard();
    // What it says of a session that did nothing is no matter: the call was made.
    if (said !== undefined) return [verdictOn(title, said, file)];
    return [{ id: 'call', severity: 'bad', message: `No call could be tried: ${error instanceof Error ? error.message : String(error)}` }];
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function verdictOn(title: string, heard: string | undefined, file: string): Finding {
  if (heard === undefined) return { id: 'call', severity: 'bad', message: `${title}, started here, made no call, so nothing is proven.` };
  // A command that ran names the file, whose folder may be called like us.
  if (heard.replaceAll(file, '').includes('Countersign')) return refusedBy(title);
  const what = 'had a call that Countersign forbids not refused by it: its hooks do not run. It was told';
  return { id: 'call', severity: 'bad', message: `${title}, started here, ${what}: ${heard.slice(0, 200)}` };
}

function refusedBy(title: string): Finding {
  return { id: 'call', severity: 'fine', message: `${title}, started here, had its call refused by Countersign.` };
}

function wasRefused(home: Home, callId: string): boolean {
  using log = new AuditReader(home.audit);
  return log.after(0, 1, { kind: 'decision', callId, action: 'deny' }).length > 0;
}

function standIn(model: TrialModel, call: TrialCall): { readonly server: Server; readonly heard: () => string | undefined } {
  let heard: string | undefined;
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(404).end('{}');
    text(request)
      .then((body) => {
        heard ??= model.heard(body, call);
        const answer = model.answer(body, call, heard !== undefined, request.url ?? '');
        return response.writeHead(200, { 'content-type': model.contentType }).end(answer);
      })
      .catch(() => response.writeHead(400).end('{}'));
  });
  return { server, heard: () => heard };
}
