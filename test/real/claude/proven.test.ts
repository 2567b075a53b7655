import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { govern, go, lastWord, type Governed } from './governed.ts';
import { put, writeProjectSettings } from './incidents.ts';

test('doctor lets the client make a call that must be refused, and says so when its hooks keep silent', async () => {
  await using lab = await govern(() => [{ text: lastWord }]);
  const fine = await lab.countersign('doctor', '--json');
  expect(JSON.parse(fine.stdout)).toContainEqual({ id: 'canary', state: 'ok', message: expect.stringContaining('refused by Countersign') });
  writeProjectSettings(lab, { disableAllHooks: true });
  const silent = await lab.countersign('doctor', '--json');
  expect(silent.exitCode).toBe(2);
  expect(JSON.parse(silent.stdout)).toContainEqual({ id: 'canary', state: 'bad', message: expect.stringContaining('did not bring') });
});

test('a session is proven by its start, its prompt and its calls, until something stands in the way', async () => {
  await using lab = await govern((governed) => [governed.mark('automatic').turn, governed.mark('asked').turn, { text: lastWord }]);
  await using session = await go(lab, '-p', 'bypassPermissions');
  const { id } = await lab.question(lab.mark('asked'));
  const proven = async () => (await lab.call('sessions', {}))[0]?.proven;
  expect(await proven()).toMatchObject({ by: 'call' });
  writeProjectSettings(lab, { env: { LD_PRELOAD: '/x.so' } });
  expect(
    await until('it to be noticed', async () => ((await lab.call('status', {})).problems.length > 0 ? proven() : undefined)),
  ).toMatchObject({
    problem: expect.stringContaining('settings.local.json:1: "env.LD_PRELOAD"'),
  });
  await lab.answer(id, 'approved');
  await session.finished();
});

const id = '00000000-0000-4000-8000-000000000016';

test('a session is proven on demand: its client, started once more, has a call refused, and nothing else happens', async () => {
  await using lab = await govern((governed) => [governed.mark('asked').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  put(lab, '.mcp.json', { mcpServers: { other: { command: 'touch', args: [join(lab.scratch.project, 'other-server')] } } });
  await using session = await go(
    lab,
    '-p',
    'bypassPermissions',
    '--session-id',
    id,
    '--settings',
    '{"model":"claude-sonnet-5"}',
    '--strict-mcp-config',
    '--mcp-config',
    gateOf(lab),
  );
  const question = await lab.question(lab.mark('asked'));
  // The client writes its transcript in its own time.
  await until('its transcript', async () => transcriptsOf(lab).some((name) => name.endsWith(`${id}.jsonl`)), 60_000);
  const before = { asked: lab.model.asks.length, transcripts: transcriptsOf(lab) };
  expect(await lab.countersign('sessions', 'prove', id.slice(0, 30))).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('is governed'),
  });
  const sessions = await lab.call('sessions', {});
  expect(sessions).toMatchObject([{ id, calls: 1, denials: 0, state: 'waiting', proven: { by: 'canary', at: expect.any(Number) } }]);
  expect({ asked: lab.model.asks.length, transcripts: transcriptsOf(lab) }).toEqual(before);
  expect(existsSync(join(lab.scratch.project, 'other-server'))).toBe(false);
  await lab.answer(question.id, 'approved');
  await session.finished();
  expect((await lab.call('sessions', {})).map((one) => one.id)).toEqual([id]);
});

const ungoverned: [string, (lab: Governed) => readonly string[], string][] = [
  ['with "disableAllHooks" in its --settings', () => ['--settings', '{"disableAllHooks":true}'], 'did not bring'],
  ['with --bare', () => ['--bare'], 'did not bring'],
  ['that has no tool to try it with', () => ['--tools', 'Grep'], 'made no call'],
];

test.each(ungoverned)('a session %s is not proven, and says why', async (_, args, why) => {
  await using lab = await govern(() => [{ calls: [{ name: 'Bash', input: { command: 'tail -f /dev/null' } }] }]);
  await lab.succeeds('sessions');
  const { child } = startPrint(lab.scratch, { prompt: 'go', args: ['--session-id', id, ...args(lab)] });
  await until('it to be seen', async () => (await lab.call('sessions', {})).some((one) => one.id === id));
  const said = await lab.countersign('sessions', 'prove', id, '--json');
  expect(said.exitCode).toBe(2);
  expect(JSON.parse(said.stdout)).toEqual({ problem: expect.stringContaining(why) });
  child.kill('SIGKILL');
});

function gateOf(lab: Governed): string {
  return join(lab.state, 'agents', 'claude-code', 'strict-mcp.json');
}

function transcriptsOf(lab: Governed): readonly string[] {
  const folder = join(lab.scratch.home, '.claude', 'projects');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
}
