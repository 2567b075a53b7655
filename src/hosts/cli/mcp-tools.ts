import type { McpServerView } from '../../governor/gateway/server-views.ts';
import { visibleText } from '../../engine/guardrail/visible-text.ts';
import { type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { age, table } from './table.ts';

/** What servers show to agents, as far as the gateway has stood before them. */
export async function listTools(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parse(args, { json: { type: 'boolean' } });
  const all = await withGovernor((client) => client.call('mcpServers', { folders: [process.cwd()] }));
  const chosen = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  const unknown = positionals.find((name) => !all.some((server) => server.name === name));
  if (unknown !== undefined) throw new WrongUsage(`nothing is known of an MCP server "${unknown}"`);
  if (values.json === true) terminal.out(JSON.stringify(chosen));
  else if (chosen.length === 0)
    terminal.out('No MCP server has been behind the gateway yet. "countersign mcp wrap" puts servers behind it.');
  else {
    terminal.out(table(['SERVER', 'WHAT', 'NAME', 'STATE', 'CALLS', 'SINCE'], chosen.flatMap(rows)));
    chosen.forEach((server) => terminal.out(pins(server)));
    chosen.flatMap(oddities).forEach((line) => terminal.out(line));
  }
  return 0;
}

/** Accepts or refuses what a server shows now. */
export async function answerTools(verb: 'accept' | 'refuse', args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals } = parse(args, {});
  const [server, ...names] = positionals;
  refuseAgents(`"countersign mcp ${verb}"`);
  const choice = { server: required(server, 'the SERVER'), accept: verb === 'accept', surface: 'cli' };
  const answered = await withGovernor(async (client) => {
    if (names.length === 0) return (await client.call('answerPins', choice)).answered;
    const each = [];
    for (const name of names) each.push(...(await client.call('answerPins', { ...choice, name })).answered);
    return each;
  });
  const done = verb === 'accept' ? 'Accepted' : 'Refused';
  terminal.out(answered.length === 0 ? 'Nothing of it waits.' : `${done}: ${answered.map(visibleText).join(', ')}.`);
  return 0;
}

function rows({ name: server, agents, items }: McpServerView): readonly (readonly string[])[] {
  return items.map(({ kind, name, state, since, by, outlooks }) => [
    server,
    kind,
    visibleText(name),
    by === undefined ? state : `${state} by ${by}`,
    outlooks.map((one) => `${one.calls}${one.agents.length === agents.length ? '' : ` (${one.agents.join(', ')})`}`).join(', ') || '-',
    age(Date.now() - since),
  ]);
}

/** What holds it here. */
function pins({ name, pins: { tools, sources }, locks, starts }: McpServerView): string {
  const held = sources.length === 0 ? 'no ArtifactPolicy names it' : `starts only as ${sources.map(visibleText).join(', or ')}`;
  const locked = locks.map(({ path, what, trusted }) =>
    what === undefined ? `${path} cannot be read` : `locked as ${visibleText(what)} in ${path}${trusted ? '' : ' (not accepted here yet)'}`,
  );
  const approved = starts.map(({ by, at }) => `a start approved by ${visibleText(by)} ${age(Date.now() - at)} ago`);
  return `${name}: ${[`tools: ${tools}`, held, ...locked, ...approved].join('; ')}`;
}

/** Texts of servers: nothing in them is hidden, and nothing of it runs. */
function oddities({ name: server, items }: McpServerView): readonly string[] {
  return items.flatMap(({ kind, name, change, suspicions }) =>
    [...change, ...suspicions.map(({ say }) => say)].map((line) => `${server}: ${kind} ${visibleText(name)}: ${visibleText(line)}`),
  );
}
