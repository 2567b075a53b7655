import { createVSIX } from '@vscode/vsce';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const manifest = {
  name: 'model',
  publisher: 'stand-in',
  version: '1.0.0',
  engines: { vscode: '^1.109.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
  contributes: { languageModelChatProviders: [{ vendor: 'stand-in', displayName: 'Stand-in' }] },
};

/** It says yes to texts with that word in them, and to the question about a colour. */
const main = `
const vscode = require('vscode');
const model = { id: 'tiny', name: 'Tiny Stand-in', family: 'tiny', version: '1', maxInputTokens: 9000, maxOutputTokens: 900, capabilities: {} };
const textOf = ({ content }) => content.map(({ value }) => value).join('');
exports.activate = (context) => context.subscriptions.push(
  vscode.lm.registerLanguageModelChatProvider('stand-in', {
    provideLanguageModelChatInformation: () => [model],
    provideLanguageModelChatResponse: async (_, messages, __, progress) => {
      const [, id, text] = /^BEGIN ([\\w-]+)\\n([^]*)\\nEND \\1$/.exec(textOf(messages[1]));
      const match = /diagnosis|blue/.test(text);
      progress.report(new vscode.LanguageModelTextPart(JSON.stringify({ id, match })));
    },
    provideTokenCount: async (_, text) => String(text).length,
  }),
);
`;

/** An extension that brings a language model. */
export async function modelExtension(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(directory, 'main.js'), main);
  for (const file of ['README.md', 'LICENSE']) await writeFile(join(directory, file), 'Made by a test.');
  const packagePath = join(directory, 'stand-in.vsix');
  await createVSIX({ cwd: directory, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}
