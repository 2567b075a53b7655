import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Recorded, RecordReader } from '../../src/agents/agent.ts';
import { codexRecord } from '../../src/agents/codex/record.ts';
import { copilotRecord } from '../../src/agents/copilot-cli/record.ts';
import { geminiRecord } from '../../src/agents/gemini/record.ts';
import { qwenRecord } from '../../src/agents/qwen/record.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const project = '/home/dev/project';
const allowed = `echo allowed >> ${project}/ran-allowed`;

/** Only what a reader says that it wants to see. */
function readAll({ marks, read }: RecordReader, name: string): readonly Recorded[] {
  const lines = readFileSync(join(fixtures, name), 'utf8').trimEnd().split('\n');
  const file = { path: name, head: lines[0] ?? '' };
  return lines.filter((line) => marks.some((mark) => line.includes(mark))).flatMap((line) => read(line, file));
}

/** Tool and first argument that says something, of each call that ran. */
function ran(found: readonly Recorded[]): readonly string[] {
  const calls = new Map(found.flatMap((one) => (one.kind === 'call' ? [[one.call.id, one.call] as const] : [])));
  const over = found.flatMap((one) => (one.kind === 'result' && one.ran ? [one.callId] : []));
  return over.flatMap((id) => {
    const call = calls.get(id);
    return call === undefined ? [] : [`${call.nativeTool} ${call.command ?? [...call.paths.read, ...call.paths.write].join(' ')}`];
  });
}

test.each<[string, RecordReader, string, readonly string[]]>([
  ['Codex', codexRecord, 'codex/calls-0.171.0.jsonl', [`Bash ${allowed}`, `apply_patch ${project}/free/a.txt`, 'Bash exit 3']],
  [
    'Gemini CLI',
    geminiRecord,
    'gemini-cli/calls-0.61.0.jsonl',
    [`run_shell_command ${allowed}`, 'run_shell_command exit 3', `write_file ${project}/a.txt`],
  ],
  [
    'Qwen Code',
    qwenRecord,
    'qwen-code/calls-0.24.4.jsonl',
    [`run_shell_command ${allowed}`, 'run_shell_command exit 3', `write_file ${project}/a.txt`, `read_file ${project}/nothing`],
  ],
  ['Copilot CLI', copilotRecord, 'copilot-cli/calls-1.0.102.jsonl', [`bash ${allowed}`, 'bash exit 3']],
])("%s's own record tells what ran, and not what was refused", (_, reader, name, expected) => {
  const found = readAll(reader, name);
  expect(ran(found)).toEqual(expected);
  const sessions = new Set(found.map((one) => (one.kind === 'result' ? one.session : one.kind === 'call' ? one.call.session.id : '')));
  expect([...sessions]).toEqual([expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)]);
});

test.each<[string, RecordReader, string]>([
  ['Codex', codexRecord, 'codex/calls-0.171.0.jsonl'],
  ['Gemini CLI', geminiRecord, 'gemini-cli/calls-0.61.0.jsonl'],
  ['Copilot CLI', copilotRecord, 'copilot-cli/calls-1.0.102.jsonl'],
  ['Qwen Code', qwenRecord, 'qwen-code/calls-0.24.4.jsonl'],
])('what cannot be read of a record of %s says nothing', (_, { read }, name) => {
  const lines = readFileSync(join(fixtures, name), 'utf8').trimEnd().split('\n');
  const file = { path: name, head: lines[0] ?? '' };
  for (const text of ['', '{', 'null', '[]', '{"type":"assistant"}', ...lines.map((line) => line.slice(0, -2))])
    expect(read(text, file)).toEqual([]);
});
