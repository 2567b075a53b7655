import { appendFileSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RecordLine } from '../../src/governor/ports.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { OtherRecords } from '../../src/storage/other-records.ts';
import { StateDatabase } from '../../src/storage/state-db.ts';
import { temporaryFolder } from './folder.ts';

/** A home with records of several agents, and a state that outlives whoever follows them. */
class Lab {
  readonly home = temporaryFolder();
  readonly state = new StateDatabase(join(this.home, 'state.db'));
  readonly told: RecordLine[] = [];
  readonly faults: unknown[] = [];
  hooked: readonly string[] = ['codex', 'gemini-cli', 'qwen-code', 'copilot-cli', 'cline', 'opencode'];
  since = Date.now() - 60_000;
  stop: () => void = () => undefined;

  constructor() {
    onTestFinished(() => {
      this.stop();
      this.state.close();
    });
  }

  follow(): OtherRecords {
    const records = new OtherRecords({
      hooked: (agent) => (this.hooked.includes(agent) ? { since: this.since, environment: { HOME: this.home } } : undefined),
      state: this.state,
      onFault: (error) => void this.faults.push(error),
    });
    this.stop = records.follow({ marks: () => ['x'], line: (line) => void this.told.push(line), running: () => undefined });
    return records;
  }

  write(file: string, text: string): string {
    const path = join(this.home, file);
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, text);
    return path;
  }

  get lines(): readonly string[] {
    return this.told.map(({ agent, text, file }) => `${agent} ${file?.head} ${text}`);
  }
}

/** Until it holds; the follower's own looks make it happen. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const files = {
  codex: '.codex/sessions/2026/11/29/rollout-a.jsonl',
  'gemini-cli': '.gemini/tmp/project/chats/session-a.jsonl',
  'qwen-code': '.qwen/projects/-p/chats/a.jsonl',
  'copilot-cli': '.copilot/session-state/a/events.jsonl',
};

test('each agent’s records are told with their first line, also what comes later, and nothing that is no record', async () => {
  const lab = new Lab();
  for (const file of Object.values(files)) lab.write(file, 'head\nx1\n');
  for (const other of ['.gemini/tmp/project/chats/s1/sub.jsonl', '.copilot/session-state/a/other.jsonl', '.codex/sessions/x.jsonl'])
    lab.write(other, 'head\nx-no-record\n');
  lab.follow();
  await until(() => lab.told.length === 4);
  lab.write(files['qwen-code'], 'x2\n');
  await until(() => lab.told.length === 5);
  expect(lab.lines.toSorted()).toEqual([
    'codex head x1',
    'copilot-cli head x1',
    'gemini-cli head x1',
    'qwen-code head x1',
    'qwen-code head x2',
  ]);
  expect(lab.faults).toEqual([]);
});

test('records that are written anew, and those that are databases, are told beside them', async () => {
  const lab = new Lab();
  lab.write('.cline/data/sessions/s/s.messages.json', '{\n  "messages": [\n    {\n      "x": 1\n    }\n  ]\n}\n');
  lab.write('.cline/data/sessions/s/s.json', '{\n  "messages": [\n    {\n      "x": 2\n    }\n  ]\n}\n');
  lab.write('.local/share/opencode/other.db', 'no database');
  const path = lab.write('.local/share/opencode/opencode.db', '');
  const database = openDatabase(path);
  onTestFinished(() => void database.close());
  database.exec(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'opencode', 'calls-1.18.33.sql'), 'utf8'));
  lab.since = 1_795_955_400_000;
  lab.follow();
  await until(() => lab.told.length === 6);
  expect(lab.told.map(({ agent }) => agent)).toEqual(['cline', ...Array.from({ length: 5 }, () => 'opencode')]);
  expect(lab.told[0]?.file?.path).toBe(join(lab.home, '.cline/data/sessions/s/s.messages.json'));
  expect(lab.faults).toEqual([]);
});

test('what is older than the hooks, or of an agent that has none, is not told', async () => {
  const lab = new Lab();
  lab.hooked = ['codex', 'qwen-code'];
  const old = lab.write(files.codex, 'head\nx-old\n');
  utimesSync(old, new Date(lab.since - 1_000), new Date(lab.since - 1_000));
  lab.write(files['gemini-cli'], 'head\nx-not-hooked\n');
  lab.write(files['qwen-code'], 'head\nx1\n');
  const records = lab.follow();
  await until(() => lab.told.length > 0);
  expect(lab.lines).toEqual(['qwen-code head x1']);
  expect([records.hookedSince('codex'), records.hookedSince('gemini-cli')]).toEqual([lab.since, undefined]);
});

test('what an earlier governor read is not told again', async () => {
  const lab = new Lab();
  const path = lab.write(files.codex, 'head\nx1\nx2\n');
  lab.state.saveFollowed(path, 'head\nx1\n'.length);
  lab.follow();
  await until(() => lab.told.length > 0);
  expect(lab.lines).toEqual(['codex head x2']);
});
