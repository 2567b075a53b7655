import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clineMessages, clineRecord } from '../../src/agents/cline/record.ts';
import { RewrittenFile } from '../../src/storage/rewritten-file.ts';
import { temporaryFolder } from './folder.ts';

const recordings = join(import.meta.dirname, '..', 'fixtures', 'cline');
const session = '1795954920022_dcf0n';
const project = '/home/dev/project';

/** A record as Cline 3.0.65 keeps it. */
class Record {
  readonly path = join(temporaryFolder(), `${session}.messages.json`);
  readonly told: string[] = [];
  readonly file = new RewrittenFile(this.path, 0, clineMessages);

  write(...texts: readonly string[]): void {
    const messages = texts.map((text) => ({ id: text, role: 'assistant', content: [{ type: 'tool_use', text }], ts: 1 }));
    writeFileSync(`${this.path}.new`, `${JSON.stringify({ version: 1, messages, system_prompt: 'x' }, undefined, 2)}\n`);
    renameSync(`${this.path}.new`, this.path);
  }

  read(marks: readonly string[] = ['"tool_use"']): Promise<boolean> {
    return this.file.read(marks, (piece) => void this.told.push(/"text": "(.*)"/.exec(piece)?.[1] ?? ''));
  }
}

function recorded(name: string, whose: string) {
  const path = `/sessions/${session}/${whose}.messages.json`;
  return clineMessages(readFileSync(join(recordings, name), 'utf8')).flatMap((text) => clineRecord.read(text, { path, head: '' }));
}

function ran(found: ReturnType<typeof recorded>): readonly string[] {
  const over = new Set(found.flatMap((one) => (one.kind === 'result' && one.ran ? [one.callId] : [])));
  const calls = found.flatMap((one) => (one.kind === 'call' && over.has(one.call.id) ? [one.call] : []));
  return calls.map(({ nativeTool, command = '', paths }) => `${nativeTool} ${command}${[...paths.read, ...paths.write].join(' ')}`);
}

test('what the real Cline wrote down tells what ran, and not what it refused itself or was stopped before', () => {
  const found = recorded('calls-3.0.65.messages.json', session);
  expect(ran(found)).toEqual([
    `run_commands echo allowed >> ${project}/ran-allowed`,
    'run_commands exit 3\necho two',
    `read_files ${project}/nothing`,
    'run_commands echo "par',
    `editor ${project}/a.txt`,
    `editor ${project}/a.txt`,
  ]);
  expect(new Set(found.map((one) => (one.kind === 'call' ? one.call.session.id : one.kind === 'result' ? one.session : '')))).toEqual(
    new Set([session]),
  );
});

test('what a subagent ran is its own, within the session that a person began', () => {
  const found = recorded('calls-subagent-3.0.65.messages.json', 'agent_1795955317938_bnh74f');
  expect(ran(found)).toEqual([`run_commands echo below >> ${project}/ran-below`]);
  expect(found[0]).toMatchObject({ call: { session: { id: session }, subagent: { id: 'agent_1795955317938_bnh74f' } } });
});

test('what cannot be read of a record says nothing', () => {
  const path = `/sessions/${session}/${session}.messages.json`;
  const messages = clineMessages(readFileSync(join(recordings, 'calls-3.0.65.messages.json'), 'utf8'));
  for (const text of ['', '{', 'null', '[]', ...messages.map((message) => message.slice(0, -2))])
    expect(clineRecord.read(text, { path, head: '' })).toEqual([]);
  for (const document of ['', '{', '[]', '    {\n', `{"messages":[{"ts":1}]}`]) expect(clineMessages(document)).toEqual([]);
});

test('a message is told once, however often the document is written anew', async () => {
  const record = new Record();
  record.write('one', '"},\\n    {');
  expect([await record.read(), await record.read()]).toEqual([true, false]);
  record.write('one', '"},\\n    {', 'three');
  expect(await record.read()).toBe(true);
  // It was made shorter, as when a session is compacted.
  record.write('summary', 'three', 'four');
  expect(await record.read()).toBe(true);
  expect(record.told).toHaveLength(5);
  expect([record.told[0], ...record.told.slice(2)]).toEqual(['one', 'three', 'summary', 'four']);
});

test('a document that is gone, half written or about something else says nothing', async () => {
  const record = new Record();
  expect(await record.read()).toBe(false);
  record.write('one', 'two');
  expect(await record.read(['"tool_result"'])).toBe(true);
  const whole = readFileSync(record.path, 'utf8');
  writeFileSync(record.path, whole.slice(0, whole.indexOf('"two"')));
  await record.read();
  expect(record.told).toEqual(['one']);
  rmSync(record.path);
  expect(await record.read()).toBe(false);
});
