import { writeSync } from 'node:fs';
import { lastRefusal } from '../../agents/last-refusal.ts';

// Until run-hook.ts has an answer, the answer is no: also when it cannot be loaded, throws, or never ends. Only exit code 2
// refuses for nearly every agent, and Node ends with 1 on an uncaught error whatever `exitCode` says.
const REFUSE = 2;
process.exitCode = REFUSE;
process.on('uncaughtException', refuse);
process.on('unhandledRejection', refuse);

try {
  if (process.argv.includes('--gate')) await serveAsGate();
  const { runHook } = await import('./run-hook.ts');
  const { stdout, stderr, exitCode } = await runHook(process.argv.slice(2));
  write(2, stderr);
  // Where nobody reads it this throws: then nobody heard a yes.
  write(1, stdout);
  process.exit(exitCode);
} catch (error) {
  refuse(error);
}

/** A server for as long as the agent's session lasts. */
async function serveAsGate(): Promise<never> {
  process.stdout.on('error', refuse);
  const { runGate } = await import('./run-gate.ts');
  await runGate(process.argv[2] ?? '', process.stdin, (line) => process.stdout.write(line));
  process.exit(0);
}

/** Not by the streams of `process`: to make them takes longer than all the rest. */
function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSome(fd, bytes.subarray(at));
}

function writeSome(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    // A pipe that is full, and that somebody has told not to wait.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}

function refuse(error: unknown): never {
  const said = error instanceof Error ? error.message : String(error);
  // With these words and nothing on stdout, Claude Code takes a refusal for a missing script, and goes on.
  const line = said
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/no such file/gi, 'missing file')
    .replaceAll(/can't open/gi, 'cannot open');
  const [agent = '', event = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  const { stdout, stderr, exitCode } = lastRefusal(
    agent,
    event,
    `Countersign refuses: ${line} (countersign doctor finds out what is wrong.)`,
  );
  try {
    write(2, stderr);
    write(1, stdout);
  } finally {
    process.exit(exitCode);
  }
}
