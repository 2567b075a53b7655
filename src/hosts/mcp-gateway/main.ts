// The gateway is the server as far as the client can see: it says nothing on stdout, and ends as the server does.
process.exitCode = 1;
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

try {
  const { wishOf } = await import('./wish.ts');
  const { endLike, runGateway } = await import('./run-gateway.ts');
  const argv = process.argv.slice(2);
  endLike(await runGateway(wishOf(argv[0] === 'mcp' ? argv.slice(2) : argv)));
} catch (error) {
  fail(error);
}

/** A gateway that has lost its footing must not go on: its end closes both pipes, and no call gets through. */
function fail(error: unknown): never {
  process.stderr.write(`countersign mcp run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(isMissing(error) ? 127 : 1);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
