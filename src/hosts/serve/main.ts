// A governor that has lost its footing must not go on judging: it ends, its calls are refused, the next hook starts another.
process.exitCode = 1;
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// Our own log may lie on a disk that is full. Then calls are refused with that reason, which is better than nobody to say it.
process.stderr.on('error', () => undefined);

const { serve } = await import('./serve.ts');
await serve(process.argv.slice(2)).catch(fail);
process.exit(0);

function fail(error: unknown): never {
  try {
    process.stderr.write(`${new Date().toISOString()} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  } finally {
    process.exit(1);
  }
}
