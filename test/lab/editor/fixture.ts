import { createVSIX } from '@vscode/vsce';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages an extension that is just big enough to try the lab on: a status bar item, a tree, a webview, a toast. */
export async function fixtureVsix(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(directory, 'extension.js'), extension);
  await writeFile(
    join(directory, 'icon.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/></svg>',
  );
  await writeFile(join(directory, '.vscodeignore'), '');
  await writeFile(join(directory, 'README.md'), 'Made by a test.');
  await writeFile(join(directory, 'LICENSE'), 'None.');
  const packagePath = join(directory, 'fixture.vsix');
  await createVSIX({ cwd: directory, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}

const manifest = {
  name: 'lab-fixture',
  publisher: 'lab',
  version: '0.0.1',
  engines: { vscode: '^1.138.0' },
  main: './extension.js',
  activationEvents: ['onStartupFinished'],
  capabilities: { untrustedWorkspaces: { supported: true } },
  contributes: {
    commands: [{ command: 'lab.ask', title: 'Ask', category: 'Lab' }],
    viewsContainers: { activitybar: [{ id: 'lab', title: 'Lab', icon: 'icon.svg' }] },
    views: {
      lab: [
        { id: 'lab.tree', name: 'Lab Tree' },
        { id: 'lab.page', name: 'Lab Page', type: 'webview' },
      ],
    },
  },
};

// The picture without a text is there for axe to find.
const page = `<!DOCTYPE html><html lang="en"><head><title>Lab</title>
<style>button { color: var(--vscode-foreground); background: var(--vscode-editor-background); }</style></head><body>
<main><h1>Lab page</h1><button id="count">0</button><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></main>
<script>
  const vscode = acquireVsCodeApi();
  count.onclick = () => vscode.postMessage('clicked');
  onmessage = ({ data }) => { count.textContent = data; };
</script></body></html>`;

const extension = `
const vscode = require('vscode');
exports.activate = (context) => {
  const item = vscode.window.createStatusBarItem('lab.status', vscode.StatusBarAlignment.Left);
  item.name = 'Lab';
  const say = () => item.text = '$(beaker) Lab ' + (vscode.workspace.isTrusted ? 'trusted' : 'untrusted') + ' ' + (process.env.LAB_WORD ?? '');
  say();
  const log = vscode.window.createOutputChannel('Lab Log', { log: true });
  log.info('The lab is running.');
  item.show();
  const rows = ['one', 'two'].map((label) => new vscode.TreeItem(label));
  const ask = async () => {
    const answer = await vscode.window.showInformationMessage('May the lab go on?', 'Yes', 'No');
    item.text = 'Lab answered ' + answer;
  };
  const view = { resolveWebviewView: ({ webview }) => {
    let count = 0;
    webview.options = { enableScripts: true };
    webview.onDidReceiveMessage(() => webview.postMessage(++count));
    webview.html = ${JSON.stringify(page)};
  } };
  context.subscriptions.push(
    item,
    log,
    vscode.workspace.onDidGrantWorkspaceTrust(say),
    vscode.commands.registerCommand('lab.ask', ask),
    vscode.window.registerTreeDataProvider('lab.tree', { getChildren: () => rows, getTreeItem: (row) => row }),
    vscode.window.registerWebviewViewProvider('lab.page', view),
  );
};
`;
