import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeScratch } from '../../../lab/claude/client.ts';
import { until } from '../../../lab/editor/until.ts';
import { endProcessesOf } from '../processes.ts';

// Runs where /etc and /run are copies that nobody else sees, and says on stdout what a person who is no administrator, but knows the
// password of one, got done with polkit's own question for it.

const user = 'csadmin';
const password = 'a secret of the lab';
const cli = join(import.meta.dirname, '..', '..', '..', '..', 'dist', 'cli.mjs');
const file = '/etc/claude-code/managed-settings.d/50-countersign.json';
const install = ['install', 'claude-code', '--managed', '--yes', '--keep-skill-shell', '--prompt', 'desktop'];
const uninstall = ['uninstall', 'claude-code', '--managed', '--yes', '--prompt', 'desktop'];

using scratch = makeScratch('http://127.0.0.1:9');
execFileSync('useradd', ['--no-create-home', '--home-dir', scratch.home, '--groups', 'sudo', user], { stdio: 'ignore' });
execFileSync('chpasswd', { input: `${user}:${password}\n` });
execFileSync('chown', ['-R', `${user}:${user}`, scratch.dir]);
// The bus knows only those users that are there before it.
const background = await startPolkit();
try {
  const nobodyAsks = await run(install, undefined);
  const wrong = await run(install, 'a guess');
  const right = await run(install, password);
  const { uid, mode } = statSync(file);
  const removed = await run(uninstall, password);
  const owner = { uid, mode: (mode & 0o777).toString(8) };
  console.log(JSON.stringify({ nobodyAsks, wrong, right, owner, removed, folder: existsSync('/etc/claude-code') }));
} finally {
  await endProcessesOf(scratch.home);
  for (const child of background) child.kill('SIGKILL');
}

async function startPolkit(): Promise<readonly ChildProcess[]> {
  mkdirSync('/run/dbus');
  const start = (program: string, args: readonly string[]) => spawn(program, args, { stdio: 'ignore' });
  const bus = start('/usr/bin/dbus-daemon', ['--system', '--nofork', '--nopidfile']);
  await until('the bus', async () => existsSync('/run/dbus/system_bus_socket'));
  const polkit = start('/usr/lib/polkit-1/polkitd', ['--no-debug']);
  await until('polkit', async () => spawnSync('pkaction').status === 0);
  return [bus, polkit];
}

/** As an editor does it: without a terminal. An agent of the person's own asks for the password, and gets that answer. */
async function run(args: readonly string[], answer: string | undefined) {
  // The agent is for this very process, which begins when there is one.
  const child = spawn(...asUser('/bin/sh', ['-c', 'read go && exec "$@"', 'sh', process.execPath, cli, ...args]), {
    cwd: scratch.project,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  await using agent = answer === undefined ? undefined : await openAgent(child.pid ?? 0);
  child.stdin.end('go\n');
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (answer !== undefined) await agent?.answer(answer);
  const [stdout, stderr, [exitCode]] = await said;
  return { exitCode, says: stdout + stderr, there: existsSync(file) };
}

/** polkit's agent for terminals, in a terminal of its own. */
async function openAgent(pid: number): Promise<AsyncDisposable & { readonly answer: (text: string) => Promise<void> }> {
  const socket = join(scratch.dir, `agent-${pid}`);
  const tmux = (...args: string[]): string => execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const ready = join(scratch.dir, `ready-${pid}`);
  // It closes the descriptor when it may be asked.
  const waits = `mkfifo ${ready}.fifo && { cat ${ready}.fifo; touch ${ready}; }`;
  const command = `${waits} & until [ -p ${ready}.fifo ]; do :; done; exec pkttyagent --process ${pid} --notify-fd 3 3>${ready}.fifo`;
  tmux('new-session', '-d', '--', ...asUser('/bin/sh', ['-c', command]).flat(), ';', 'set', '-g', 'remain-on-exit', 'on');
  await until('the agent to be there', async () => existsSync(ready));
  const answer = async (word: string): Promise<void> => {
    await until('the question for the password', async () => tmux('capture-pane', '-p').includes('Password:'));
    tmux('send-keys', '-l', word);
    tmux('send-keys', 'Enter');
  };
  return { answer, [Symbol.asyncDispose]: async () => void tmux('kill-server') };
}

function asUser(program: string, args: readonly string[]): [string, string[]] {
  const environment = [`HOME=${scratch.home}`, `PATH=${scratch.env['PATH'] ?? ''}`];
  return ['setpriv', [`--reuid=${user}`, `--regid=${user}`, '--init-groups', '--', 'env', '-i', ...environment, program, ...args]];
}
