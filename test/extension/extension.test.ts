/// <reference types="mocha" />
/* oxlint-disable vitest/expect-expect -- mocha's tests, with Node's assertions */
import { deepEqual, equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../lab/editor/until.ts';
import { commands, settings, views } from '../../src/hosts/extension/contributions.ts';

// Inside of a real VS Code, a desktop one where there is one: what only the editor itself can tell.
const extension = (): vscode.Extension<unknown> => {
  const found = vscode.extensions.getExtension('countersign.countersign');
  ok(found, 'The extension is not installed.');
  return found;
};

test('it is active soon after the start, without anybody using it', async () => {
  await until('the extension to be active', async () => extension().isActive);
});

test('every command of the manifest is there', async () => {
  await extension().activate();
  const known = new Set(await vscode.commands.getCommands(true));
  deepEqual(
    Object.values(commands).filter((command) => !known.has(command)),
    [],
  );
});

test('every view can be opened', async () => {
  for (const view of Object.values(views)) await vscode.commands.executeCommand(`${view}.focus`);
});

test('the settings have their defaults', () => {
  const configuration = vscode.workspace.getConfiguration('countersign');
  equal(configuration.get(settings.notifications), 'all');
  equal(configuration.get(settings.statusBar), true);
  equal(configuration.get(settings.home), '');
});

test('a folder gets its policy from the command', async () => {
  await vscode.commands.executeCommand(commands.createWorkspacePolicy);
  equal(vscode.window.activeTextEditor?.document.uri.path.endsWith('/.countersign/policy.yaml'), true);
  ok(vscode.window.activeTextEditor?.document.getText().includes('kind: ToolPolicy'));
});
