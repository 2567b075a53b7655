// The gateway is the server as far as the client can see: it says nothing on stdout, and ends as the server does.
process.exitCode = 1;
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const argv = process.argv.slice(2);
const isOwnServer = argv[0] === 'mcp' && argv[1] === 'serve';

try {
  if (argv[0] === 'endpoint') await (await import('./endpoint/run-endpoint.ts')).runEndpoint();
  else if (isOwnServer) await serveOwn(argv.slice(2));
  else await stand(argv[0] === 'mcp' ? argv.slice(2) : argv);
} catch (error) {
  fail(error);
}

/** Before another server. */
async function stand(args: readonly string[]): Promise<never> {
  const { wishOf } = await import('./wish.ts');
  const { endLike, runGateway } = await import('./run-gateway.ts');
  return endLike(await runGateway(wishOf(args)));
}

/** Our own server, for agents. */
async function serveOwn(args: readonly string[]): Promise<void> {
  await (await import('./run-own-server.ts')).runOwnServer(args);
  process.exitCode = 0;
}

/** A gateway that has lost its footing must not go on: its end closes both pipes, and no call gets through. */
function fail(error: unknown): never {
  process.stderr.write(`countersign mcp ${isOwnServer ? 'serve' : 'run'}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(isMissing(error) ? 127 : 1);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
