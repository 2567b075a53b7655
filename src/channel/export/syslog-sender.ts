import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { octetCounted, syslogMessage } from '../../engine/audit/export/syslog.ts';
import { patienceMs, type Sender } from './sender.ts';

export interface SyslogPlace {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly ca?: string };
}

/**
 * Sends entries to a syslog receiver. Syslog knows no confirmation, so that each batch is a connection of its own: when we end it and
 * the receiver ends it too, it has read everything before. It may still die before it has stored what it read; therefore the overlap.
 */
export function syslogSender(place: SyslogPlace): Sender {
  return {
    encode: (origin, entry) => octetCounted(syslogMessage(origin, entry)),
    overlap: 500,
    send: (_, encoded, signal) => exchange(place, encoded.join(''), signal),
  };
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
    read = sent;
    if (!sent) socket.destroy(new Error(unread));
  });
  socket.on('error', reject);
  socket.on('close', () => {
    signal.removeEventListener('abort', giveUp);
    if (read) resolve();
    else reject(new Error(unread));
  });
  socket.once(place.tls === undefined ? 'connect' : 'secureConnect', () => socket.end(text));
  // What a receiver says is nothing to us, but its end is only seen by reading.
  socket.resume();
  if (signal.aborted) giveUp();
  return promise;
}

function open({ host, port, tls }: SyslogPlace): Socket {
  if (tls === undefined) return connectPlain({ host, port });
  const options: ConnectionOptions = { host, port, minVersion: 'TLSv1.2', ...tls };
  return connectTls(isIP(host) === 0 ? { ...options, servername: host } : options);
}
