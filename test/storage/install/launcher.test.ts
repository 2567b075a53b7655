import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHookLine, type HookLineOptions, type LineCall } from '../../../src/channel/hook-line.ts';
import { openHome, type Home } from '../../../src/storage/home.ts';
import { renderLauncher } from '../../../src/storage/install/launcher.ts';
import { writePrivately } from '../../../src/storage/private-file.ts';

const noBash = !existsSync('/bin/bash');

let root: string;
let home: Home;
let launcher: string;
let calls: LineCall[];
const closing: (() => Promise<void>)[] = [];

/** What stands for the command hook says that it was started, and what it was given. */
const longWay = `
let text = '';
for await (const part of process.stdin) text += part;
console.error('the long way');
console.log(JSON.stringify({ args: process.argv.slice(2), stdin: text, env: Object.keys(process.env).sort() }));
process.exit(2);
`;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cs l')));
  const environment = { HOME: root, COUNTERSIGN_HOME: join(root, 'home') };
  home = openHome(environment);
  const script = join(root, 'hook.mjs');
  writeFileSync(script, longWay);
  renderLauncher({ home, runtime: process.execPath, script, environment });
  launcher = join(home.agents, 'hook');
  calls = [];
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  rmSync(root, { recursive: true, force: true });
});

async function governor(hook: HookLineOptions['hook'] = async () => ({ stdout: '', stderr: '', exitCode: 0 })): Promise<string> {
  const line = await startHookLine({
    hook: (call, signal) => {
      calls.push(call);
      return hook(call, signal);
    },
    onFault: () => undefined,
    heartbeatMs: 10,
  });
  closing.push(() => line.close());
  writePrivately(home.hookLine, line.told);
  return line.told;
}

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(stdin: string | Buffer, { args = ['codex', 'PreToolUse', '--installed', '--parent=4711'], env = {} } = {}): Promise<Run> {
  const child = spawn(launcher, args, { env: { PATH: '/usr/bin:/bin', ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => void server.close(() => resolve())));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

const wentLong = (stdin: string): Run => ({
  exitCode: 2,
  stderr: 'the long way\n',
  stdout: `${JSON.stringify({ args: ['codex', 'PreToolUse', '--installed', '--parent=4711'], stdin, env: ['COUNTERSIGN_HOME', 'HOME', 'PATH'] })}\n`,
});

test.skipIf(noBash).each<[string, { stdout: string; stderr: string; exitCode: number }]>([
  ['nothing, and lets it run', { stdout: '', stderr: '', exitCode: 0 }],
  ['a refusal', { stdout: '', stderr: 'No force-push — “main” is ours.\n', exitCode: 2 }],
  ['JSON', { stdout: '{"permissionDecision":"deny","why":"a\\n\\tb %s \\\\ $(id)"}\n', stderr: '', exitCode: 0 }],
  ['more than a pipe holds', { stdout: `${'é'.repeat(90_000)}\n\n`, stderr: 'x', exitCode: 1 }],
])('the governor says %s: so does the launcher, to the byte', async (_, reply) => {
  await governor(async () => reply);
  expect(await run('{"tool":"é"}\n')).toEqual(reply);
  expect(calls).toEqual([{ agent: 'codex', event: 'PreToolUse', parent: 4711, pidSpace: expect.any(String), message: { tool: 'é' } }]);
});

test.skipIf(noBash)('a person may take as long as they like', async () => {
  await governor(() => new Promise((resolve) => void setTimeout(() => resolve({ stdout: 'asked', stderr: '', exitCode: 0 }), 200)));
  expect(await run('{}')).toEqual({ stdout: 'asked', stderr: '', exitCode: 0 });
});

const long = JSON.stringify({ text: `${'é'.repeat(20_000)}$x%d\\` });
test.skipIf(noBash).each<[string, string, () => unknown]>([
  ['there is no governor', '{"a":1}', () => undefined],
  [
    'the governor died',
    '{"a":1}',
    async () => {
      await governor();
      await Promise.all(closing.splice(0).map((close) => close()));
    },
  ],
  ['it hangs up when it has the message', '{"a":1}', () => governor(() => Promise.reject(new Error('no')))],
  ['it answers what is no answer', '{"a":1}', () => governor(async () => ({ stdout: '', stderr: '', exitCode: 256 }))],
  ['the message is long', long, () => governor()],
  ['the message is no JSON', '{"a', () => governor()],
  [
    'the file is a link',
    '{"a":1}',
    async () => {
      writeFileSync(join(root, 'elsewhere'), await governor());
      rmSync(home.hookLine);
      symlinkSync(join(root, 'elsewhere'), home.hookLine);
    },
  ],
])('%s: the command hook gets all of it', async (_, stdin, before) => {
  await before();
  expect(await run(stdin)).toEqual(wentLong(stdin));
});

test.skipIf(noBash)('a stranger on the port of a governor that died hears no message, and is not believed', async () => {
  const told = await governor();
  await Promise.all(closing.splice(0).map((close) => close()));
  const [, port, question, answer = ''] = told.split('\n');
  let heard = '';
  const stranger: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard += bytes.toString('utf8');
    });
    socket.end(`${answer.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))}\n0 0 0\n`);
  });
  await listen(stranger, Number(port));
  expect(await run('{"secret":1}')).toEqual(wentLong('{"secret":1}'));
  expect(heard).toMatch(new RegExp(`^${question} codex PreToolUse 4711 \\S*\\n$`));
});

