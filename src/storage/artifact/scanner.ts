import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { findingsIn, scanOf, type Scan } from '../../engine/artifact/scan.ts';
import type { Home } from '../home.ts';
import { hasCode } from '../private-file.ts';
import { npmProgram } from './npm.ts';

const scanner = z.strictObject({
  name: z.string().check(z.regex(/^[a-z0-9-]{1,40}$/)),
  /** `{folder}` in it stands for the folder that is looked at, which is also where it runs. */
  command: z.array(z.string()).check(z.minLength(1)),
  timeoutSeconds: z.optional(z.int().check(z.gte(1), z.lte(3600))),
});
const config = z.looseObject({ scanners: z.optional(z.array(scanner)) });

export type Scanner = z.infer<typeof scanner>;

/** The programs that `config.json` names. Throws where what it says of them cannot be understood. */
export function configuredScanners(home: Home): readonly Scanner[] {
  try {
    return z.parse(config, JSON.parse(readFileSync(home.config, 'utf8'))).scanners ?? [];
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return [];
    throw new Error(`"scanners" in ${home.config} cannot be understood: each has a name of a-z, 0-9 and "-", and a command.`, { cause });
  }
}

/** npm's own: it asks the registry that npm is configured with. */
export function npmAuditor(env: NodeJS.ProcessEnv): Scanner {
  const program = npmProgram(env);
  if (program.length === 0) throw new Error('npm was not found beside Node or in PATH, and is needed for its advisories.');
  return { name: 'npm-audit', command: [...program, 'audit', '--json', '--package-lock-only'], timeoutSeconds: 120 };
}

/** Never rejects: a scanner that could not look, says so in its result. */
export async function scan({ name, command, timeoutSeconds = 120 }: Scanner, folder: string, at: string): Promise<Scan> {
  try {
    const text = await outputOf(
      command.map((part) => part.replaceAll('{folder}', folder)),
      folder,
      timeoutSeconds,
    );
    const findings = findingsIn(JSON.parse(text));
    return findings === undefined
      ? { name, at, unavailable: `its answer has no findings in it: ${inShort(text)}` }
      : scanOf(name, at, findings);
  } catch (cause) {
    return { name, at, unavailable: inShort(cause instanceof Error ? cause.message : String(cause)) };
  }
}

/** No more than evidence may be large, and the findings are shortened. */
const largest = 16 * 1024 * 1024;

async function outputOf([program = '', ...args]: readonly string[], cwd: string, seconds: number): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // Of its own group, so that what it started ends with it.
    detached: process.platform !== 'win32',
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  let size = 0;
  let said = '';
  const stop = (why: string): void => {
    reject(new Error(why));
    end(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => stop(`it did not end within ${seconds} seconds`), seconds * 1000);
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > largest) stop('it printed more than 16 MiB');
    else chunks.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-1000)));
  child.once('error', ({ message }) => reject(new Error(`it cannot be started: ${message}`)));
  // With findings, most end with another code than 0; what they printed decides.
  child.once('close', (code, signal) => {
    if (size > 0) resolve(Buffer.concat(chunks).toString('utf8'));
    else reject(new Error(`it printed nothing and ended with ${code ?? signal}. ${said}`));
  });
  return promise.finally(() => clearTimeout(timer));
}

function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (cause) {
    if (!hasCode(cause, 'ESRCH')) throw cause;
  }
}

function inShort(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
