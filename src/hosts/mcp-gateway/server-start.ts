import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { headersVariable, withVariables } from '../../agents/mcp/remote-headers.ts';
import { messageOf } from '../../governor/fault.ts';
import { mayNameSecret } from '../../storage/secrets/references.ts';
import { serverEnvironment } from '../../storage/install/person-environment.ts';
import type { Judge } from './judge.ts';
import { FrameLines } from './frame-lines.ts';
import type { Permission } from './may-start.ts';
import type { ServerStart } from './secrets.ts';
import type { Speaker } from './speaker.ts';
import { addressOf } from './wish.ts';
import { withoutKnown } from './without-known.ts';

export interface StartedServer {
  readonly child: {
    readonly stdin: Writable;
    readonly stdout: Readable;
    readonly kill: (signal?: NodeJS.Signals) => unknown;
    readonly exitCode: number | null;
    readonly signalCode: NodeJS.Signals | null;
  };
  /** Resolves when it is gone, and all that it said has come. */
  readonly ended: Promise<unknown>;
  /** A line of the server's without the secrets that it was given. */
  readonly clean: (line: Buffer) => Buffer;
}

/** With the secrets that its configuration names, and without what is ours in the environment. Where they cannot be had, it does not start. */
export async function startOf(
  permission: Permission,
  judge: Pick<Judge, 'ask'>,
  speaker: Speaker,
): Promise<ServerStart | Extract<Permission, { readonly refused: string }>> {
  if ('refused' in permission) return permission;
  try {
    const start = { ...permission, env: withHeaders(environmentFor(permission.command, serverEnvironment())) };
    const texts = [start.command, ...start.args, ...Object.values(start.env)];
    // Most servers need none: then nothing of it is loaded.
    if (!texts.some((text) => text !== undefined && mayNameSecret(text))) return start;
    return await (await import('./secrets.ts')).withItsSecrets(start, judge, speaker);
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

export async function startServer(start: ServerStart, judge: Pick<Judge, 'ask'>, speaker: Speaker): Promise<StartedServer> {
  const { command, args, env, known } = start;
  const address = addressOf(command);
  const clean = (line: Buffer): Buffer => (known === undefined ? line : withoutKnown(line, known));
  if (address !== undefined) {
    const [{ Login }, { RemoteServer }] = await Promise.all([import('./login.ts'), import('./remote-server.ts')]);
    const login = new Login(address.href, judge, speaker);
    const child = new RemoteServer(address, env, login);
    return { child, ended: child.ended, clean: (line) => clean(login.without(line)) };
  }
  const options = { windowsHide: true, env };
  if (known === undefined) {
    const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
    return { child, ended: once(child, 'close'), clean };
  }
  const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = new FrameLines(longestNote);
  const note = (line: ReturnType<FrameLines['rest']>): void => {
    if (line !== undefined && !('tail' in line)) process.stderr.write(known.inText(line.toString('utf8')));
  };
  child.stderr.on('data', (bytes: Buffer) => lines.push(bytes).forEach(note));
  child.stderr.on('end', () => note(lines.rest()));
  return { child, ended: once(child, 'close'), clean };
}

/** Of what a server writes into the client's log of it. */
const longestNote = 1_000_000;

/** What headers name of the environment is filled in here, where it can be said what is missing. */
function withHeaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const headers = env[headersVariable];
  return headers === undefined ? env : { ...env, [headersVariable]: withVariables(headers, env) };
}

/** An editor's Node had to be told to be one; what it starts has not, unless that is the same once more. Where our state lies is no server's business. */
function environmentFor(command: string, { ELECTRON_RUN_AS_NODE: asNode, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isKept = (name: string): boolean =>
    !name.startsWith('COUNTERSIGN_') || (name === headersVariable && addressOf(command) !== undefined);
  const own = Object.fromEntries(Object.entries(others).filter(([name]) => isKept(name)));
  const isOther = process.versions['electron'] !== undefined && command !== process.execPath;
  return isOther || asNode === undefined ? own : { ...own, ELECTRON_RUN_AS_NODE: asNode };
}
