import { expect, test } from 'vitest';
import { sessionsWithHooks } from '../../../src/agents/claude-code/telemetry.ts';

type Hook = readonly [event: string, type: string, source?: string, plugin?: string];

/** As Claude Code 2.1.329 tells which hooks it has, when it starts. */
function told(...hooks: readonly Hook[]) {
  const logRecords = hooks.map(([event, type, source = 'pluginHook', plugin = '142c53575952c618']) => ({
    body: { stringValue: 'claude_code.hook_registered' },
    attributes: Object.entries({
      'session.id': 's1',
      hook_event: event,
      hook_type: type,
      hook_source: source,
      plugin_id_hash: plugin,
    }).map(([key, value]) => ({ key, value: { stringValue: value } })),
  }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

test.each<[string, readonly Hook[], readonly string[]]>([
  [
    'both hooks of a tool call',
    [
      ['PreToolUse', 'http'],
      ['Stop', 'http'],
      ['PreToolUse', 'mcp_tool'],
    ],
    ['s1'],
  ],
  [
    'one of them',
    [
      ['PreToolUse', 'http'],
      ['SessionStart', 'command'],
    ],
    [],
  ],
  [
    'one of another event',
    [
      ['PreToolUse', 'http'],
      ['PostToolUse', 'mcp_tool'],
    ],
    [],
  ],
  [
    'each of another plugin',
    [
      ['PreToolUse', 'http'],
      ['PreToolUse', 'mcp_tool', 'pluginHook', 'other'],
    ],
    [],
  ],
  [
    'both of a project',
    [
      ['PreToolUse', 'http', 'projectSettings'],
      ['PreToolUse', 'mcp_tool', 'projectSettings'],
    ],
    [],
  ],
  ['nothing', [], []],
])('a session that told of %s', (_, hooks, sessions) => {
  expect(sessionsWithHooks(told(...hooks))).toEqual(sessions);
});

test('what is no telemetry tells nothing', () => {
  expect(sessionsWithHooks({ resourceLogs: 'x' })).toEqual([]);
});
