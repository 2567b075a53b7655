import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { gateFile, hooksFile, strictGateFile, type HookSettings } from '../../../src/agents/claude-code/hooks-config.ts';

const settings: HookSettings = {
  port: 41_234,
  token: 'ab'.repeat(32),
  command: {
    platform: 'unix',
    runtime: '/opt/node/bin/node',
    script: '/home/a b/hook.mjs',
    environment: { HOME: '/home/a b', COUNTERSIGN_HOME: '/home/a b/.countersign' },
  },
};

const hook = z.looseObject({
  type: z.string(),
  onFailure: z.string(),
  timeout: z.number(),
  url: z.optional(z.string()),
  command: z.optional(z.string()),
  args: z.optional(z.array(z.string())),
});
const file = z.object({ hooks: z.record(z.string(), z.array(z.object({ matcher: z.string(), hooks: z.array(hook) }))) });

function rendered(changed: Partial<HookSettings> = {}) {
  return Object.entries(z.parse(file, JSON.parse(hooksFile({ ...settings, ...changed }))).hooks).flatMap(([event, groups]) =>
    groups.flatMap((group) => group.hooks.map((one) => ({ event, matcher: group.matcher, hook: one }))),
  );
}

test('every event that can refuse or tell something has its hook, for every tool', () => {
  expect([...new Set(rendered().map(({ event }) => event))].sort()).toEqual([
    'ConfigChange',
    'PermissionRequest',
    'PostToolBatch',
    'PostToolUse',
    'PostToolUseFailure',
    'PreToolUse',
    'SessionEnd',
    'SessionStart',
    'Stop',
    'SubagentStart',
    'SubagentStop',
    'UserPromptExpansion',
    'UserPromptSubmit',
  ]);
  expect(rendered().every(({ matcher }) => matcher === '*')).toBe(true);
});

test('a hook that fails blocks; only the HTTP half of a prompt leaves that to its command half, and no turn ends after its calls', () => {
  const open = rendered().filter(({ hook: one }) => one.onFailure !== 'block');
  expect(open.map(({ event, hook: one }) => [event, one.type])).toEqual([
    ['PostToolBatch', 'http'],
    ['UserPromptSubmit', 'http'],
  ]);
  expect(
    rendered()
      .filter(({ event }) => event === 'UserPromptSubmit')
      .map(({ hook: one }) => [one.type, one.onFailure]),
  ).toContainEqual(['command', 'block']);
});

test('tool calls go to the governor on this machine, with its token, and may wait a day for a person', () => {
  expect(rendered().find(({ event }) => event === 'PreToolUse')?.hook).toEqual({
    type: 'http',
    url: 'http://127.0.0.1:41234/v1/hooks/claude-code',
    headers: { Authorization: `Bearer ${settings.token}` },
    timeout: 86_400,
    onFailure: 'block',
    statusMessage: 'Waiting for Countersign…',
  });
});

test('they go through the gate as well, which brings the whole call, and blocks when it is not there', () => {
  const [, gate, ...more] = rendered()
    .filter(({ event }) => event === 'PreToolUse')
    .map(({ hook: one }) => one);
  expect(more).toEqual([]);
  expect(gate).toMatchObject({ type: 'mcp_tool', server: 'plugin:countersign:gate', tool: 'confirm', timeout: 86_400, onFailure: 'block' });
  expect(gate?.['input']).toMatchObject({
    session_id: '${session_id}',
    tool_use_id: '${tool_use_id}',
    tool_name: '${tool_name}',
    tool_input: '${tool_input}',
  });
});

test('the gate is started like a command hook; for --strict-mcp-config it has the name that the hook calls', () => {
  const gate = {
    command: '/usr/bin/env',
    args: [
      '-i',
      'PATH=/usr/bin:/bin',
      'HOME=/home/a b',
      'COUNTERSIGN_HOME=/home/a b/.countersign',
      '/opt/node/bin/node',
      '/home/a b/hook.mjs',
      'claude-code',
      '--gate',
    ],
  };
  expect(JSON.parse(gateFile(settings))).toEqual({ mcpServers: { gate } });
  expect(JSON.parse(strictGateFile(settings))).toEqual({ mcpServers: { 'plugin:countersign:gate': gate } });
});

test('a command hook runs without a shell, by absolute paths, with an environment of our own', () => {
  const commands = rendered().filter(({ hook: one }) => one.type === 'command');
  expect(commands.map(({ event }) => event).sort()).toEqual(['SessionStart', 'UserPromptExpansion', 'UserPromptSubmit']);
  for (const { event, hook: one } of commands) {
    expect(one.command).toBe('/usr/bin/env');
    expect(one.args).toEqual([
      '-i',
      'PATH=/usr/bin:/bin',
      'HOME=/home/a b',
      'COUNTERSIGN_HOME=/home/a b/.countersign',
      '/opt/node/bin/node',
      '/home/a b/hook.mjs',
      'claude-code',
      event,
      '--installed',
    ]);
  }
});

test('on Windows the runtime itself is started', () => {
  const command = { ...settings.command, platform: 'windows', runtime: 'C:\\node.exe', script: 'C:\\hook.mjs' } as const;
  expect(rendered({ command }).find(({ event }) => event === 'SessionStart')?.hook).toMatchObject({
    command: 'C:\\node.exe',
    args: ['C:\\hook.mjs', 'claude-code', 'SessionStart', '--installed'],
  });
});

test('the token stands in no command line and no URL, which the model gets to see', () => {
  for (const { hook: one } of rendered()) expect(JSON.stringify([one.url, one.command, one.args])).not.toContain(settings.token);
});
