import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { runPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { go, govern, lastWord, type Governed } from './governed.ts';

test('a full disk: what cannot be recorded does not run', async (context) => {
  using disk = mountSmallDisk(context);
  await using lab = await govern(
    (governed) => (ask) => {
      if (ask.stepOfPrompt > 0) return { text: lastWord };
      if (ask.prompt.includes('space')) return governed.mark('allowed-space').turn;
      fill(join(governed.state, 'filler'));
      return { calls: Array.from({ length: 5 }, (_, n) => governed.mark(`allowed-full-${n}`).turn.calls ?? []).flat() };
    },
    { state: disk.path },
  );
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  const ran = [0, 1, 2, 3, 4].filter((n) => lab.mark(`allowed-full-${n}`).runs() > 0);
  expect(ran).toEqual([]);

  rmSync(join(lab.state, 'filler'));
  await runPrint(lab.scratch, { prompt: 'there is space' });
  expect(lab.mark('allowed-space').runs()).toBe(1);
  await lab.succeeds('audit', 'verify');
});

test('a stranger on our port before the prompt: nothing runs', async () => {
  await using lab = await govern((governed) => [governed.mark('denied').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  await using stranger = await takePort(lab);
  await runPrint(lab.scratch, { prompt: 'go' });
  expect(stranger.heard()).toBeGreaterThan(0);
  expect(lab.mark('denied').runs()).toBe(0);
});

test.each(['denied', 'allowed'])(
  'a stranger who takes our port in the middle of a turn: the gate notices that the %s call never came, and it does not run',
  async (name) => {
    const strangers: Stranger[] = [];
    await using lab = await govern((governed) => async (ask) => {
      if (ask.step > 0) return { text: lastWord };
      strangers.push(await takePort(governed));
      return governed.mark(name).turn;
    });
    // The governor that the gate starts finds its port taken, and ends the sessions that still use it.
    await runPrint(lab.scratch, { prompt: 'go' });
    expect(strangers.map((stranger) => stranger.heard() > 0)).toEqual([true]);
    for (const stranger of strangers) await stranger[Symbol.asyncDispose]();
    expect(lab.model.calls()).toHaveLength(1);
    expect(lab.mark(name).runs()).toBe(0);
  },
);

interface Stranger extends AsyncDisposable {
  readonly heard: () => number;
}

/** Kills the governor and sits down in its place: to every hook, "no objection". */
async function takePort(lab: Governed): Promise<Stranger> {
  const { port } = lab.governor();
  await lab.signalGovernor('SIGKILL');
  let heard = 0;
  const server = createServer((request, response) => {
    heard += 1;
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  // The dead governor's last thread may hold the port for a moment.
  await until(`port ${port} to be free`, () => listens(server, port));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { heard: () => heard, [Symbol.asyncDispose]: close };
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
}

interface Disk extends Disposable {
  readonly path: string;
}

function mountSmallDisk(context: TestContext): Disk {
  const path = mkdtempSync(join(tmpdir(), 'cs-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    rmSync(path, { recursive: true });
    notRun(`the full disk: a small file system cannot be mounted here (${error instanceof Error ? error.message.trim() : String(error)})`);
    return context.skip();
  }
  const unmount = () => {
    execFileSync('umount', [path]);
    rmSync(path, { recursive: true });
  };
  return { path, [Symbol.dispose]: unmount };
}

function notRun(reason: string): void {
  const folder = join(import.meta.dirname, '..', '..', '..', 'test-output');
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'not-run.txt'), `${reason}\n`);
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  for (const size of [65_536, 1024, 1]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}
