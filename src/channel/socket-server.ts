import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { SocketPeer } from './socket-peer.ts';
import type { Service } from './operations.ts';

export interface SocketOptions {
  /** In a folder that nobody else can enter. A Unix socket left there by a process that died is removed: only the leader may call this. */
  readonly path: string;
  readonly clientToken: string;
  readonly service: Service;
  readonly onFault: (error: unknown) => void;
  /** Hears how many clients there are whenever that changes. */
  readonly onPeers?: (peers: number) => void;
}

export interface SocketEndpoint {
  readonly peers: () => readonly SocketPeer[];
  readonly close: () => Promise<void>;
}

/** Where windows, command lines and command hooks talk to the governor: one JSON object a line, `hello` first. */
export async function startSocketEndpoint(options: SocketOptions): Promise<SocketEndpoint> {
  const peers = new Set<SocketPeer>();
  const server = createServer((socket) => {
    const peer = new SocketPeer(socket, options);
    peers.add(peer);
    options.onPeers?.(peers.size);
    socket.on('close', () => {
      peers.delete(peer);
      options.onPeers?.(peers.size);
    });
  });
  server.on('error', options.onFault);
  await listen(server, options.path);
  return {
    peers: () => [...peers].filter((peer) => peer.greeted),
    close: () =>
      close(
        server,
        [...peers].map((peer) => peer.socket),
      ),
  };
}

function listen(server: Server, path: string): Promise<void> {
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      if (!isPipe) chmodSync(path, 0o600);
      resolve();
    });
  });
}

function close(server: Server, sockets: readonly Socket[]): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroySoon();
  });
}
