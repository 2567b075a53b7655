import { describe, expect, test } from 'vitest';
import type { Action } from '../../src/engine/decision.ts';
import type { JsonObject } from '../../src/engine/json.ts';
import { decide } from '../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import { testRequest } from '../../src/engine/policy/test-request.ts';
import { commandOfTool } from '../../src/engine/tool-command.ts';

describe('what a tool behind a server would run', () => {
  test.each<[string, string, JsonObject, string | undefined]>([
    ['shell', 'run_command', { command: 'rm -rf ~' }, 'rm -rf ~'],
    ['desktop-commander', 'start_process', { command: 'ls' }, 'ls'],
    ['x', 'shellExec', { cmd: 'ls' }, 'ls'],
    ['x', 'exec', { command: ['sh', '-c', 'rm -rf ~'] }, "sh -c 'rm -rf ~'"],
    ['x', 'run', { commands: ['ls -l', 'rm -rf ~'] }, 'ls -l\nrm -rf ~'],
    ['x', 'exec', { command: ['rm', '-rf', '/'] }, 'rm -rf /'],
    ['x', 'exec', { command: 'rm', args: ['-rf', '/'] }, 'rm -rf /'],
    ['terraform', 'execute_terraform_command', { command: 'destroy' }, 'terraform destroy'],
    ['aws', 'call_aws', { cli_command: 'aws s3 ls' }, 'aws s3 ls'],
    ['kubernetes', 'exec_in_pod', { command: 'ls /' }, 'ls /'],
    ['python', 'run_python', { code: 'print(1)' }, "python3 -c 'print(1)'"],
    ['x', 'execute_code', { code: 'puts 1', language: 'ruby' }, "ruby -e 'puts 1'"],
    [
      'jupyter',
      'execute_cell',
      { source: '!ls' },
      `python3 -c '__import__('"'"'os'"'"').system("ls")'`.replaceAll(`'"'"'`, String.raw`'\''`),
    ],
    ['x', 'interact_with_process', { input: 'rm -rf ~' }, 'rm -rf ~'],
    ['x', 'interact_with_process', { input: 'print(1)' }, undefined],
    ['postgres', 'execute_sql', { sql: 'DROP TABLE x' }, undefined],
    ['github', 'create_issue', { title: 'run it', command: 'rm -rf ~' }, undefined],
    ['x', 'run_command', {}, undefined],
  ])('%s/%s %j: %s', (mcpServer, tool, input, text) => {
    expect(commandOfTool({ ...testRequest({ tool, mcpServer }).call, arguments: input })?.text).toBe(text);
  });

  test('nothing for a tool of the agent itself', () => {
    expect(commandOfTool({ ...testRequest({ tool: 'run_command' }).call, arguments: { command: 'ls' } })).toBeUndefined();
  });
});

describe('a rule about commands', () => {
  const about = (action: Action, command: string): Action => {
    const source = `kind: ToolPolicy\nmetadata: {name: a}\nspec: {rules: [{name: r, commands: ["${command}"], action: ${action}}]}`;
    const file = parsePolicyFile({ path: 'a.yaml', layer: 'user', source, trusted: true });
    const call = testRequest({ tool: 'run_command', mcpServer: 'shell', arguments: { command: 'npm test' } });
    return decide({ files: [file] }, call, { count: () => 0 }).action;
  };

  test('that denies is about what a server would run', () => {
    expect([about('deny', 'npm test'), about('deny', 'npm publish')]).toEqual(['deny', 'abstain']);
  });

  test('that allows is not: what a server runs is not certain', () => {
    expect(about('allow', 'npm test')).toBe('abstain');
  });
});
