import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { octetCounted, syslogMessage } from '../../engine/audit/export/syslog.ts';
import { patienceMs, type Sender } from './sender.ts';

export interface SyslogPlace {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly ca?: string };
}

/** A receiver that has not stored within a minute what it has read is taken for one that loses nothing by being killed later. */
const settlesMs = 60_000;

/**
 * Sends entries to a syslog receiver. Syslog knows no confirmation, so that each batch is a connection of its own: when we end it and
 * the receiver ends it too, it has read everything before. It may still die before it has stored what it read; a second connection,
 * which carries nothing, shows that.
 */
export function syslogSender(place: SyslogPlace): Sender {
  const watch = new Watch(place);
  return {
    encode: (origin, entry) => octetCounted(syslogMessage(origin, entry)),
    settlesMs,
    send: async (_, encoded, signal) => {
      await watch.hold();
      await exchange(place, encoded.join(''), signal);
    },
    onInterrupted: (interrupted) => (watch.interrupted = interrupted),
    close: () => watch.close(),
  };
}

/** A connection that is held as long as something that the receiver has read may still be lost. */
class Watch {
  readonly #place: SyslogPlace;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  interrupted: () => void = () => undefined;

  constructor(place: SyslogPlace) {
    this.#place = place;
  }

  /** Resolves when it is open; from now on it stays so for a while. Rejects when the receiver cannot be reached. */
  async hold(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), settlesMs).unref();
    this.#socket ??= await this.#connect();
  }

  close(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.destroy();
  }

  #connect(): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = open(this.#place);
    const timer = setTimeout(() => socket.destroy(new Error('it did not answer in time')), patienceMs).unref();
    socket.once(readyEvent(this.#place), () => {
      clearTimeout(timer);
      resolve(socket.unref());
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('it closed the connection'));
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.interrupted();
    });
    socket.resume();
    return promise;
  }
}

const unread = 'it closed the connection before it had read everything';

function exchange(place: SyslogPlace, text: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = open(place);
  let sent = false;
  let read = false;
  const giveUp = (): void => void socket.destroy(new Error('the export was stopped'));
  signal.addEventListener('abort', giveUp, { once: true });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('it did not answer in time')));
  socket.on('finish', () => (sent = true));
  // An end that comes before ours is an interruption: nobody knows how much was read.
  socket.on('end', () => {
    if (sent) read = true;
    else socket.destroy(new Error(unread));
  });
  socket.on('error', reject);
  socket.on('close', () => {
    signal.removeEventListener('abort', giveUp);
    if (read) resolve();
    else reject(new Error(unread));
  });
  socket.once(readyEvent(place), () => socket.end(text));
  // What a receiver says is nothing to us, but its end is only seen by reading.
  socket.resume();
  if (signal.aborted) giveUp();
  return promise;
}

function readyEvent({ tls }: SyslogPlace): 'connect' | 'secureConnect' {
  return tls === undefined ? 'connect' : 'secureConnect';
}

function open({ host, port, tls }: SyslogPlace): Socket {
  if (tls === undefined) return connectPlain({ host, port });
  const options: ConnectionOptions = { host, port, minVersion: 'TLSv1.2', ...tls };
  return connectTls(isIP(host) === 0 ? { ...options, servername: host } : options);
}
