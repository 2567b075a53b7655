import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The server that the suite expects, until it is disposed of. */
export async function fixtureServer() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [line] = await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error('The fixture ended.')))]);
  return {
    url: String(line).trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
