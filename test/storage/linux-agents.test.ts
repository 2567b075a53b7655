import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LinuxAgents } from '../../src/storage/linux-agents.ts';
import { processTable } from '../../src/storage/process-table.ts';
import { temporaryFolder } from './folder.ts';

/** Nobody else on the machine has it. */
const home = `/nowhere/${randomUUID()}`;
const folder = realpathSync(tmpdir());
const table = processTable();

interface Started {
  readonly argv0?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function start(program: string, args: readonly string[], { argv0 = program, environment = {}, cwd = folder }: Started = {}): number {
  const env = { PATH: process.env['PATH'], HOME: home, ...environment };
  const child = spawn(program, [...args], { argv0, env, cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
}

/** A package with a script that waits. */
function script(name: string, version: string): string {
  const file = join(temporaryFolder(), 'dist', 'cli.js');
  mkdirSync(dirname(file));
  writeFileSync(join(dirname(dirname(file)), 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(file, 'setInterval(() => {}, 1000)');
  return file;
}

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('an agent is found by how it was started, with its folder, start, version and place; its neighbours are not', async () => {
    const environment = { TERM_PROGRAM: 'vscode', TMUX: '/tmp/tmux', CLAUDE_CONFIG_DIR: '/w/config' };
    const claude = start('sleep', ['600'], { argv0: 'claude', environment });
    const link = join(temporaryFolder(), 'gemini');
    symlinkSync(script('@google/gemini-cli', '0.61.0'), link);
    const gemini = start(process.execPath, [link, '--yolo']);
    start('sleep', ['600'], { argv0: 'claude-squad' });
    start('tail', ['-f', link]);
    start(process.execPath, [script('claude-tools', '1.0.0'), 'claude']);
    start('sleep', ['600'], { argv0: 'codex', environment: { HOME: '/home/somebody-else' } });
    const found = await new LinuxAgents({ home }).all();
    expect(found).toMatchObject([
      {
        agent: 'claude-code',
        process: { pid: claude, start: table.one(claude)?.start },
        parent: process.pid,
        cwd: folder,
        place: { program: 'vscode', through: ['tmux'] },
      },
      { agent: 'gemini-cli', process: { pid: gemini }, version: '0.61.0', args: ['--yolo'] },
    ]);
    expect(found[0]?.environment['CLAUDE_CONFIG_DIR']).toBe('/w/config');
    expect(Math.abs((found[0]?.startedAt ?? 0) - Date.now())).toBeLessThan(30_000);
  });

  test('a shell that becomes an agent is found, however long it has run', async () => {
    const agents = new LinuxAgents({ home });
    const shell = spawn('bash', ['-c', 'read; exec -a codex sleep 600'], { env: { PATH: process.env['PATH'], HOME: home } });
    onTestFinished(() => void shell.kill('SIGKILL'));
    for (let look = 0; look < 12; look += 1) expect(await agents.all()).toEqual([]);
    shell.stdin.write('\n');
    let found: Awaited<ReturnType<typeof agents.all>> = [];
    while (found.length === 0) found = await agents.all();
    expect(found).toMatchObject([{ agent: 'codex', process: { pid: shell.pid } }]);
    expect(await agents.all()).toHaveLength(1);
  });

  test('one that has ended is not found any more', async () => {
    const agents = new LinuxAgents({ home });
    const child = spawn('sleep', ['600'], { argv0: 'qwen', env: { HOME: home, PATH: process.env['PATH'] } });
    while ((await agents.all()).length === 0);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await agents.all()).toEqual([]);
  });
});
