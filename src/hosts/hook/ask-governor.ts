import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };
import { NoGovernor, type Client } from '../../channel/client.ts';
import type { Hello, HookCall, HookReply } from '../../channel/messages.ts';
import { connect, ensureGovernor, type Reached } from '../../channel/start.ts';
import { openHome, type Home } from '../../storage/home.ts';
import { MachineProcesses } from '../../storage/processes.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { isPairedPrompt, type HookQuestion } from './question.ts';

/** To find, start and greet the governor. */
const reachMs = 15_000;
/** How often a governor that holds a call is asked whether it is still alive, and how long it may take to say so. */
const pulseMs = 5_000;

/** The governor's answer, however long a person takes. Rejects with `NoGovernor` when there is none, or it dies or hangs meanwhile. */
export async function askGovernor(question: HookQuestion): Promise<HookReply> {
  const { client, wasStarted } = await reach(openHome());
  try {
    // Its HTTP message found nobody, and will not come again.
    if (wasStarted && isPairedPrompt(question)) return restarted;
    return await Promise.race([client.call('hook', callOf(question)), silence(client)]);
  } finally {
    client.close();
  }
}

const restarted: HookReply = {
  stdout: '{"decision":"block","reason":"Countersign was not running and has been started. Send your prompt again."}\n',
  stderr: 'Countersign was not running and has been started. Send your prompt again.\n',
  exitCode: 2,
};

async function reach(home: Home): Promise<{ readonly client: Client; readonly wasStarted: boolean }> {
  const hello: Hello = { token: readOrCreateToken(home.clientToken), client: 'hook', pid: process.pid, version: manifest.version };
  try {
    return { client: (await connect(home, hello)).client, wasStarted: false };
  } catch (error) {
    if (!(error instanceof NoGovernor) || error.why === 'refused') throw error;
    return { client: (await start(home, hello)).client, wasStarted: true };
  }
}

function start(home: Home, hello: Hello): Promise<Reached> {
  return ensureGovernor({
    home,
    hello,
    command: process.execPath,
    args: [governorProgram()],
    env: process.env,
    deadlineMs: reachMs,
    processes: new MachineProcesses(),
  });
}

/** Beside us when bundled, in its own folder in the sources. */
function governorProgram(): string {
  const here = fileURLToPath(import.meta.url);
  return here.endsWith('.ts') ? join(dirname(here), '..', 'serve', 'main.ts') : join(dirname(here), 'serve.mjs');
}

function callOf(question: HookQuestion): HookCall {
  const { agent, event, message, isInstalled } = question;
  return {
    agent,
    message,
    ...(event === undefined ? {} : { event }),
    ...(isInstalled ? { pid: process.ppid } : {}),
    ...(isPairedPrompt(question) ? { paired: true } : {}),
  };
}

/** Rejects as soon as the governor no longer answers a simple question in time. */
async function silence(client: Client): Promise<never> {
  for (;;) {
    await pause(pulseMs);
    const answered = client.call('status', {}).then(() => true);
    if (!(await Promise.race([answered, pause(pulseMs).then(() => false)]))) throw new NoGovernor('silent', 'The governor hangs');
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
