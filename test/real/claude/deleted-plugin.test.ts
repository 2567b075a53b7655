import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPrint } from '../../lab/claude/client.ts';
import { until } from '../../lab/editor/until.ts';
import { go, govern, lastWord, type Governed } from './governed.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

/** What becomes of the installed files while a call waits for a person, and what people are told of it. */
const deeds: [string, (plugin: string) => void, string][] = [
  ['the whole plugin goes', (plugin) => rmSync(plugin, { recursive: true }), 'is gone'],
  ['its hooks become none', (plugin) => writeFileSync(hooksIn(plugin), '{"hooks":{}}'), 'is not as Countersign wrote it'],
  ['the gate is taken out', (plugin) => rmSync(join(plugin, 'plugins', 'countersign', '.mcp.json')), 'is gone'],
];

test.each(deeds)('%s during a turn: its next call is still judged, and people are told', async (_, deed, told) => {
  await using lab = await govern((governed) => [governed.mark('asked').turn, governed.mark('denied').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  const { done } = startPrint(lab.scratch, { prompt: 'go' });
  const { id } = await lab.question(lab.mark('asked'));
  deed(pluginOf(lab));
  await until('it to be told', async () => (await lab.call('status', {})).problems.some(({ message }) => message.includes(told)));
  await lab.answer(id, 'approved');
  await done;
  expect(lab.heard(lab.mark('denied'))).toMatchObject({ isError: true, text: expect.stringContaining('The policy of the lab says no.') });
  expect([lab.mark('asked').runs(), lab.mark('denied').runs()]).toEqual([1, 0]);
});

test('the plugin, its gate and the governor go during a turn: nothing more runs', async () => {
  await using lab = await govern((governed) => [governed.mark('asked').turn, governed.mark('allowed').turn, { text: lastWord }]);
  await lab.succeeds('sessions');
  const { done } = startPrint(lab.scratch, { prompt: 'go' });
  await lab.question(lab.mark('asked'));
  rmSync(pluginOf(lab), { recursive: true });
  killGate(lab);
  await lab.signalGovernor('SIGKILL');
  await done;
  expect([lab.mark('asked').runs(), lab.mark('allowed').runs()]).toEqual([0, 0]);
});

/** Between two prompts of a terminal session. */
const between: [string, (lab: Governed, program: string) => void][] = [
  ['the plugin goes', (lab) => rmSync(pluginOf(lab), { recursive: true })],
  ['the program behind its hooks goes', (_, program) => rmSync(program, { recursive: true })],
];

test.each(between)('%s between two prompts: the next prompt is refused, and the model never hears of it', async (_, deed) => {
  await using lab = await govern((governed) => (ask) => (ask.stepOfPrompt > 0 ? { text: lastWord } : governed.mark('allowed').turn));
  const program = installFromCopy(lab);
  await using session = await go(lab, 'terminal', 'bypassPermissions');
  await session.finished();
  const before = lab.model.asks.length;
  deed(lab, program);
  // Not `submit`, which would send it again and again: the client puts a refused prompt back into its input box.
  await session.terminal?.shows('❯');
  for (const key of ['t', 'w', 'o', 'Enter']) session.terminal?.press(key);
  await session.terminal?.shows('UserPromptSubmit operation blocked by hook');
  expect(lab.model.asks.slice(before).filter(({ tools }) => tools.length > 0)).toEqual([]);
});

function pluginOf(lab: Governed): string {
  return join(lab.state, 'agents', 'claude-code');
}

function hooksIn(plugin: string): string {
  return join(plugin, 'plugins', 'countersign', 'hooks', 'hooks.json');
}

/** The hooks of this lab then start a program that may be deleted. */
function installFromCopy(lab: Governed): string {
  const copy = join(lab.scratch.dir, 'copy');
  for (const part of ['dist', 'policies']) cpSync(join(repository, part), join(copy, part), { recursive: true });
  const args = [join(copy, 'dist', 'cli.mjs'), 'install', 'claude-code', '--yes'];
  execFileSync(process.execPath, args, { env: lab.scratch.env, cwd: lab.scratch.project });
  return copy;
}

/** Those of this scratch home. */
function killGate(lab: Governed): void {
  const gates = readdirSync('/proc').filter(
    (pid) => read(pid, 'cmdline').includes('--gate') && read(pid, 'environ').includes(`HOME=${lab.scratch.home}\0`),
  );
  expect(gates).toHaveLength(1);
  for (const pid of gates) process.kill(Number(pid), 'SIGKILL');
}

function read(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
