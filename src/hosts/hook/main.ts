import { lastRefusal } from '../../agents/last-refusal.ts';

// Until run-hook.ts has an answer, the answer is no: also when it cannot be loaded, throws, or never ends. Only exit code 2
// refuses for nearly every agent, and Node ends with 1 on an uncaught error whatever `exitCode` says.
const REFUSE = 2;
process.exitCode = REFUSE;
process.on('uncaughtException', refuse);
process.on('unhandledRejection', refuse);
// Nobody reads what we print: then nobody heard a yes.
process.stdout.on('error', refuse);
process.stderr.on('error', () => process.exit(REFUSE));

try {
  if (process.argv.includes('--gate')) await serveAsGate();
  const { runHook } = await import('./run-hook.ts');
  const { stdout, stderr, exitCode } = await runHook(process.argv.slice(2));
  await written(process.stderr, stderr);
  await written(process.stdout, stdout);
  process.exit(exitCode);
} catch (error) {
  refuse(error);
}

/** A server for as long as the agent's session lasts. */
async function serveAsGate(): Promise<never> {
  const { runGate } = await import('./run-gate.ts');
  await runGate(process.argv[2] ?? '', process.stdin, (line) => process.stdout.write(line));
  process.exit(0);
}

function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (text === '') resolve();
    else stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
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
    process.stderr.write(stderr);
    if (stdout !== '') process.stdout.write(stdout);
  } finally {
    process.exit(exitCode);
  }
}
