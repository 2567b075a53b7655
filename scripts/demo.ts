import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { bash, startModel, type MadeCall } from '../test/lab/claude/model.ts';
import { claudeBinary, makeScratch, startPrint, type Scratch } from '../test/lab/claude/client.ts';
import { openInEditor } from './demo/editor.ts';

/**
 * One Claude Code session from beginning to end, governed: the real client from npm, a scripted stand-in for its model
 * (no account, no network), a scratch home and project, and a policy that allows, denies and asks.
 */
const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist', 'cli.mjs');
const inEditor = process.argv.includes('--editor');
const person = process.stdin.isTTY && process.stdout.isTTY;

const attempts = ['ls -a', 'git push --force origin main', './deploy.sh production'] as const;
const policy = `# What every agent in this project may do. Try changing it and run the demo again.
kind: ToolPolicy
metadata: {name: demo}
spec:
  rules:
    - name: looking-around
      commands: ["ls", "cat"]
      action: allow
    - name: no-force-push
      commands: ["git push --force", "git push -f"]
      action: deny
      message: It rewrites history that others have.
    - name: deployments-need-a-person
      commands: ["./deploy.sh"]
      action: require_approval
      message: A person decides what goes to production.
      approval: {timeout: ${person ? '10m' : inEditor ? '30s' : '3s'}}
`;

process.exitCode = await main();

async function main(): Promise<number> {
  await using model = await startModel([...attempts.map((command) => bash(command)), { text: 'I am done.' }]);
  using scratch = makeScratch(model.url);
  furnish(scratch);
  const env = { ...scratch.env, COUNTERSIGN_HOME: join(scratch.home, '.countersign') };
  say(`The real client: ${run(claudeBinary, ['--version'], env).trim()}. Its model is a script on this machine; nothing leaves it.`);
  const editor = inEditor ? await openInEditor({ root, scratch, env }) : undefined;
  if (editor?.address) say(`Open ${editor.address}`);
  if (editor) say('Look at Countersign in the activity bar: the deployment will wait for you there.');
  // In the editor the inbox asks; here the terminal does.
  const governor = spawn(process.execPath, [cli, 'serve'], {
    env,
    cwd: scratch.project,
    stdio: [inEditor ? 'ignore' : 'inherit', 'inherit', 'inherit'],
  });
  say('Installing the hooks into a scratch home:');
  run(process.execPath, [cli, 'install', 'claude-code', '--yes'], env, 'inherit');

  const session = startPrint(scratch, {
    prompt: 'Deploy this project.',
    mode: 'bypassPermissions',
    env: { COUNTERSIGN_HOME: env.COUNTERSIGN_HOME },
  });
  say(
    `The agent is at work in ${scratch.project} with all its own permission checks off (bypassPermissions).${person ? '' : ' Nobody is here to approve, so its question will time out.'}`,
  );
  const { exitCode } = await session.done;
  report(model.calls());

  say('Is the record complete and unchanged?');
  const verified = spawnSync(process.execPath, [cli, 'audit', 'verify'], { env, stdio: 'inherit' }).status ?? 1;
  if (editor) await editor.close(person);
  governor.kill('SIGINT');
  if (governor.exitCode === null) await once(governor, 'exit');
  run(process.execPath, [cli, 'uninstall', 'claude-code', '--yes'], env);
  endGovernor(env.COUNTERSIGN_HOME);
  return exitCode === 0 && verified === 0 && held(scratch, model.calls()) ? 0 : 1;
}

/** A small project whose deployment leaves a mark, so that it shows what really ran. */
function furnish({ project }: Scratch): void {
  mkdirSync(join(project, '.countersign'), { recursive: true });
  writeFileSync(join(project, '.countersign', 'demo.yaml'), policy);
  writeFileSync(join(project, 'deploy.sh'), '#!/bin/sh\ntouch deployed\necho "deployed to $1"\n', { mode: 0o755 });
}

function report(calls: readonly MadeCall[]): void {
  say('What the agent tried, and what it was told:');
  for (const [index, call] of calls.entries()) {
    console.log(
      `  ${call.isError ? '✗' : '✓'} ${attempts[index] ?? call.name}\n      ${(call.text ?? 'no answer').trim().split('\n').slice(0, 2).join('\n      ')}`,
    );
  }
}

/** The demo itself is a test: the refused call must have been refused, and the deployment's mark must agree with the answer. */
function held({ project }: Scratch, calls: readonly MadeCall[]): boolean {
  const [listed, pushed, deployed] = calls;
  const fine =
    listed?.isError !== true && pushed?.isError === true && existsSync(join(project, 'deployed')) === (deployed?.isError !== true);
  if (!fine) console.error('Something did not go as the policy says; please report this.');
  return fine;
}

/** It would end by itself a while after the last session; its home is about to go. */
function endGovernor(home: string): void {
  const file = join(home, 'governor.json');
  if (existsSync(file)) process.kill(z.parse(z.object({ pid: z.int() }), JSON.parse(readFileSync(file, 'utf8'))).pid, 'SIGTERM');
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, stdout: 'pipe' | 'inherit' = 'pipe'): string {
  const { status, stdout: text } = spawnSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return text ?? '';
}

function say(text: string): void {
  console.log(`\n▸ ${text}`);
}
