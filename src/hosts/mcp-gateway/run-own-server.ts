import { parseArgs } from 'node:util';
import type { OwnAsker } from '../../channel/own-messages.ts';
import { pidSpace } from '../../storage/pid-space.ts';
import { processTable } from '../../storage/process-table.ts';
import { FrameLines } from './frame-lines.ts';
import { GovernorLine } from './governor-line.ts';
import { OwnMcpServer } from './own-server.ts';
import { runTool } from './own-tools.ts';
import { StartingClient } from './speaker.ts';

/** How far up an agent may be above what it started: a shell or a starter of packages stands between. */
const mostAbove = 4;

/** Serves the client on our own stdin and stdout until it hangs up. */
export async function runOwnServer(args: readonly string[]): Promise<void> {
  const { agent } = parseArgs({ args: [...args], options: { agent: { type: 'string' } } }).values;
  const line = new GovernorLine();
  const speaker = new StartingClient('countersign', process.env, process.cwd());
  const above = processesAbove();
  const asker = (session: string | undefined): OwnAsker => ({
    ...speaker.from(session),
    ...pidSpace(),
    above,
    ...(agent === undefined ? {} : { agent }),
  });
  const server = new OwnMcpServer({
    run: ({ name, arguments: input, session }) => runTool(name, input, asker(session), (method, params) => line.ask(method, params)),
    introduce: (client) => speaker.introduce(client),
    toClient: (bytes) => void process.stdout.write(bytes),
  });
  // A client that is gone shows in the end of its input.
  process.stdout.on('error', () => process.exit(0));
  const lines = new FrameLines();
  for await (const chunk of process.stdin) {
    const bytes: Buffer = chunk;
    lines.push(bytes).forEach((one) => server.take(one));
  }
  await server.settled();
  line.close();
}

/** From our parent upwards. */
function processesAbove(): readonly number[] {
  const table = processTable();
  const found: number[] = [];
  for (let pid = process.ppid; pid > 1 && found.length < mostAbove; pid = table.one(pid)?.parent ?? 0) found.push(pid);
  return found;
}