test.skipIf(noBash)('a governor that is silent is left to the command hook', async () => {
  await governor();
  const [version, , question, answer] = readFileSync(home.hookLine, 'utf8').split('\n');
  const silent = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(`${answer}\n`);
    closing.push(async () => void socket.destroy());
  });
  const port = await listen(silent, 0);
  writePrivately(home.hookLine, [version, port, question, answer, ''].join('\n'));
  // As the launcher says it, only sooner.
  const text = readFileSync(launcher, 'utf8');
  expect(text).toContain('read -r -t 8 ');
  writeFileSync(launcher, text.replaceAll('read -r -t 8 ', 'read -r -t 1 '));
  expect(await run('{"a":1}')).toEqual(wentLong('{"a":1}'));
});

test.skipIf(noBash)('what the environment says changes nothing', async () => {
  await governor(async () => ({ stdout: '', stderr: 'refused', exitCode: 2 }));
  const evil = join(root, 'evil');
  writeFileSync(evil, 'exit 0\n');
  for (const name of ['read', 'exec', 'printf', 'exit']) writeFileSync(join(root, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const env = {
    BASH_ENV: evil,
    ENV: evil,
    PATH: root,
    IFS: '0123456789',
    SHELLOPTS: 'noexec:posix',
    BASHOPTS: 'extdebug',
    POSIXLY_CORRECT: '1',
    TMOUT: '1',
    CDPATH: root,
    GLOBIGNORE: '*',
    BASH_COMPAT: '3.1',
    'BASH_FUNC_exit%%': '() { builtin exit 0; }',
    'BASH_FUNC_ask%%': '() { builtin exit 0; }',
    code: '0',
    fd: '1',
    stdout: 'yes',
  };
  expect(await run('{}', { env })).toEqual({ stdout: '', stderr: 'refused', exitCode: 2 });
  expect(await run('{}', { env, args: ['codex', 'PreToolUse'] })).toMatchObject({ exitCode: 2, stderr: 'the long way\n' });
});

test.skipIf(noBash || process.getuid?.() !== 0)('a file of another user is not read', async () => {
  await governor();
  chownSync(home.hookLine, 1, 1);
  expect(await run('{"a":1}')).toEqual(wentLong('{"a":1}'));
  expect(calls).toEqual([]);
});
