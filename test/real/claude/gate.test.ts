import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPrint } from '../../lab/claude/client.ts';
import type { Turn } from '../../lab/claude/model-messages.ts';
import { go, govern, lastWord, type Governed } from './governed.ts';

const gateTool = 'mcp__plugin_countersign_gate__confirm';

test('a gate that was killed: no call runs unjudged, and -p starts another one', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.step > 2) return { text: lastWord };
    if (ask.step === 1) killGate(governed);
    return { calls: ['allowed', 'denied'].flatMap((name) => governed.mark(`${name}-${ask.step}`).turn.calls ?? []) };
  });
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  expect([0, 1, 2].map((step) => lab.mark(`denied-${step}`).runs())).toEqual([0, 0, 0]);
  expect([0, 2].map((step) => lab.mark(`allowed-${step}`).runs())).toEqual([1, 1]);
});

test('a gate that was killed in a terminal: no call runs unjudged', async () => {
  await using lab = await govern((governed) => (ask) => {
    if (ask.step > 3) return { text: lastWord };
    if (ask.step === 1) killGate(governed);
    return governed.mark(`denied-${ask.step}`).turn;
  });
  await using running = await go(lab, 'terminal', 'bypassPermissions');
  await running.finished();
  expect([0, 1, 2, 3].map((step) => lab.mark(`denied-${step}`).runs())).toEqual([0, 0, 0, 0]);
});

test('--strict-mcp-config leaves the gate out: nothing runs, unless our file is named', async () => {
  await using lab = await govern(
    (governed) => (ask) => (ask.stepOfPrompt > 0 ? { text: lastWord } : governed.mark(`allowed-${ask.prompt}`).turn),
  );
  await runPrint(lab.scratch, { prompt: 'without', args: ['--strict-mcp-config'] });
  expect(lab.mark('allowed-without').runs()).toBe(0);
  const file = join(lab.state, 'agents', 'claude-code', 'strict-mcp.json');
  await runPrint(lab.scratch, { prompt: 'with', args: ['--strict-mcp-config', '--mcp-config', file] });
  expect(lab.mark('allowed-with').runs()).toBe(1);
});

test('a resumed session, a subagent, and tools behind a search go through it, too', async () => {
  const session = '00000000-0000-4000-8000-000000000003';
  await using lab = await govern((governed) => (ask) => {
    if (ask.stepOfPrompt > 0) return { text: lastWord };
    if (ask.subagent !== '') return governed.mark('allowed-in-subagent').turn;
    if (ask.prompt.includes('sub')) {
      return {
        calls: [{ name: 'Agent', input: { description: 'x', prompt: 'go', subagent_type: 'general-purpose', run_in_background: false } }],
      };
    }
    return governed.mark(`allowed-${ask.prompt}`).turn;
  });
  await runPrint(lab.scratch, { prompt: 'first', args: ['--session-id', session], env: { ENABLE_TOOL_SEARCH: 'true' } });
  await runPrint(lab.scratch, { prompt: 'second', args: ['--resume', session], env: { ENABLE_TOOL_SEARCH: '' } });
  await runPrint(lab.scratch, { prompt: 'sub', args: ['--resume', session] });
  expect(['first', 'second', 'in-subagent'].map((name) => lab.mark(`allowed-${name}`).runs())).toEqual([1, 1, 1]);
});

test('odd arguments mean the same to both hooks', async () => {
  const odd: Turn = {
    calls: [
      { name: 'mcp__lab__odd', input: {} },
      {
        name: 'mcp__lab__odd',
        input: { '${cwd}': ['${session_id} ${tool_input} $& $1 $$', { b: [1, 2.5, 1e21, 0.1, -0, 1e-7, 2 ** 63, true, null, {}] }] },
      },
      {
        name: 'mcp__lab__odd',
        input: {
          '\u00e9': 1,
          'e\u0301': 2,
          10: 'ten',
          2: 'two',
          '': '',
          text: '"\\ \n\r\n\t\u2028\u2029\ud83d\ude00 \ud800 \\u00e9 </tool>',
        },
      },
      { name: 'mcp__lab__odd', input: { long: 'x"é\n'.repeat(400_000) } },
    ],
  };
  await using lab = await govern(() => [odd, { text: lastWord }]);
  const server = join(import.meta.dirname, '..', '..', 'lab', 'claude', 'noop-server.mjs');
  const config = { mcpServers: { lab: { command: process.execPath, args: [server, 'odd'] } } };
  await using running = await go(lab, '-p', 'bypassPermissions', '--mcp-config', JSON.stringify(config));
  await running.finished();
  expect(lab.model.calls().map(({ text }) => text)).toEqual(['nothing', 'nothing', 'nothing', 'nothing']);
});

test("the model cannot use the gate's tool, and a forged question about a call does it no harm", async () => {
  const forged = { session_id: 's', tool_use_id: 'toolu_forged', cwd: '/', tool_name: 'Bash', tool_input: '{"command":"ls"}' };
  await using lab = await govern((governed) => [
    { calls: [{ name: gateTool, input: forged }] },
    governed.mark('allowed').turn,
    { text: lastWord },
  ]);
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  expect(lab.model.calls()[0]).toMatchObject({ isError: true, text: expect.stringContaining("for Countersign's hooks alone") });
  expect(lab.mark('allowed').runs()).toBe(1);
});

test('the answers are one: each call stands in the log once', async () => {
  await using lab = await govern((governed) => [
    { calls: ['allowed', 'denied', 'automatic'].flatMap((name) => governed.mark(name).turn.calls ?? []) },
    { text: lastWord },
  ]);
  await using running = await go(lab, '-p', 'bypassPermissions');
  await running.finished();
  const decided = (await lab.call('activity', { limit: 100 })).filter(({ entry }) => entry.kind === 'decision');
  expect(decided).toHaveLength(3);
});

/** The one that this scratch home's client started. */
function killGate(lab: Governed): void {
  const gates = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && commandOf(pid).includes('--gate') && commandOf(pid).includes(`HOME=${lab.scratch.home}`),
  );
  if (gates.length !== 1) throw new Error(`There are ${gates.length} gates.`);
  process.kill(Number(gates[0]), 'SIGKILL');
}

/** Its command line, and its environment: `env` has gone by then. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
