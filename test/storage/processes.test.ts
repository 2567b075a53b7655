import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { processTable, psProcess } from '../../src/storage/process-table.ts';
import { MachineProcesses } from '../../src/storage/processes.ts';
import { temporaryFolder } from './folder.ts';
import { run } from './programs/program.ts';

const table = processTable();
const processes = new MachineProcesses({ claudeFolders: () => ['/nowhere'] });

/** An agent with everything it has started, as the system sees it. */
async function startAgent(manners: string) {
  const session = randomUUID();
  const program = run('agent.ts', [session, manners]);
  await program.line();
  const marked = () => table.withVariable('CLAUDE_CODE_SESSION_ID', session, table.all());
  // Two sleeps and a shell, the daemon, the deaf shell and its sleep: the daemon is there when its parent has gone.
  while (marked().length < 6 || orphans(session).length < 1) await new Promise(setImmediate);
  onTestFinished(() => marked().forEach((pid) => process.kill(pid, 'SIGKILL')));
  const agent = processes.identify(program.pid);
  if (agent === undefined) throw new Error('The agent did not start');
  return { agent, session, program, marked };
}

function orphans(session: string): readonly number[] {
  const running = table.all();
  const known = new Set(running.map((process) => process.pid));
  return table.withVariable(
    'CLAUDE_CODE_SESSION_ID',
    session,
    running.filter((process) => process.parent === 1 || !known.has(process.parent)),
  );
}

