import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExplainProcess } from '../../../../src/hosts/extension/try/explain-process.ts';
import { makePlace, type Place } from '../../cli/run.ts';

const program = join(import.meta.dirname, '..', '..', '..', '..', 'src', 'hosts', 'cli', 'main.ts');
let place: Place;
let asks: ExplainProcess;

beforeAll(() => {
  place = makePlace();
  asks = new ExplainProcess(program, { PATH: process.env['PATH'], HOME: place.folder, COUNTERSIGN_HOME: place.home });
});
afterAll(() => place[Symbol.dispose]());

const call = (message: object) => ({ call: { message, folder: place.folder, agent: '--odd' }, drafts: [] });

test('a call is explained; an agent’s name is never an option', async () => {
  const answer = await asks.ask(call({ tool_name: 'Bash', tool_input: { command: 'rm -rf /' } }), new AbortController().signal);
  expect(answer).toMatchObject({ decision: { action: 'deny' }, call: { commands: ['rm -rf /'] } });
});

test('what cannot be asked says why, and nothing about the program', async () => {
  const asked = asks.ask(call({ tool_name: 'WebFetch', tool_input: { url: 'http://' } }), new AbortController().signal);
  await expect(asked).rejects.toThrow(/^"http:\/\/" names no host/);
});

test('a question that nobody waits for ends', async () => {
  const ending = new AbortController();
  const asked = asks.ask(call({ tool_name: 'Bash', tool_input: { command: 'ls' } }), ending.signal);
  ending.abort();
  await expect(asked).rejects.toThrow(/abort/i);
});
