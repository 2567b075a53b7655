import { describe, expect, test } from 'vitest';
import { scanSettings, weakens } from '../../../src/agents/claude-code/config-change.ts';

const facts = { plugin: 'countersign@countersign', url: 'http://127.0.0.1:4123/v1/hooks/claude-code' };
const enabled = { enabledPlugins: { 'countersign@countersign': true } };

function project(text: string | undefined): string | undefined {
  return weakens({ source: 'project_settings', file: '/p/.claude/settings.json', text }, facts);
}
function user(text: string | undefined): string | undefined {
  return weakens({ source: 'user_settings', file: '/h/.claude/settings.json', text }, facts);
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
