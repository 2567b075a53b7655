// agent.ts <session> <manners>: stands for a coding agent that runs commands. Prints the pids of everything it started.
// manners: polite (ends its commands when told to), careless (ends alone), deaf (ignores the clean signal).
import { spawn } from 'node:child_process';

const [session = '', manners = 'polite'] = process.argv.slice(2);
const environment = { ...process.env, CLAUDE_CODE_SESSION_ID: session };

function start(script: string, detached: boolean): number {
  const child = spawn('sh', ['-c', script], { env: environment, detached, stdio: 'ignore' });
  child.unref();
  return child.pid ?? 0;
}

/** A shell with a command below it, in a group of its own, as the agent's shell tool starts it. */
const command = start('sleep 600 & sleep 600; true', true);
/** A daemon whose parent is gone at once: it hangs below nobody, only its environment tells. */
start('setsid sleep 601 & exit 0', false);
/** One that does not listen to the clean signal. */
const deaf = start('trap "" TERM; while :; do sleep 602 & wait; done', true);

process.on('SIGTERM', () => {
  if (manners === 'deaf') return;
  if (manners === 'polite') process.kill(-command, 'SIGTERM');
  process.exit(143);
});
console.log(JSON.stringify({ command, deaf }));
setInterval(() => undefined, 1000);
