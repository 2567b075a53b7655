import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RecordLine, RunningSession } from '../../src/governor/ports.ts';
import { ClaudeFolders } from '../../src/storage/claude-folders.ts';
import { ClaudeRecords } from '../../src/storage/claude-records.ts';
import type { RegisteredSession } from '../../src/storage/claude-registry.ts';
import { StateDatabase } from '../../src/storage/state-db.ts';
import { temporaryFolder } from './folder.ts';

/** A folder of Claude Code's, what is followed in it, and a state that outlives whoever follows. */
class Lab {
  readonly root = temporaryFolder();
  readonly folder = join(this.root, 'claude');
  readonly hooks = join(this.root, 'hooks');
  readonly state = new StateDatabase(join(this.root, 'state.db'));
  readonly told: string[] = [];
  readonly faults: unknown[] = [];
  registered: readonly RegisteredSession[] = [];
  running: readonly RunningSession[] = [];
  looks = 0;
  stop: () => void = () => undefined;

  constructor() {
    mkdirSync(this.hooks);
    onTestFinished(() => {
      this.stop();
      this.state.close();
    });
  }

  follow(): ClaudeRecords {
    const folders = new ClaudeFolders(this.state, () => [this.folder]);
    const onFault = (error: unknown) => void this.faults.push(error);
    const records = new ClaudeRecords({ folders, registered: () => this.registered, hooks: this.hooks, state: this.state, onFault });
    this.stop = records.follow({
      marks: () => ['x'],
      line: (line: RecordLine) => void this.told.push(line.text),
      running: (sessions) => {
        this.looks += 1;
        this.running = sessions;
      },
    });
    return records;
  }

  write(file: string, text: string): void {
    const path = join(this.folder, 'projects', file);
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, text);
  }

  run(session: string): void {
    const process = { pid: 1, start: '1' };
    this.registered = [{ agent: 'claude-code', session, process, cwd: '/w/p', startedAt: 0, isBusy: false, folder: this.folder }];
  }
}

/** Until it holds; the follower's own looks make it happen. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test('the transcripts of a running session and of its subagents are told, also what comes later', async () => {
  const lab = new Lab();
  lab.write('-w-p/s1.jsonl', 'x1\n');
  lab.write('-w-p/s1/subagents/agent-a.jsonl', 'xa\n');
  lab.run('s1');
  lab.follow();
  await until(() => lab.told.length === 2);
  lab.write('-w-p/s1.jsonl', 'x2\n');
  await until(() => lab.told.length === 3);
  expect([...lab.told].sort()).toEqual(['x1', 'x2', 'xa']);
  await until(() => lab.running.some(({ isActive }) => isActive));
  expect(lab.running).toMatchObject([{ session: 's1', isActive: true }]);
  expect(lab.faults).toEqual([]);
});

test('a session that moved to another folder is found, and one that wrote nothing is not active', async () => {
  const lab = new Lab();
  lab.run('s1');
  lab.follow();
  await until(() => lab.looks > 0);
  expect(lab.running).toMatchObject([{ session: 's1', isActive: false }]);
  lab.write('-elsewhere/s1.jsonl', 'x1\n');
  await until(() => lab.told.length === 1);
});

test('a session that no registry names is found by its file', async () => {
  const lab = new Lab();
  mkdirSync(join(lab.folder, 'sessions'), { recursive: true });
  lab.write('-w-p/s1.jsonl', 'x1\n');
  lab.follow();
  await until(() => lab.told.length > 0);
  expect(lab.told).toEqual(['x1']);
});

test('whoever follows next goes on where the last one stopped', async () => {
  const lab = new Lab();
  lab.write('-w-p/s1.jsonl', 'x1\n');
  lab.state.saveFollowed(join(lab.folder, 'projects', '-w-p', 's1.jsonl'), 3);
  lab.write('-w-p/s1.jsonl', 'x2\n');
  lab.follow();
  await until(() => lab.told.length > 0);
  expect(lab.told).toEqual(['x2']);
});

test('without hooks nothing is told, and they count from when they were put in', async () => {
  const lab = new Lab();
  rmSync(lab.hooks, { recursive: true });
  lab.write('-w-p/s1.jsonl', 'x1\n');
  lab.run('s1');
  const records = lab.follow();
  expect(records.hookedSince()).toBeUndefined();
  mkdirSync(lab.hooks);
  writeFileSync(join(lab.hooks, 'a'), '');
  await until(() => records.hookedSince() !== undefined);
  expect(lab.looks).toBe(0);
  await until(() => lab.told.length === 1);
});

test('where sessions were governed before, the past is not gone through', async () => {
  const lab = new Lab();
  const fresh = new ClaudeFolders(lab.state, () => []);
  const options = { folders: fresh, registered: () => [], hooks: lab.hooks, state: lab.state, onFault: () => undefined };
  const session = {
    agent: 'claude-code',
    id: 's',
    cwd: '',
    mode: '',
    interactive: true,
    startedAt: 0,
    lastSeenAt: 0,
    calls: 0,
    denials: 0,
  };
  lab.state.saveSession(session);
  const before = Date.now();
  expect(new ClaudeRecords(options).hookedSince()).toBeGreaterThanOrEqual(before);
});

test('a hook shows another folder; it is remembered', () => {
  const lab = new Lab();
  const folders = new ClaudeFolders(lab.state, () => ['/a']);
  folders.learn('/b/projects/p/s.jsonl');
  folders.learn('/c/other/p/s.jsonl');
  folders.learn('relative/projects/p/s.jsonl');
  expect(folders.all()).toEqual(['/a', '/b']);
  expect(new ClaudeFolders(lab.state, () => ['/a']).all()).toEqual(['/a', '/b']);
});
