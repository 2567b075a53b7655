import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { geminiUsage } from '../../../src/agents/gemini/usage.ts';
import { qwenUsage } from '../../../src/agents/qwen/usage.ts';
import { countedOnce, linesFor, summed, sumsOf } from '../counted.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures');
const records = join(fixtures, 'gemini-cli', 'records-0.61.0', '.gemini', 'tmp', 'project', 'chats');
const qwenRecords = join(fixtures, 'qwen-code', 'records-0.24.4', '.qwen', 'projects', '-home-dev-project');
const session = '4f2afc6a-2358-439a-aef6-a56616d9cd12';
const subagent = '55f3b8af-7ae0-48d0-943a-a660d3ac1ec8';

function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(folder, name));
}

function geminiFacts(stopAt = Infinity) {
  return filesBelow(records).flatMap((path) => {
    const place = path.includes('session-')
      ? { session: '', subagent: '' }
      : { session: basename(dirname(path)), subagent: basename(path, '.jsonl') };
    const lines = linesFor(geminiUsage, readFileSync(path, 'utf8'));
    const first = geminiUsage.open(place);
    const facts = lines.slice(0, stopAt).flatMap(first.read);
    return [...facts, ...lines.slice(stopAt).flatMap(geminiUsage.open(place, first.state()).read)];
  });
}

test.each([Infinity, 1, 2, 3])(
  'Gemini CLI: each response is counted once, and its owner known, also when reading stops after %s',
  (stopAt) => {
    const counted = countedOnce(geminiFacts(stopAt));
    expect(sumsOf(counted)).toEqual(
      served('gemini-cli/records-0.61.0', (entry) => `${entry.subagent ? subagent : session} gemini-2.5-pro`, true),
    );
    expect(new Set(counted.map((fact) => `${fact.session} ${fact.cwd}`))).toEqual(new Set([`${session} /home/dev/project`]));
  },
);

test('Qwen Code: each response is counted once, those of subagents as theirs', () => {
  const facts = filesBelow(qwenRecords).flatMap((path) =>
    linesFor(qwenUsage, readFileSync(path, 'utf8')).flatMap(qwenUsage.open({ session: '', subagent: '' }).read),
  );
  const owner = (isSubagent: boolean) => (isSubagent ? 'general-purpose-call_3b581aed' : '863d0297-37a0-4aff-a04a-22fb81fcc873');
  expect(sumsOf(countedOnce(facts))).toEqual(served('qwen-code/records-0.24.4', (entry) => `${owner(entry.subagent)} lab-model`, false));
});

test.each([geminiUsage, qwenUsage])('$agent: what cannot be read says nothing', (reader) => {
  const { read } = reader.open({ session: 's', subagent: '' });
  for (const line of [
    '',
    '{',
    'null',
    '[]',
    '{"type":"gemini"}',
    '{"type":"gemini","tokens":{"input":"7"}}',
    '{"$set":{"messages":[null,7,{}]}}',
  ])
    expect(read(line)).toEqual([]);
});

interface Entry {
  readonly subagent: boolean;
  readonly usage: { readonly input: number; readonly cached: number; readonly output: number; readonly thoughts: number };
}

/** Gemini's interface tells thoughts beside the output; the one that Qwen Code speaks tells them in it. */
function served(place: string, key: (entry: Entry) => string, areThoughtsBeside: boolean) {
  const ledger: readonly Entry[] = JSON.parse(readFileSync(join(fixtures, place, 'ledger.json'), 'utf8'));
  return summed(
    ledger.map((entry) => {
      const { input, cached, output, thoughts } = entry.usage;
      return [key(entry), [input - cached, cached, 0, output + (areThoughtsBeside ? thoughts : 0)]];
    }),
  );
}
