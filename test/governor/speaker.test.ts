import { expect, test } from 'vitest';
import { agents } from '../../src/agents/registry.ts';
import { speakerOf, contextOf } from '../../src/governor/speaker.ts';
import { Governor } from '../../src/governor/governor.ts';
import { recording, recordings } from '../agents/fixtures.ts';
import { vscodeMessages } from '../agents/vscode/subject.ts';
import { memoryPorts } from '../storage/memory-ports.ts';
import { decision } from './fixture.ts';

const everything = [
  ...recordings('claude-code', '2.1.328').map(({ name, message }) => ['claude-code', 'claude-code', name, message] as const),
  ...recordings('copilot-cli', '1.0.102').map(({ name, message }) => ['copilot-cli', 'copilot-cli', name, message] as const),
  ...vscodeMessages.map(({ name, message }) => ['copilot-cli', 'vscode', name, message] as const),
  ...vscodeMessages.map(({ name, message }) => ['claude-code', 'vscode', name, message] as const),
  ...vscodeMessages.map(({ name, message }) => ['vscode', 'vscode', name, message] as const),
];

test.each(everything)("a message through the hook of %s is %s's: %s", (hook, agent, _, message) => {
  expect(speakerOf(agents, hook, message)?.name).toBe(agent);
});

test('an unknown agent is nobody', () => {
  expect(speakerOf(agents, 'nobody', vscodeMessages[0]?.message)).toBeUndefined();
});

test('the process that VS Code shares with every extension is never taken for a session', () => {
  const context = { via: 'command', pid: 7, event: 'PreToolUse' } as const;
  const [vscode, copilot] = [agents.get('vscode'), agents.get('copilot-cli')];
  expect(vscode && contextOf(vscode, context)).toEqual({ via: 'command', event: 'PreToolUse' });
  expect(copilot && contextOf(copilot, context)).toEqual(context);
});

test('a call that VS Code brings through the hooks of two agents is decided on and recorded once', async () => {
  const ports = memoryPorts();
  const governor = new Governor(ports, agents, { decide: () => decision({ action: 'deny' }), weakens: () => undefined });
  const message = recording('vscode', '1.139.1', 'PreToolUse.run_in_terminal');
  const hooks = ['copilot-cli', 'claude-code', 'vscode'];
  const replies = await Promise.all(hooks.map((hook) => governor.hook(hook, message, { via: 'command' })));
  expect(replies.map(({ command }) => command.exitCode)).toEqual([2, 2, 2]);
  expect(ports.audit.entries.filter(({ kind }) => kind === 'decision')).toHaveLength(1);
});
