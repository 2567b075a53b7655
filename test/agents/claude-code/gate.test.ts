import { expect, test } from 'vitest';
import { UnreadableMessage } from '../../../src/agents/agent.ts';
import { claudeCode } from '../../../src/agents/claude-code/agent.ts';
import { gateInput, gateRefusal, readGateInput } from '../../../src/agents/claude-code/gate.ts';
import { recording } from '../fixtures.ts';

/** As the client fills it in: texts as they are, everything else as JSON, nothing as ''. */
function filledIn(message: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.keys(gateInput).map((name) => {
      const value = message[name] ?? '';
      return [name, typeof value === 'string' ? value : JSON.stringify(value)];
    }),
  );
}

test.each(['PreToolUse.Bash', 'PreToolUse.Bash.subagent', 'PreToolUse.mcp__tiny__echo'])(
  '%s through the gate means the same call as over HTTP',
  (name) => {
    const message = recording('claude-code', '2.1.328', name);
    expect(claudeCode.read(readGateInput(filledIn(message)))).toEqual(claudeCode.read(message));
  },
);

test('arguments that look like placeholders, or are odd JSON, come through', () => {
  const message = recording('claude-code', '2.1.328', 'PreToolUse.Bash');
  const input = { command: '${session_id} "\\ \n\u2028\ud800', '${cwd}': [1e21, 0.1, null, {}, { '': '' }] };
  expect(readGateInput(filledIn({ ...message, tool_input: input }))['tool_input']).toEqual(input);
});

test.each<[string, Record<string, unknown>]>([
  ['arguments that are no JSON', { tool_input: '{"command": "ls' }],
  ['arguments that are no object', { tool_input: '"ls"' }],
  ['no arguments', { tool_input: '' }],
  ['a placeholder that was left as it is', { tool_input: '${tool_input}' }],
  ['no id', { tool_use_id: '' }],
  ['no session', { session_id: undefined }],
  ['something else than text', { tool_name: 5 }],
])('%s: unreadable', (_, change) => {
  const message = recording('claude-code', '2.1.328', 'PreToolUse.Bash');
  expect(() => claudeCode.read(readGateInput({ ...filledIn(message), ...change }))).toThrow(UnreadableMessage);
});

test('a refusal is the one of the hook', () => {
  expect(JSON.parse(gateRefusal('Not today.'))).toMatchObject({
    hookSpecificOutput: { permissionDecision: 'deny', permissionDecisionReason: 'Not today.' },
  });
});
