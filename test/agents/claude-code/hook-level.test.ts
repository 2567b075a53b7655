import { expect, test } from 'vitest';
import { hookLevelOf } from '../../../src/agents/claude-code/hook-level.ts';

const facts = { plugin: 'countersign@countersign', url: 'http://127.0.0.1:4711/v1/hooks/claude-code' };
const plugin = JSON.stringify({ enabledPlugins: { [facts.plugin]: true } });
const hooks = JSON.stringify({ hooks: { PreToolUse: [{ hooks: [{ type: 'http', url: facts.url }] }] } });
const near = JSON.stringify({ hooks: { PreToolUse: [{ hooks: [{ type: 'http', url: `${facts.url}-too` }] }] } });

test.each<[string, string, string | undefined, string | undefined]>([
  ['the plugin of the user', 'user_settings', plugin, 'plugin'],
  ['hooks in settings', 'project_settings', hooks, 'settings'],
  ['the plugin, by an administrator', 'policy_settings', plugin, 'managed'],
  ['hooks, by an administrator', 'policy_settings', hooks, 'managed'],
  ['the plugin, switched off', 'user_settings', plugin.replace('true', 'false'), undefined],
  ['hooks of somebody else', 'user_settings', near, undefined],
  ['a file that cannot be read', 'user_settings', '{', undefined],
  ['no file', 'user_settings', undefined, undefined],
])('%s', (_, source, text, expected) => {
  expect(hookLevelOf([{ source, file: '/f', text }], facts)).toBe(expected);
});
