import { describe, expect, test } from 'vitest';
import { scanSettings, weakens } from '../../../src/agents/claude-code/config-change.ts';

const facts = { plugin: 'countersign@countersign', url: 'http://127.0.0.1:4123/v1/hooks/claude-code' };
const enabled = { enabledPlugins: { 'countersign@countersign': true } };

function project(text: string | undefined): string | undefined {
  return weakens({ source: 'project_settings', file: '/p/.claude/settings.json', text }, facts)?.reason;
}
function user(text: string | undefined): string | undefined {
  return weakens({ source: 'user_settings', file: '/h/.claude/settings.json', text }, facts)?.reason;
}

describe('refused in a project', () => {
  test.each<[string, unknown, string]>([
    ['every hook switched off', { disableAllHooks: true }, 'disableAllHooks'],
    ['the plugin switched off', { enabledPlugins: { 'countersign@countersign': false } }, 'enabledPlugins'],
    ['the plugin switched off in another way', { enabledPlugins: { 'countersign@countersign': [] } }, 'enabledPlugins'],
    ['hooks to other places only', { allowedHttpHookUrls: ['https://example.com/*'] }, 'allowedHttpHookUrls'],
    ['hooks to nowhere', { allowedHttpHookUrls: [] }, 'allowedHttpHookUrls'],
    ['managed hooks only', { allowManagedHooksOnly: true }, 'allowManagedHooksOnly'],
    ['a proxy', { env: { HTTP_PROXY: 'http://10.0.0.1' } }, 'env.HTTP_PROXY'],
    ['a proxy in small letters', { env: { https_proxy: 'http://10.0.0.1' } }, 'env.https_proxy'],
    ['a proxy with exceptions, but not for us', { env: { HTTP_PROXY: 'x', NO_PROXY: 'localhost,10.127.0.0.1' } }, 'env.HTTP_PROXY'],
    ['a library in every program', { env: { LD_PRELOAD: '/x.so' } }, 'env.LD_PRELOAD'],
    ['the same on macOS', { env: { DYLD_INSERT_LIBRARIES: '/x.dylib' } }, 'env.DYLD_INSERT_LIBRARIES'],
    ['a program before every command', { env: { CLAUDE_CODE_SHELL_PREFIX: '/x' } }, 'env.CLAUDE_CODE_SHELL_PREFIX'],
    ['a script before every command', { env: { BASH_ENV: '/x' } }, 'env.BASH_ENV'],
    ['other settings for sessions within', { env: { CLAUDE_CONFIG_DIR: '/x' } }, 'env.CLAUDE_CONFIG_DIR'],
    ['sessions within without plugins', { env: { CLAUDE_CODE_SIMPLE: '1' } }, 'env.CLAUDE_CODE_SIMPLE'],
    ['code in every Node program', { env: { NODE_OPTIONS: '--max-old-space-size=1 --require=/x.cjs' } }, 'env.NODE_OPTIONS'],
  ])('%s', (_, settings, named) => {
    expect(project(JSON.stringify(settings))).toContain(named);
    expect(project(`\uFEFF${JSON.stringify(settings)}`)).toContain(named);
  });
});

describe('fine in a project', () => {
  test.each<[string, string | undefined]>([
    ['no file', undefined],
    ['an empty object', '{}'],
    ['a file that the client drops as a whole', '{"disableAllHooks":true,}'],
    ['a file with a comment, which is dropped too', '// x\n{"disableAllHooks":true}'],
    ['a file that is dropped for another field', '{"disableAllHooks":true,"model":5}'],
    ['hooks left on', '{"disableAllHooks":false}'],
    ['the last of two', '{"disableAllHooks":true,"disableAllHooks":false}'],
    ['another plugin off', '{"enabledPlugins":{"x@y":false}}'],
    ['an allow-list with us in it', '{"allowedHttpHookUrls":["https://example.com/*","http://127.0.0.1:*"]}'],
    ['a proxy that spares us', '{"env":{"HTTP_PROXY":"x","NO_PROXY":"localhost, 127.0.0.1"}}'],
    ['memory for Node', '{"env":{"NODE_OPTIONS":"--max-old-space-size=8192"}}'],
    ['an emptied proxy', '{"env":{"HTTP_PROXY":""}}'],
    ['permissions', '{"permissions":{"allow":["Bash(ls)"]}}'],
  ])('%s', (_, text) => {
    expect(project(text)).toBeUndefined();
  });
});

describe("in the user's own settings", () => {
  test.each<[string, string | undefined, string]>([
    ['deleted', undefined, 'without the file'],
    ['not JSON', '{,}', 'not valid JSON'],
    ['not an object', '[]', 'not a JSON object'],
    ['a value that makes the client drop the file', JSON.stringify({ ...enabled, permissions: { allow: 'x' } }), 'permissions.allow'],
    [
      'a hook of no known kind',
      JSON.stringify({ ...enabled, hooks: { Stop: [{ hooks: [{ type: 'nosuch' }] }] } }),
      'hooks.Stop.0.hooks.0.type',
    ],
    ['the plugin gone', '{}', 'enabledPlugins'],
    ['hooks off', JSON.stringify({ ...enabled, disableAllHooks: true }), 'disableAllHooks'],
  ])('refused: %s', (_, text, named) => {
    expect(user(text)).toContain(named);
  });

  test('fine: the plugin on, whatever else is there', () => {
    expect(user(JSON.stringify({ ...enabled, model: 'opus', env: { A: 1 }, field_of_next_year: [] }))).toBeUndefined();
  });
});

