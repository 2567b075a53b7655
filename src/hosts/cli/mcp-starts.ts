import { approvedStarts, forgetStarts } from '../../storage/artifact/start-store.ts';
import { openHome } from '../../storage/home.ts';
import { type ExitCode, parse, type Terminal } from './command.ts';
import { refuseAgents } from './governor.ts';
import { table } from './table.ts';

/** The MCP servers that people approved as they were, and the way to be asked again. */
export async function listStarts(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parse(args, { json: { type: 'boolean' }, forget: { type: 'string' } });
  const { root } = openHome();
  if (values.forget !== undefined) {
    refuseAgents('"countersign mcp starts --forget"');
    const count = forgetStarts(root, values.forget);
    terminal.out(count === 0 ? `No start of "${values.forget}" was approved.` : `"${values.forget}" is asked about again when it starts.`);
    return count === 0 ? 1 : 0;
  }
  const starts = approvedStarts(root);
  if (values.json) terminal.out(JSON.stringify(starts));
  else if (starts.length === 0) terminal.out('No start of an MCP server was approved yet.');
  else
    terminal.out(
      table(
        ['SERVER', 'APPROVED BY', 'AT', 'WHAT'],
        starts.map(({ server, by, at, what }) => [server, by, new Date(at).toISOString(), what]),
      ),
    );
  return 0;
}
