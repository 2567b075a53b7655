import { expect, test } from 'vitest';
import { agentOf, type Package } from '../../src/storage/agent-programs.ts';

const packages: Readonly<Record<string, Package>> = {
  '/usr/bin/gemini': { name: '@google/gemini-cli', version: '0.61.0' },
  '/usr/lib/codex.js': { name: '@openai/codex', version: '0.169.0' },
  '/opt/codex': { name: '@openai/codex-linux-x64', version: '0.169.0-linux-x64' },
  '/opt/copilot': { name: '@github/copilot-linux-x64', version: '1.0.102' },
  '/opt/claude': { name: '@anthropic-ai/claude-code-linux-x64', version: '2.1.329' },
  '/w/claude': { name: 'our-claude', version: '1.0.0' },
  '/w/gemini.js': { name: 'gemini-viewer', version: '3.0.0' },
};

test.each<[string, string, string | undefined, string | undefined]>([
  ['a program by its name', 'claude -p go', 'claude-code', undefined],
  ['a program by its path', '/home/ada/.local/bin/claude --resume', 'claude-code', undefined],
  ['with the version of its package, for one platform', '/opt/claude', 'claude-code', '2.1.329'],
  ['without the platform that some put into it', '/opt/codex exec go', 'codex', '0.169.0'],
  ['the version of another package says nothing', '/w/claude', 'claude-code', undefined],
  ['on Windows', 'codex.exe exec go', 'codex', undefined],
  ['a script by its package', 'node /usr/bin/gemini', 'gemini-cli', '0.61.0'],
  ['a script behind options', 'node --no-warnings --import /x.mjs /usr/lib/codex.js exec', 'codex', '0.169.0'],
  ['opencode, qwen, cursor', 'opencode run x', 'opencode', undefined],
  ['a name that others have, too, by its package', '/opt/copilot -p x', 'copilot-cli', '1.0.102'],
  ['and by nothing else: it may deploy something', 'copilot deploy', undefined, undefined],
  ['', 'qwen', 'qwen-code', undefined],
  ['', '/root/.local/bin/cursor-agent', 'cursor-cli', undefined],
  ['what an editor starts', 'codex app-server', 'codex', undefined],
  ['what many sessions share is none', 'codex app-server --listen unix:// --managed-daemon', undefined, undefined],
  ['', 'codex app-server daemon pid-update-loop', undefined, undefined],
  ['a prompt may be any word', 'claude -p mcp', 'claude-code', undefined],
  ['a command that sets something up is none', 'claude mcp list', undefined, undefined],
  ['one that prints its version is none', 'codex --version', undefined, undefined],
  ['a name that only contains it is none', 'claude-squad', undefined, undefined],
  ['', 'xclaude', undefined, undefined],
  ['an editor that has it open is none', 'vim /home/ada/claude', undefined, undefined],
  ['one who looks for it is none', 'grep claude', undefined, undefined],
  ['a shell that is to start it is none yet', 'bash -c claude', undefined, undefined],
  ['a script of another package is none', 'node /w/gemini.js', undefined, undefined],
  ['text for the runtime is no script', 'node -e claude', undefined, undefined],
  ['a program that names it as an argument is none', 'node /w/watch.js /usr/bin/gemini', undefined, undefined],
  ['nothing', '', undefined, undefined],
])('%s: %s', (_, line, agent, version) => {
  const found = agentOf(line.split(' '), (file) => packages[file]);
  expect([found?.agent, found?.version]).toEqual([agent, version]);
});
