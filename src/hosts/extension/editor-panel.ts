import * as vscode from 'vscode';
import type * as z from 'zod/mini';
import { furnish } from './furnish-webview.ts';

export interface EditorPanelOptions<In> {
  readonly extension: vscode.Uri;
  /** Of its folder in `webview`. */
  readonly name: string;
  /** What the editor calls it, and finds it by after a reload. */
  readonly viewType: string;
  readonly title: string;
  /** A codicon: a picture of our own would not follow the theme. */
  readonly icon: string;
  readonly incoming: z.ZodMiniType<In>;
  readonly log: vscode.LogOutputChannel;
  /** Left out: where the person is. */
  readonly column?: vscode.ViewColumn;
}

/** One of our pages as an editor: at most one at a time, there again after the window was reloaded. */
export abstract class EditorPanel<In, Out> implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #options: EditorPanelOptions<In>;
  readonly #registration: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;

  constructor(options: EditorPanelOptions<In>) {
    this.#options = options;
    this.#registration = vscode.window.registerWebviewPanelSerializer(options.viewType, this);
  }

  protected abstract receive(message: In): void;

  /** The page has gone out of sight, and is thrown away: it begins anew when it is seen again. */
  protected hidden(): void {
    // Most pages have nothing to give up.
  }

  open(): void {
    const { viewType, title, column = vscode.ViewColumn.Active } = this.#options;
    if (this.#panel) this.#panel.reveal();
    else this.#adopt(vscode.window.createWebviewPanel(viewType, title, column, { enableFindWidget: true }));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#panel) panel.dispose();
    else this.#adopt(panel);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#panel?.dispose();
  }

  /** Whether somebody sees it: what nobody sees need not be kept fresh. */
  protected get isVisible(): boolean {
    return this.#panel?.visible === true;
  }

  protected post(message: Out): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview's, not a browser window's
    void this.#panel?.webview.postMessage(message);
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { extension, name, title, icon } = this.#options;
    this.#panel = panel;
    panel.iconPath = new vscode.ThemeIcon(icon);
    panel.onDidChangeViewState(() => panel.visible || this.hidden());
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.hidden();
    });
    panel.webview.onDidReceiveMessage((message: unknown) => this.#read(message));
    furnish(panel.webview, { extension, name, title });
  }

  #read(message: unknown): void {
    const { incoming, log, name } = this.#options;
    const parsed = incoming.safeParse(message);
    if (parsed.success) this.receive(parsed.data);
    else log.warn(`The ${name} panel sent a message that cannot be read: ${parsed.error.message}`);
  }
}
