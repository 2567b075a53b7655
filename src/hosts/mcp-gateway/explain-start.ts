import { originOf } from '../../agents/mcp/call.ts';
import { isOwnEndpoint } from '../../agents/mcp/remote-entry.ts';
import type { AskedStart, OwnAnswer, OwnAsker } from '../../channel/own-messages.ts';
import { measure } from '../../storage/artifact/measure.ts';
import { homeOf } from '../../storage/home.ts';
import { findServers, isOwnServer, type ConfiguredServer } from '../../storage/install/mcp-servers.ts';
import { personHere } from '../../storage/install/person-environment.ts';
import { workspaceRoot } from '../../storage/surroundings.ts';
import type { AskGovernor } from './ask-governor.ts';
import { loadsIn } from './may-start.ts';

/** A name stands for few servers: one for each of the agent's files. */
const mostWays = 5;

/**
 * Whether a server may start, in each way in which the agent's configuration has it. It is measured as its gateway does, but nothing is
 * downloaded: an agent that asks must not bring anything onto the machine. Rejects with a sentence where it is configured nowhere.
 */
export async function explainServer(ask: AskGovernor, from: OwnAsker, name: string): Promise<OwnAnswer> {
  const answers: OwnAnswer[] = [];
  for (const server of waysOf(from, name)) {
    const start = await startOf(server, from.cwd);
    const answer = typeof start === 'string' ? { text: start, failed: false } : await ask('agentExplain', { ...from, start });
    answers.push({ ...answer, text: [`In ${server.file} (${server.agent}):`, answer.text, ...notesOn(server)].join('\n') });
  }
  return { text: answers.map(({ text }) => text).join('\n\n'), failed: answers.every(({ failed }) => failed) };
}

/** The agent's own, where anything is known of them; else those of all. */
function waysOf(from: OwnAsker, name: string): readonly ConfiguredServer[] {
  const agent = from.agent ?? originOf(from, '').agent.name;
  const named = findServers({ folder: from.cwd, environment: process.env }).servers.filter((server) => server.name === name);
  const own = named.filter((server) => server.agent === agent);
  const ways = (own.length === 0 ? named : own).slice(0, mostWays);
  if (ways.length === 0) throw new Error(`No MCP server "${name}" stands in a configuration that is known here.`);
  return ways;
}

/** What its gateway would ask for, or why that cannot be said. */
async function startOf(server: ConfiguredServer, cwd: string): Promise<AskedStart | string> {
  const { name, command: words } = server;
  const [command = '', ...args] = words;
  if (command === '') return 'Neither a command nor an address can be read in its entry.';
  if (isOwnServer(server)) return 'It is Countersign’s own server: policies have no say in its start.';
  if (isOwnEndpoint(command))
    return 'It is behind Countersign’s own address. What is reached there, "countersign mcp remote list" tells your person.';
  let isMissing = false;
  const run = (): Promise<never> => {
    isMissing = true;
    return Promise.reject(new Error('nothing is downloaded here'));
  };
  const asked = { server: name, command: words, loads: loadsIn(process.env) };
  try {
    const where = { cwd, env: process.env, person: personHere(), root: homeOf().root, workspace: workspaceRoot(cwd) };
    const { source } = await measure({ server: name, command, args, ...where, run });
    return { ...asked, source };
  } catch (error) {
    if (isMissing)
      return `${words.join(' ')} is a package that is not here yet. It is downloaded when the server is started, and decided on then.`;
    return { ...asked, fault: error instanceof Error ? error.message : String(error) };
  }
}

function notesOn({ how, isOff }: ConfiguredServer): readonly string[] {
  return [
    ...(how === 'gateway'
      ? []
      : ['But here it is not behind Countersign’s gateway, so nobody is asked about its start. "countersign mcp wrap" puts it there.']),
    ...(isOff === true ? ['Its entry is switched off.'] : []),
  ];
}
