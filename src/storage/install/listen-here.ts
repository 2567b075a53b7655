import type { Server } from 'node:http';

/** Opens what stands in for a model on a port of this machine alone, and answers its address. */
export function listenHere(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the stand-in for the model got no port'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
