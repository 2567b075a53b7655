import { expect, test } from 'vitest';
import { UnreadableMessage, type HookEvent } from '../../../src/agents/agent.ts';
import { cursor } from '../../../src/agents/cursor/agent.ts';
import { recording } from '../fixtures.ts';

const message = (name: string) => recording('cursor', 'documented', name);

function called(event: HookEvent) {
  if (event.kind !== 'tool-call') throw new Error(`This is a ${event.kind}`);
  return event.call;
}

test('an MCP call is known by the server that is named with it, and its arguments come as a text', () => {
  expect(called(cursor.read(message('beforeMCPExecution')))).toMatchObject({
    tool: 'create_issue',
    mcpServer: 'tracker',
    arguments: { title: 'x' },
  });
});

test.each(['[]', '7', '{', ''])('MCP arguments that are %j are unreadable', (tool_input) => {
  expect(() => cursor.read({ ...message('beforeMCPExecution'), tool_input })).toThrow(UnreadableMessage);
});

test('a command in another folder than the workspace is judged as one', () => {
  const tool_input = { command: 'rm x', cwd: '/srv/data' };
  expect(called(cursor.read({ ...message('preToolUse.Shell'), tool_input }))).toMatchObject({
    command: 'cd /srv/data &&\nrm x',
    cwd: '/home/dev/repo',
  });
});

test('what is typed into a running shell is refused: nobody tells what it is', () => {
  const typed = { ...message('preToolUse.Shell'), tool_name: 'WriteShellStdin', tool_input: { shell_id: '1', chars_length: 12 } };
  expect(() => cursor.read(typed)).toThrow(UnreadableMessage);
});

test.each<[string, string]>([
  ['beforeMCPExecution', '{"permission":"deny","user_message":"No.","agent_message":"No."}\n'],
  ['beforeShellExecution', '{"permission":"deny","user_message":"No.","agent_message":"No."}\n'],
  ['beforeSubmitPrompt', '{"continue":false,"user_message":"No."}\n'],
])('%s is refused in its own words', (name, stdout) => {
  const { command } = cursor.reply({ kind: 'refuse', reason: 'No.', stop: false }, cursor.read(message(name)));
  expect(command).toEqual({ stdout, stderr: 'No.\n', exitCode: 2 });
});

test('a prompt goes on in its own words', () => {
  const { command } = cursor.reply({ kind: 'pass' }, cursor.read(message('beforeSubmitPrompt')));
  expect(command).toEqual({ stdout: '{"continue":true}\n', stderr: '', exitCode: 0 });
});
