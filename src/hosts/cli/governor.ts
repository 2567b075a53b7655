import type { Client } from '../../channel/client.ts';
import type { Hello } from '../../channel/messages.ts';
import { ensureGovernor } from '../../channel/start.ts';
import { openHome } from '../../storage/home.ts';
import { MachineProcesses } from '../../storage/processes.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { programPath } from './program.ts';
import { version } from './version.ts';

/** A person waits longer than that only where the machine is hopelessly busy. */
const deadlineMs = 20_000;

/** Talks to the governor, which is started where there is none, and hangs up afterwards. */
export async function withGovernor<T>(talk: (client: Client) => Promise<T>, client: Hello['client'] = 'cli'): Promise<T> {
  const home = openHome();
  const token = readOrCreateToken(home.clientToken);
  const reached = await ensureGovernor({
    home,
    hello: { token, client, pid: process.pid, version },
    command: process.execPath,
    args: [programPath('serve')],
    env: process.env,
    deadlineMs,
    processes: new MachineProcesses(),
  });
  if (reached.note !== undefined) process.stderr.write(`${reached.note}\n`);
  try {
    return await talk(reached.client);
  } finally {
    reached.client.close();
  }
}

/** Commands that a person types must not be typed by the agent that they are about. */
export function refuseAgents(what: string): void {
  const agent = agentHere();
  if (agent !== undefined)
    throw new Error(`${what} is for a person in a terminal of their own; this one belongs to an agent (${agent} is set)`);
}

/** The variable that gives away whose terminal this is. */
export function agentHere(): string | undefined {
  return ['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID', 'GEMINI_CLI', 'QWEN_CODE'].find((name) => process.env[name]);
}
