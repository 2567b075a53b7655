import * as vscode from 'vscode';
import { webviewPage } from './webview-page.ts';

export interface WebviewParts {
  readonly extension: vscode.Uri;
  /** The panel's folder in `src/webview`. */
  readonly name: string;
  readonly title: string;
}

/** Gives a webview one of our pages, which may load nothing but what we ship. */
export function furnish(webview: vscode.Webview, { extension, name, title }: WebviewParts): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  const at = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = webviewPage({ cspSource: webview.cspSource, script: at(`${name}.js`), codicons: at('codicon.css'), title });
}
