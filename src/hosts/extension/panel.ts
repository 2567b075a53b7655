import type * as vscode from 'vscode';
import type * as z from 'zod/mini';
import { furnish } from './furnish-webview.ts';

/** A view whose content is one of our panels. It may be made and thrown away many times in the life of the window. */
export abstract class Panel<In, Out> implements vscode.WebviewViewProvider {
  readonly #extension: vscode.Uri;
  readonly #name: string;
  readonly #incoming: z.ZodMiniType<In>;
  readonly #log: vscode.LogOutputChannel;
  protected view: vscode.WebviewView | undefined;

  constructor(extension: vscode.Uri, name: string, incoming: z.ZodMiniType<In>, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#name = name;
    this.#incoming = incoming;
    this.#log = log;
  }

  protected abstract receive(message: In): void;

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.onDidDispose(() => {
      if (this.view === view) this.view = undefined;
    });
    view.webview.onDidReceiveMessage((message: unknown) => this.#read(message));
    furnish(view.webview, { extension: this.#extension, name: this.#name, title: view.title ?? this.#name });
  }

  protected post(message: Out): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview's, not a browser window's
    void this.view?.webview.postMessage(message);
  }

  #read(message: unknown): void {
    const parsed = this.#incoming.safeParse(message);
    if (parsed.success) this.receive(parsed.data);
    else this.#log.warn(`The ${this.#name} panel sent a message that cannot be read: ${parsed.error.message}`);
  }
}
