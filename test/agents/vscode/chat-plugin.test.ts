import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { hooksFile } from '../../../src/agents/copilot-cli/hooks-config.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const [plugin] = z.parse(
  z.object({ contributes: z.object({ chatPlugins: z.array(z.object({ path: z.string(), when: z.string() })) }) }),
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
).contributes.chatPlugins;
const folder = join(root, plugin?.path ?? '');

const file = z.object({ hooks: z.record(z.string(), z.array(z.object({ bash: z.string(), powershell: z.optional(z.string()) }))) });
const linesOf = (text: string) => Object.entries(z.parse(file, JSON.parse(text)).hooks).map(([event, [hook]]) => ({ event, ...hook }));
const lines = linesOf(readFileSync(join(folder, 'hooks.json'), 'utf8'));

const home = mkdtempSync(join(tmpdir(), 'a home '));
afterAll(() => rmSync(home, { recursive: true }));

/** As the client does: by the shell, with the environment of the extension host. */
function run(line: string, environment: Readonly<Record<string, string>>): number | null {
  return spawnSync(line, { shell: true, env: { PATH: '/usr/bin:/bin', ...environment }, input: '{}' }).status;
}

function launcher(state: string, text: string): void {
  mkdirSync(join(state, 'agents'), { recursive: true });
  writeFileSync(join(state, 'agents', 'hook'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(state, 'agents', 'hook'), 0o700);
}

/**
 * Where VS Code's agent host runs a plugin's hooks, it speaks Copilot's other dialect and lets calls run whatever they say; Copilot's own
 * program, which it starts, runs them again. That one may have the same hooks in a file: its calls have no id by which two would be one.
 */
const skips =
  'case "$VSCODE_ESM_ENTRYPOINT" in */agentHost/*) exit 0;; esac; ' +
  '[ "$COPILOT_HOOK_DIR" ] && [ -f "${COPILOT_HOME:-$HOME/.copilot}/hooks/countersign.json" ] && exit 0; ';

test('the plugin’s lines are those of the file that people install, but that the program is found by the state folder', () => {
  const installed = hooksFile({ platform: 'unix', runtime: '', script: '', environment: {}, launcher: '/launcher' });
  const expected = linesOf(installed).map(({ event, bash }) => [
    event,
    bash?.replace('/launcher', `${skips}"\${COUNTERSIGN_HOME:-$HOME/.countersign}/agents/hook"`),
  ]);
  expect(lines.map(({ event, bash }) => [event, bash])).toEqual(expected);
  expect(existsSync(join(folder, 'plugin.json'))).toBe(true);
  expect(plugin?.when).toBe('config.countersign.governVsCodeChat');
});

test('nobody but the person switches it on or off, and it is off until then', () => {
  const { configuration } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).contributes;
  expect(configuration[0].properties['countersign.governVsCodeChat']).toMatchObject({ default: false, scope: 'machine' });
});

const lineOf = (event: string): string => lines.find((line) => line.event === event)?.bash ?? '';

test.skipIf(process.platform === 'win32')('whatever is not a clean answer refuses, and does not keep the agent from stopping', () => {
  const before = ['PreToolUse', 'UserPromptSubmit', 'Stop'].map((event) => run(lineOf(event), { HOME: home }));
  expect(before).toEqual([2, 2, 0]);
  const ends = ['exit 0', 'exit 1', 'exit 2', 'kill -9 $$', 'exec /nowhere'].map((text) => {
    launcher(join(home, '.countersign'), text);
    return [text, run(lineOf('PreToolUse'), { HOME: home }), run(lineOf('Stop'), { HOME: home })];
  });
  expect(ends).toEqual([
    ['exit 0', 0, 0],
    ['exit 1', 2, 0],
    ['exit 2', 2, 0],
    ['kill -9 $$', 2, 0],
    ['exec /nowhere', 2, 0],
  ]);
});

test.skipIf(process.platform === 'win32')('another state folder has its own program', () => {
  launcher(join(home, '.countersign'), 'exit 0');
  const other = join(home, 'other');
  expect(run(lineOf('PreToolUse'), { HOME: home, COUNTERSIGN_HOME: other })).toBe(2);
  launcher(other, '[ "$1 $2 $3" = "copilot-cli PreToolUse --installed" ]');
  expect(run(lineOf('PreToolUse'), { HOME: home, COUNTERSIGN_HOME: other })).toBe(0);
});

test.skipIf(process.platform === 'win32')('who else runs the plugin’s hooks is left to the hooks that decide there', () => {
  const state = { HOME: home, COUNTERSIGN_HOME: join(home, 'nothing') };
  const byCopilot = { ...state, COPILOT_HOOK_DIR: folder };
  expect([run(lineOf('PreToolUse'), { ...state, VSCODE_ESM_ENTRYPOINT: 'vs/platform/agentHost/node/agentHostMain' })]).toEqual([0]);
  expect([state, byCopilot].map((environment) => run(lineOf('PreToolUse'), environment))).toEqual([2, 2]);
  mkdirSync(join(home, '.copilot', 'hooks'), { recursive: true });
  writeFileSync(join(home, '.copilot', 'hooks', 'countersign.json'), '');
  expect([state, byCopilot].map((environment) => run(lineOf('PreToolUse'), environment))).toEqual([2, 0]);
});

test('on Windows, where the program has no name that stays, nothing passes', () => {
  expect(lines.map(({ event, powershell }) => [event, powershell]).filter(([, line]) => line !== 'exit 2')).toEqual([
    ['Stop', 'exit 0'],
    ['SubagentStop', 'exit 0'],
  ]);
});
