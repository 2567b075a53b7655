import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { agents } from '../../src/agents/registry.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicyFile } from '../../src/engine/policy/policy-set.ts';
import { runPolicyTests } from '../../src/engine/policy/policy-tests.ts';
import { Governor } from '../../src/governor/governor.ts';
import { recorded, recording } from '../agents/fixtures.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { budget } from './budget-fixture.ts';
import { ada, settled, yes } from './fixture.ts';

const source = readFileSync(new URL('../../docs/examples/three-agents.yaml', import.meta.url), 'utf8');
const example = parsePolicyFile({ path: '/repo/.countersign/policy.yaml', layer: 'workspace', source, trusted: true });

/** A shell call, in the words that each agent's client was recorded with. */
const messages: Readonly<Record<string, (id: string, command: string) => object>> = {
  'claude-code': (id, command) => ({
    ...recording('claude-code', '2.1.328', 'PreToolUse.Bash'),
    cwd: '/repo',
    tool_use_id: id,
    tool_input: { command },
  }),
  codex: (id, command) => ({ ...codexCall, cwd: '/repo', tool_use_id: id, tool_input: { command } }),
  opencode: (id, command) => ({
    ...recording('opencode', '1.18.33', 'tool.execute.before.bash'),
    directory: '/repo',
    input: { tool: 'bash', sessionID: 'ses_1', callID: id },
    output: { args: { command } },
  }),
};
const codexCall = recorded('codex', '0.169.0').find(({ name }) => name === 'PreToolUse.Bash')?.message ?? {};

function team(files: readonly PolicyFile[]) {
  const ports = memoryPorts();
  ports.policies.use({ files });
  const governor = new Governor(ports, agents, { weakens: () => undefined });
  let calls = 0;
  const ask = async (agent: string, command: string) => {
    calls += 1;
    const { command: said } = await governor.hook(agent, messages[agent]?.(`call_${calls}`, command), { via: 'command' });
    return said.exitCode === 2 ? 'no' : 'yes';
  };
  return { ports, governor, ask };
}

test('the example for three agents is a policy without problems, and its own tests hold', () => {
  expect(example.problems).toEqual([]);
  expect(runPolicyTests(example).filter(({ passed }) => !passed)).toEqual([]);
});

test.each<[string, string, string]>([
  ['claude-code', 'touch notes.md', 'yes'],
  ['codex', 'touch notes.md', 'no'],
  ['opencode', 'touch notes.md', 'no'],
  ['claude-code', 'rm src/generated/api.ts', 'no'],
  ['codex', 'cat src/main.ts', 'yes'],
  ['opencode', 'git push origin main', 'no'],
])('under one policy, %s may run "%s": %s', async (agent, command, expected) => {
  expect(await team([example]).ask(agent, command)).toBe(expected);
});

test('what each of them asks lies in one inbox, and stands in one log', async () => {
  const { ports, governor, ask } = team([example]);
  const answers = Object.keys(messages).map((agent) => ask(agent, 'kubectl apply -f deploy.yaml'));
  await settled();
  const open = governor.approvals();
  expect(open.map(({ agent }) => agent).toSorted()).toEqual(['claude-code', 'codex', 'opencode']);
  for (const { id } of open) await governor.answer(id, yes, ada);
  expect(await Promise.all(answers)).toEqual(['yes', 'yes', 'yes']);
  const decided = ports.audit.entries.filter(({ kind, action }) => kind === 'decision' && action === 'allow');
  expect(decided.map(({ agent = '' }) => agent).toSorted()).toEqual(['claude-code', 'codex', 'opencode']);
});

test.each(['user', 'workspace/day'])('a limit per %s is used up by all of them together', async (per) => {
  const { ask } = team([budget(`{limits: [{per: ${per}, calls: 3}]}`)]);
  const said: string[] = [];
  for (const agent of ['claude-code', 'codex', 'opencode', 'claude-code', 'codex']) said.push(await ask(agent, 'ls'));
  expect(said).toEqual(['yes', 'yes', 'yes', 'no', 'no']);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['openai/*', { 'claude-code': 'yes', codex: 'no', opencode: 'yes' }],
  ['*/claude-code', { 'claude-code': 'no', codex: 'yes', opencode: 'yes' }],
  ['{codex,opencode}', { 'claude-code': 'yes', codex: 'no', opencode: 'no' }],
  ['*', { 'claude-code': 'no', codex: 'no', opencode: 'no' }],
])('a policy about the agents "%s" stops %j', async (agent, expected) => {
  const spec = `kind: ToolPolicy\nmetadata: {name: p}\nspec:\n  agent: "${agent}"\n  rules: [{name: r, commands: [ls], action: deny}]\n`;
  const { ask } = team([parsePolicyFile({ path: '/p.yaml', layer: 'user', source: spec, trusted: true })]);
  for (const [name, answer] of Object.entries(expected)) expect([name, await ask(name, 'ls')]).toEqual([name, answer]);
});
