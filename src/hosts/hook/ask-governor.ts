import { NoGovernor, type Client } from '../../channel/client.ts';
import type { HookReply } from '../../channel/messages.ts';
import { openHome } from '../../storage/home.ts';
import { callOf } from './hook-call.ts';
import { isPairedPrompt, type HookQuestion } from './question.ts';
import { reach } from './reach-governor.ts';

/** To start and greet a governor. */
const startMs = 15_000;
/** How often a governor that holds a call is asked whether it is still alive, and how long it may take to say so. */
const pulseMs = 5_000;

/** The governor's answer, however long a person takes. Rejects with `NoGovernor` when there is none, or it dies or hangs meanwhile. */
export async function askGovernor(question: HookQuestion): Promise<HookReply> {
  const { client, wasStarted } = await reach(openHome(), { startMs });
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

/** Whether that is what goes wrong without a governor. */
export function isGone(error: unknown): boolean {
  return error instanceof NoGovernor;
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
