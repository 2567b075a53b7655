import * as vscode from 'vscode';
import { webviewPage } from './webview-page.ts';

/** Puts one of our pages into a webview. */
export function showPage(webview: vscode.Webview, extension: vscode.Uri, name: string, title: string): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  const at = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = webviewPage({ cspSource: webview.cspSource, script: at(`${name}.js`), codicons: at('codicon.css'), title });
}
