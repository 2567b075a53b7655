import { lstatSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Reply } from '../../agents/agent.ts';
import type { HookCall } from '../../channel/messages.ts';

/**
 * The governor's answer, asked for with as little as possible loaded: a hook is a process for each call, and most of what it takes is to
 * load its code. Whatever is out of the ordinary is left to those who can deal with it.
 */
export type Asked =
  | { readonly kind: 'answered'; readonly reply: Reply['command'] }
  /** It has the call, and died or hangs. */
  | { readonly kind: 'lost'; readonly why: string }
  /** Nobody was asked. */
  | { readonly kind: 'unasked' };

/** A governor answers within a millisecond; one that says nothing for that long, also while it holds a call, is stopped or stuck. */
const silentMs = 5_000;

export async function quickAsk(call: HookCall, hello: Readonly<Record<string, unknown>>): Promise<Asked> {
  const root = process.env['COUNTERSIGN_HOME'] || `${process.env['HOME'] ?? ''}/.countersign`;
  if (!isPrivate(root, false)) return unasked;
  const token = `${root}/client-token`;
  if (!isPrivate(token, true)) return unasked;
  return converse(socketOf(root), { ...hello, token: readFileSync(token, 'utf8').trim() }, call);
}

const unasked: Asked = { kind: 'unasked' };

/** Ours, and nobody else's to change, or to read. What is wrong with it is for the long way to say. */
function isPrivate(path: string, isSecret: boolean): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isSymbolicLink()) return false;
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & (isSecret ? 0o077 : 0o022)) === 0);
}

function socketOf(root: string): string {
  try {
    const { socket } = fieldsOf(JSON.parse(readFileSync(`${root}/governor.json`, 'utf8')));
    if (typeof socket === 'string' && socket !== '') return socket;
  } catch {
    // No governor has said where it is: it may be at the usual place.
  }
  return `${root}/run/governor.sock`;
}

function converse(path: string, hello: object, call: HookCall): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let greeted = false;
    let alive = false;
    let text = '';
    const done = (asked: Asked): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(asked);
    };
    const timer = setTimeout(() => {
      if (!greeted) return done(unasked);
      if (!alive) return done({ kind: 'lost', why: 'The governor hangs' });
      alive = false;
      send(socket, 3, 'status', {});
      timer.refresh();
    }, silentMs);
    const take = (line: string): void => {
      alive = true;
      const { id, result, error } = fieldsOf(JSON.parse(line));
      if (id === 1 && error !== undefined) return done(unasked);
      if (id === 1) greeted = true;
      if (id !== 2) return;
      if (error !== undefined) return reject(new Error(String(fieldsOf(error)['message'])));
      done({ kind: 'answered', reply: replyIn(fieldsOf(result)) });
    };
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      send(socket, 1, 'hello', hello);
      send(socket, 2, 'hook', call);
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      try {
        lines.forEach(take);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(greeted ? { kind: 'lost', why: 'The governor stopped' } : unasked));
  });
}

function send(socket: Socket, id: number, method: string, params: object): void {
  socket.write(`${JSON.stringify({ id, method, params })}\n`);
}

function replyIn({ stdout, stderr, exitCode }: Fields): Reply['command'] {
  if (typeof stdout === 'string' && typeof stderr === 'string' && typeof exitCode === 'number') return { stdout, stderr, exitCode };
  throw new Error('The governor answered something that is no answer to a hook');
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new Error('The governor sent something that is no message');
  return { ...value };
}
