import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { agentOf, type ScannedAgent, scanAgents } from '../../src/storage/agent-scan.ts';
import { MachineProcesses } from '../../src/storage/processes.ts';
import { temporaryFolder } from './folder.ts';

test.each<[string, string | undefined]>([
  ['claude --resume x', 'claude-code'],
  ['/usr/local/bin/claude', 'claude-code'],
  ['node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js -p hi', 'claude-code'],
  ['/usr/bin/node --max-old-space-size=4096 /usr/lib/node_modules/@google/gemini-cli/dist/index.js', 'gemini-cli'],
  ['/home/a/.nvm/lib/node_modules/@openai/codex/vendor/x86_64/codex exec hi', 'codex'],
  ['node /usr/lib/node_modules/@github/copilot/index.js', 'copilot-cli'],
  ['opencode', 'opencode'],
  ['claude-squad', undefined],
  ['vim claude', undefined],
  ['grep -r claude /usr/local/bin/claude', undefined],
  ['copilot deploy', undefined],
  ['node server.js claude', undefined],
  ['bash -c claude', undefined],
  ['tail -f /home/a/.claude/debug.log', undefined],
  ['node /w/node_modules/@anthropic-ai/claude-code-plugins/x.js', undefined],
  ['node', undefined],
  ['', undefined],
])('%j is the agent %s', (line, agent) => {
  expect(agentOf(line.split(' '))).toBe(agent);
});

describe.runIf(process.platform === 'linux')('what runs on this machine', () => {
  function start(name: string, env: NodeJS.ProcessEnv = process.env, uid?: number) {
    const folder = temporaryFolder();
    const program = join(folder, name);
    copyFileSync('/bin/sleep', program);
    // Started by its name, as a shell does.
    const child = spawn(program, ['600'], { env, stdio: 'ignore', argv0: name, ...(uid === undefined ? {} : { uid }) });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child.pid ?? 0;
  }
  const found = (pid: number): ScannedAgent | undefined => scanAgents().find((agent) => agent.pid === pid);

  test('an agent of this person is found with its folder, a neighbour is not', () => {
    expect(found(start('codex'))).toEqual({ agent: 'codex', pid: expect.any(Number), cwd: process.cwd() });
    expect(found(start('codex-mini'))).toBeUndefined();
  });

  test('one with another home is somebody else’s to govern', () => {
    const pid = start('claude', { ...process.env, HOME: '/nowhere' });
    expect(found(pid)?.notOurs).toBe('it runs with another HOME (/nowhere)');
    expect(homedir()).not.toBe('/nowhere');
  });

  test.runIf(process.getuid?.() === 0)('one of another user is named and never signalled, even where we could', async () => {
    const child = spawn('sleep', ['600'], { argv0: 'claude', uid: 65_534, stdio: 'ignore', cwd: '/' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const pid = child.pid ?? 0;
    expect(found(pid)?.notOurs).toBe('it belongs to another user (uid 65534)');
    const processes = new MachineProcesses({
      claudeFolders: () => ['/nowhere'],
      scan: () => scanAgents().filter((one) => one.pid === pid),
    });
    expect(processes.agents()).toMatchObject([
      { agent: 'claude-code', process: { pid }, notOurs: expect.stringContaining('another user') },
    ]);
    expect(child.exitCode).toBeNull();
  });

  test('what an agent has started is a part of it, and the registry says which session it runs', () => {
    const outer = start('claude');
    const start1 = new MachineProcesses().identify(outer)?.start ?? '';
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sessions'));
    const entry = { pid: outer, sessionId: 's1', cwd: '/w', startedAt: Date.now() + 1000, procStart: start1 };
    writeFileSync(join(folder, 'sessions', `${outer}.json`), JSON.stringify(entry));
    const own = {
      all: () => [
        { pid: outer, parent: 1, group: outer, start: start1 },
        { pid: 9_999_999, parent: outer, group: 9_999_999, start: '1' },
      ],
    };
    const table = {
      one: (pid: number) => own.all().find((one) => one.pid === pid),
      withVariable: () => [],
      signal: () => undefined,
      ...own,
    };
    const scan = () => own.all().map(({ pid }) => ({ agent: 'claude-code', pid, cwd: '' }));
    const processes = new MachineProcesses({ claudeFolders: () => [folder], table, scan });
    expect(processes.agents()).toMatchObject([{ agent: 'claude-code', session: 's1', process: { pid: outer, start: start1 } }]);
  });
});