describe.runIf(process.platform === 'linux' || process.platform === 'darwin')('ending a session', () => {
  test.each(['polite', 'careless', 'deaf'])(
    'ends everything that a %s agent has started: children, daemons, what ignores the clean signal',
    async (manners) => {
      const { agent, session, program, marked } = await startAgent(manners);
      const started = [agent.pid, ...marked()];
      const report = await processes.end(agent, session, 400);
      expect(report.left).toEqual([]);
      expect(started.filter((pid) => !report.ended.includes(pid))).toEqual([]);
      expect(started.filter((pid) => table.one(pid) !== undefined)).toEqual([]);
      expect(marked()).toEqual([]);
      expect(await program.ended).toBe(manners === 'deaf' ? 'SIGKILL' : 143);
    },
  );

  test('gives a clean end the time it needs, and does not wait longer than that', async () => {
    const { agent, session, program } = await startAgent('polite');
    const began = performance.now();
    await processes.end(agent, session, 600);
    expect(await program.ended).toBe(143);
    // The deaf shell costs the whole grace; nothing costs more than the rounds after it.
    expect(performance.now() - began).toBeLessThan(600 + 6000);
  });

  test('ends what an agent has left behind that is already gone', async () => {
    const { agent, session, program, marked } = await startAgent('careless');
    program.process.kill('SIGKILL');
    await program.ended;
    expect(marked().length).toBeGreaterThan(0);
    const report = await processes.end(agent, session, 200);
    expect(report.left).toEqual([]);
    expect(report.ended).not.toContain(agent.pid);
    expect(marked()).toEqual([]);
  });

  test('spares a process that has got the pid of the agent meanwhile', async () => {
    const bystander = sleeper();
    const report = await processes.end({ pid: bystander.pid, start: '1' }, randomUUID(), 100);
    expect(report).toEqual({ ended: [], left: [] });
    expect(processes.isAlive(bystander)).toBe(true);
  });

  test('spares other sessions, those with a similar name, and those without one', async () => {
    const session = randomUUID();
    const bystanders = [
      sleeper({ CLAUDE_CODE_SESSION_ID: `${session}0` }),
      sleeper({ XCLAUDE_CODE_SESSION_ID: session }),
      sleeper({ CLAUDE_CODE_SESSION_ID: '' }),
    ];
    const mine = [sleeper({ CLAUDE_CODE_SESSION_ID: session }), sleeper({ QWEN_CODE_SESSION_ID: session })];
    const { ended, left } = await processes.end({ pid: 999_999_999, start: '1' }, session, 200);
    expect({ ended: new Set(ended), left }).toEqual({ ended: new Set(mine.map(({ pid }) => pid)), left: [] });
    expect(await processes.end({ pid: 999_999_999, start: '1' }, '', 100)).toEqual({ ended: [], left: [] });
    expect(bystanders.map(processes.isAlive)).toEqual([true, true, true]);
  });

  /**
   * A shell that stands for a server, with a command for each of two sessions and a daemon of the first; `mine`: what belongs to that. It
   * was itself started from within the session, which was resumed in it.
   */
  async function startServer(session: string) {
    const script = `sleep 611 & (sleep 612 &); env CODEX_SESSION_ID=other sleep 613 & env -u CODEX_SESSION_ID sleep 614 & echo $$; wait`;
    const { pid } = await printsPid(`export CODEX_SESSION_ID=${session}; exec sh -c '${script}'`);
    const mine = () => table.withVariable('CODEX_SESSION_ID', session, table.all()).filter((one) => one !== pid);
    const below = () => table.all().filter((one) => one.parent === pid);
    const others = () => below().filter((one) => !mine().includes(one.pid));
    while (mine().length < 2 || others().length < 2) await new Promise(setImmediate);
    onTestFinished(() => mine().forEach((one) => process.kill(one, 'SIGKILL')));
    return { server: agentAt(pid), mine, others: others() };
  }

  test.each<[string, () => Promise<void>, (server: number) => object]>([
    ['does as it is told', () => Promise.resolve(), (server) => ({ left: [], within: server })],
    [
      'does not answer',
      () => Promise.reject(new Error('it did not answer within 2 s')),
      () => ({ left: [{ why: 'other sessions use it, too, and it did not end this one: it did not answer within 2 s' }] }),
    ],
  ])('spares a server that %s, and what it runs for other sessions', async (_, end, expected) => {
    const session = randomUUID();
    const { server, mine, others } = await startServer(session);
    const started = mine();
    const asked: string[] = [];
    const isShared = (pid: number) => pid === server.pid;
    const servers = { isShared, end: (pid: number, id: string) => (asked.push(`${pid} ${id}`), end()) };
    const report = await new MachineProcesses({ claudeFolders: () => [], servers }).end(server, session, 400);
    expect(asked).toEqual([`${server.pid} ${session}`]);
    expect(report).toMatchObject(expected(server.pid));
    expect(new Set(report.ended)).toEqual(new Set(started));
    expect(mine()).toEqual([]);
    expect([server, ...others].filter(processes.isAlive)).toHaveLength(1 + others.length);
  });

  test('spares a server that the terminal has started which is ended, as other terminals use it', async () => {
    const { pid } = await printsPid('sh -c "sleep 615 & wait" & sleep 616 & echo $$; wait');
    const isParent = ({ pid: one }: { readonly pid: number }) => table.all().some(({ parent }) => parent === one);
    const below = () => table.all().filter((one) => one.parent === pid);
    while (below().length < 2 || !below().some(isParent)) await new Promise(setImmediate);
    const server = below().find(isParent);
    const servers = { isShared: (one: number) => one === server?.pid, end: () => Promise.resolve() };
    expect(server).toBeDefined();
    const { ended } = await new MachineProcesses({ claudeFolders: () => [], servers }).end(agentAt(pid), '', 400);
    expect(ended).toHaveLength(2);
    expect(server !== undefined && processes.isAlive(server)).toBe(true);
  });

  test('spares itself, even when it was started from within the session', async () => {
    const session = randomUUID();
    const program = run('end.ts', [session], ['env', `CLAUDE_CODE_SESSION_ID=${session}`]);
    expect(JSON.parse(await program.line())).toEqual({ ended: [], left: [] });
    expect(await program.ended).toBe(0);
  });

  test('spares the group that the agent is in: it may be the script that started it', async () => {
    const script = spawn('sh', ['-c', 'sleep 603 & echo $!; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void process.kill(-(script.pid ?? 0), 'SIGKILL'));
    const pid = Number(await new Promise((resolve) => script.stdout.once('data', resolve)));
    const agent = processes.identify(pid);
    expect(table.one(pid)?.group).toBe(script.pid);
    const shell = processes.identify(script.pid ?? 0);
    const sibling = sleeper();
    expect(agent).toBeDefined();
    if (agent === undefined || shell === undefined) return;
    // Held, so that it cannot end by itself when its child does.
    process.kill(shell.pid, 'SIGSTOP');
    expect((await processes.end(agent, '', 300)).ended).toEqual([pid]);
    expect([shell, sibling].map(processes.isAlive)).toEqual([true, true]);
  });

  test('spares who shares a group with the agent without being started by it, as in a pipeline', async () => {
    // The inner shell is gone when the outer one becomes the agent, so that the first sleep is nobody's child.
    const { pid } = await printsPid('(sleep 606 &); echo $$; exec sleep 605');
    const others = table.all().filter((other) => other.group === pid && other.pid !== pid);
    expect(others).toHaveLength(1);
    expect((await processes.end(agentAt(pid), '', 300)).ended).toEqual([pid]);
    expect(others.map(processes.isAlive)).toEqual([true]);
  });

  test('ends children and grandchildren that do not know the session', async () => {
    const { pid } = await printsPid('sh -c "sleep 607; true" & echo $$; sleep 608; true');
    const below = () => table.all().filter((other) => other.group === pid && other.pid !== pid);
    while (below().length < 3) await new Promise(setImmediate);
    const started = below();
    expect((await processes.end(agentAt(pid), '', 300)).left).toEqual([]);
    expect(started.filter(processes.isAlive)).toEqual([]);
  });

  test('spares a process that got the pid of a child which has just ended', async () => {
    const agent = { pid: 10, parent: 1, group: 10, start: 'a' };
    const child = { pid: 11, parent: 10, group: 11, start: 'b' };
    const signalled: number[] = [];
    const reused = {
      all: () => [agent, child],
      one: (pid: number) => (pid === 10 && !signalled.includes(10) ? agent : { ...child, start: 'c' }),
      withVariable: () => [],
      signal: (pid: number) => void signalled.push(pid),
    };
    await new MachineProcesses({ table: reused }).end(agent, 's', 50);
    expect(signalled).toEqual([10]);
  });

  test('reports what it may not end', async () => {
    const { agent, session } = await startAgent('careless');
    const refusing = { ...table, signal: (pid: number, how: 'clean' | 'hard') => (pid === agent.pid ? refuse() : table.signal(pid, how)) };
    const report = await new MachineProcesses({ table: refusing }).end(agent, session, 100);
    expect(report.left).toEqual([{ pid: agent.pid, why: 'it may not be signalled: it belongs to another user, or to a container' }]);
  });
});

describe('a process', () => {
  test('is known by pid and start time, until it ends', async () => {
    const child = sleeper();
    expect(processes.identify(child.pid)).toEqual(child);
    expect(processes.isAlive({ ...child, start: '1' })).toBe(false);
    await processes.end(child, '', 1000);
    expect(processes.isAlive(child)).toBe(false);
    expect(processes.identify(child.pid)).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('has the start time that the system writes into its table, whatever its name', () => {
    const folder = temporaryFolder();
    const name = join(folder, 'a) Z 1 (b');
    execFileSync('cp', ['/bin/sleep', name]);
    const child = spawn(name, ['600'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    expect(table.one(child.pid ?? 0)).toMatchObject({ parent: process.pid, start: fields?.[19] });
  });

  test.each([
    ['  501     1   501 Ss   Fri Nov 20 11:04:56 2026    ', { pid: 501, parent: 1, group: 501, start: 'Fri Nov 20 11:04:56 2026' }],
    ['  502   501   501 Z+   Fri Nov 20 11:04:56 2026', undefined],
    ['', undefined],
  ])('is read from the line %j of ps', (line, expected) => {
    expect(psProcess(line)).toEqual(expected);
  });

  test.runIf(process.platform === 'linux')('is the same to ps as to the system’s table', () => {
    const child = sleeper({ CLAUDE_CODE_SESSION_ID: 'of-ps' });
    const ps = processTable('darwin');
    const { start: _, ...known } = table.one(child.pid) ?? {};
    expect(ps.all().find((running) => running.pid === child.pid)).toMatchObject(known);
    expect(ps.one(child.pid)).toMatchObject(known);
    expect(ps.one(999_999_999)).toBeUndefined();
  });
});

describe('the registry of Claude Code', () => {
  function registry(files: Readonly<Record<string, unknown>>) {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sessions'));
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, 'sessions', name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    expect(readdirSync(join(folder, 'sessions'))).toHaveLength(Object.keys(files).length);
    return new MachineProcesses({ claudeFolders: () => [folder] });
  }

  test('names the process of a session, unless its pid belongs to another one now', () => {
    const child = sleeper();
    const entry = { pid: child.pid, sessionId: 's1', cwd: '/w', startedAt: Date.now() + 1000, procStart: child.start };
    expect(registry({ [`${child.pid}.json`]: entry }).find('claude-code', 's1')).toEqual(child);
    expect(registry({ [`${child.pid}.json`]: entry }).find('claude-code', 's2')).toBeUndefined();
    expect(registry({ [`${child.pid}.json`]: entry }).find('codex', 's1')).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('that names another start time is about a process that has ended', () => {
    const child = sleeper();
    const entry = { pid: child.pid, sessionId: 's1', startedAt: Date.now() + 1000, procStart: '1' };
    expect(registry({ [`${child.pid}.json`]: entry }).find('claude-code', 's1')).toBeUndefined();
  });

  test('of a session that was resumed, the process that runs counts', () => {
    const child = sleeper();
    const entry = { sessionId: 's1', startedAt: Date.now() + 1000 };
    const found = registry({
      '999999999.json': { ...entry, pid: 999_999_999, procStart: '1' },
      [`${child.pid}.json`]: { ...entry, pid: child.pid, procStart: child.start },
    });
    expect(found.find('claude-code', 's1')).toEqual(child);
    expect(found.registered()).toHaveLength(1);
  });

  test('that has the end of a longer one behind it, as its agent writes it, names its process', () => {
    const child = sleeper();
    const entry = JSON.stringify({ pid: child.pid, sessionId: 's1', startedAt: Date.now() + 1000, procStart: child.start, more: { a: 1 } });
    expect(registry({ [`${child.pid}.json`]: `${entry}"}}` }).find('claude-code', 's1')).toEqual(child);
  });

  test('that is half written, unknown or missing names nobody', () => {
    expect(registry({ '1.json': '{', '2.json': [], '3.json': { pid: 'x' }, 'notes.txt': 'x' }).registered()).toEqual([]);
    expect(new MachineProcesses({ claudeFolders: () => ['/nowhere'] }).registered()).toEqual([]);
  });
});

function sleeper(environment: Readonly<Record<string, string>> = {}) {
  const child = spawn('sleep', ['604'], { env: { PATH: process.env['PATH'], ...environment }, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const known = processes.identify(child.pid ?? 0);
  if (known === undefined) throw new Error('sleep did not start');
  return known;
}

/** A shell in a group of its own, once it has said its pid. */
async function printsPid(script: string) {
  const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = Number(await new Promise((resolve) => shell.stdout.once('data', resolve)));
  onTestFinished(() => killGroup(pid));
  return { pid };
}

function killGroup(group: number): void {
  for (const { pid } of table.all().filter((member) => member.group === group)) process.kill(pid, 'SIGKILL');
}

function agentAt(pid: number) {
  const agent = processes.identify(pid);
  if (agent === undefined) throw new Error('The agent did not start');
  return agent;
}

function refuse(): never {
  throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
}