test('a pattern is no regular expression', () => {
  expect(project('{"allowedHttpHookUrls":["http://127.0.0.1:4123/v1/hooks/.+"]}')).toContain('leaves out');
});

test('a scan names every weak spot with its file; other hooks are worth a notice, and no refusal', () => {
  const text = JSON.stringify({ disableAllHooks: true, hooks: { PreToolUse: [{ hooks: [{ type: 'command', command: 'x' }] }] } });
  const found = scanSettings(
    [
      { source: 'user_settings', file: 'u', text: JSON.stringify(enabled) },
      { source: 'local_settings', file: 'l', text },
    ],
    facts,
  );
  expect(found.map(({ file, severity }) => [file, severity])).toEqual([
    ['l', 'weak'],
    ['l', 'notice'],
  ]);
});

test.each<[string, string, number, string]>([
  ['a switch', '{\n  "model": "x",\n  "disableAllHooks": true\n}', 3, 'disableAllHooks'],
  ['the last of two switches', '{\n"disableAllHooks": false,\n"disableAllHooks": true}', 3, 'disableAllHooks'],
  ['a variable', '{"env": {\n"A": "x, \\"{",\n\n"LD_PRELOAD": "/x"}}', 4, 'env.LD_PRELOAD'],
  ['a list', '{"a": [1, {"b": []}],\n"allowedHttpHookUrls": []}', 2, 'allowedHttpHookUrls'],
  ['a hook', '{"hooks": {\n"PreToolUse": [{"hooks": [{"type": "command"}]}]}}', 2, 'hooks.PreToolUse'],
])('%s is found in its line', (_, text, line, id) => {
  const [found] = scanSettings([{ source: 'project_settings', file: 'p', text }], facts);
  expect(found).toMatchObject({ line, id });
});

test.each<[string, string, number]>([
  ['a comma too many', '{\n"a": 1,\n}', 3],
  ['the end is missing', '{\n"a": 1\n', 3],
  ['a value of another kind', '{\n"permissions": {\n"allow": "x"}}', 3],
])('the user settings that the client drops say in which line: %s', (_, text, line) => {
  expect(scanSettings([{ source: 'user_settings', file: 'u', text }], facts)).toMatchObject([{ line, severity: 'weak' }]);
});

test('what would repair a file is told as the member that goes, or what it becomes', () => {
  const text = JSON.stringify({ disableAllHooks: true, enabledPlugins: { [facts.plugin]: false }, allowedHttpHookUrls: ['a'] });
  const found = scanSettings([{ source: 'project_settings', file: 'p', text }], facts);
  expect(found.map(({ fix }) => fix?.edit)).toEqual([
    { path: ['disableAllHooks'] },
    { path: ['enabledPlugins', facts.plugin], set: true },
    { path: ['allowedHttpHookUrls'], set: ['a', facts.url] },
  ]);
});

test.each<[string, unknown]>([
  ['our address on other terms', { type: 'http', url: facts.url, timeout: 1 }],
  ['our gate', { type: 'mcp_tool', server: 'plugin:countersign:gate', tool: 'confirm' }],
  ['our command', { type: 'command', command: '/usr/bin/env', args: ['/x', 'claude-code', 'PreToolUse', '--installed'] }],
])('a hook that repeats ours is worth a notice: %s', (_, hook) => {
  const text = JSON.stringify({ hooks: { PreToolUse: [{ matcher: '*', hooks: [hook] }] } });
  expect(scanSettings([{ source: 'project_settings', file: 'p', text }], facts)).toMatchObject([
    { severity: 'notice', message: expect.stringContaining('repeat') },
  ]);
});

test.each<[string, string, unknown]>([
  ['hooks off in the project', 'project_settings', { disableAllHooks: true, enabledPlugins: { [facts.plugin]: false } }],
  ['no user settings', 'user_settings', undefined],
  ['the plugin off for the user', 'user_settings', { enabledPlugins: {} }],
  ['managed hooks only', 'policy_settings', { allowManagedHooksOnly: true }],
])('nothing of this reaches hooks that managed settings enable: %s', (_, source, settings) => {
  const text = settings === undefined ? undefined : JSON.stringify(settings);
  expect(scanSettings([{ source, file: 'f', text }], { ...facts, isManaged: true })).toEqual([]);
});

test('managed settings themselves can switch managed hooks off', () => {
  const text = JSON.stringify({ disableAllHooks: true });
  expect(scanSettings([{ source: 'policy_settings', file: 'f', text }], { ...facts, isManaged: true })).toHaveLength(1);
});
