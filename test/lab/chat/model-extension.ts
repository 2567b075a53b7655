import { createVSIX } from '@vscode/vsce';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const manifest = {
  name: 'chat-model',
  publisher: 'stand-in',
  version: '1.0.0',
  engines: { vscode: '^1.109.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
  contributes: {
    languageModelChatProviders: [{ vendor: 'chat-stand-in', displayName: 'Stand-in' }],
  },
};

/** It makes the calls of `script.json` one after the other, and writes down what it hears, each time that it is asked, in `asks.jsonl`. */
const main = `
const vscode = require('vscode');
const fs = require('node:fs');
const path = require('node:path');
const folder = () => vscode.workspace.workspaceFolders[0].uri.fsPath;
const model = {
  id: 'tiny', name: 'Tiny Stand-in', family: 'tiny', version: '1', maxInputTokens: 100000, maxOutputTokens: 9000, isUserSelectable: true, isDefault: true,
  capabilities: { toolCalling: true },
};
const results = (messages) => messages.flatMap(({ content }) => content.filter((part) => part instanceof vscode.LanguageModelToolResultPart));
const textOf = (part) => part.content.map((one) => one.value ?? '').join('');
const button = () => {
  const item = vscode.window.createStatusBarItem('stand-in.go', vscode.StatusBarAlignment.Left);
  item.text = 'Stand-in: Go';
  item.command = 'standIn.go';
  item.show();
  return item;
};
exports.activate = (context) => context.subscriptions.push(
  button(),
  vscode.commands.registerCommand('standIn.go', async () => {
    await vscode.commands.executeCommand('workbench.action.chat.newChat');
    await vscode.commands.executeCommand('workbench.action.chat.open', {
      query: 'go', mode: 'agent', modelSelector: { vendor: 'chat-stand-in', id: 'tiny' },
    });
  }),
  vscode.lm.registerLanguageModelChatProvider('chat-stand-in', {
    provideLanguageModelChatInformation: () => [model],
    provideLanguageModelChatResponse: async (_, messages, { tools = [] }, progress) => {
      const heard = results(messages).map(textOf);
      fs.appendFileSync(path.join(folder(), 'asks.jsonl'), JSON.stringify({ tools: tools.map(({ name }) => name), heard }) + '\\n');
      const script = JSON.parse(fs.readFileSync(path.join(folder(), 'script.json'), 'utf8'));
      const call = tools.length === 0 ? undefined : script[heard.length];
      if (call === undefined) return progress.report(new vscode.LanguageModelTextPart('That was it.'));
      progress.report(new vscode.LanguageModelToolCallPart('call_' + heard.length + '_' + Date.now(), call.name, call.input));
    },
    provideTokenCount: async (_, text) => String(text).length,
  }),
);
`;

/** An extension that brings a language model for VS Code's own chat agent, and begins a chat with it when its status bar item is clicked. */
export async function chatModelExtension(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(directory, 'main.js'), main);
  for (const file of ['README.md', 'LICENSE']) await writeFile(join(directory, file), 'Made by a test.');
  const packagePath = join(directory, 'stand-in.vsix');
  await createVSIX({ cwd: directory, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}
