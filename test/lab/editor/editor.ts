import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { installBrowser } from '../../../scripts/install-browser.mjs';
import { EditorServer, type EditorDirectories, type ServerOptions } from './server.ts';
import { EditorWindow, themes, type Theme } from './window.ts';

export interface EditorOptions extends Omit<ServerOptions, 'home'> {
  /** Kept when the editor stops. Without it, a temporary one that is not. */
  readonly home?: string;
  /** What the first window opens: nothing, a folder, or several folders in one workspace. */
  readonly folders: readonly string[];
  /** Extension packages to install before the start. */
  readonly vsix?: string | readonly string[];
  readonly theme?: Theme;
  /** Where pictures go; otherwise to `test-output/editor` below the working directory. */
  readonly screenshots?: string;
  /** Called with the first page while it is still empty. */
  readonly beforeOpen?: (page: Page) => Promise<void>;
  /** Added to the address of the first window. */
  readonly query?: (url: URL) => Readonly<Record<string, string>>;
}

/**
 * A running editor: a server, a browser, and a first window. `await using` stops it. The window is there before the
 * extensions are, so wait for something of yours (a status bar item, a file) before you go on.
 */
export class Editor extends EditorWindow implements AsyncDisposable {
  readonly url: string;
  readonly directories: EditorDirectories;
  readonly #parts: Parts;

  /** For `startEditor`, which is how to get one. */
  constructor(parts: Parts) {
    super(parts.page, parts.screenshots);
    this.url = parts.url;
    this.directories = parts.server.directories;
    this.#parts = parts;
  }

  get serverPid(): number {
    return this.#parts.server.pid;
  }

  /** A second window of the same user, with an extension host of its own. Close it with `window.page.close()`. */
  async newWindow(...folders: readonly string[]): Promise<EditorWindow> {
    const window = new EditorWindow(await this.#parts.context.newPage(), this.#parts.screenshots);
    await window.open(await addressOf(this.url, folders, this.directories));
    return window;
  }

  /** Takes effect in a window at its next reload. */
  async installVsix(file: string): Promise<void> {
    await this.#parts.server.installVsix(file);
  }

  /** What the server, the extension hosts and the log channels of extensions have written. */
  async logs(): Promise<string> {
    return await this.#parts.server.logs();
  }

  async stop(): Promise<void> {
    await this.#parts.undo.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Installs the editor and the browser first where they are missing. */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  await using undo = new AsyncDisposableStack();
  const home = options.home ?? (await temporaryHome(undo));
  const server = new EditorServer({ ...options, home, settings: { ...themeOf(options), ...options.settings } });
  for (const file of [options.vsix ?? []].flat()) await server.installVsix(file);
  undo.defer(() => server.stop());
  const url = await server.start();
  const context = undo.adopt(await startBrowser(join(home, 'browser')), (browser) => browser.close());
  const page = context.pages()[0] ?? (await context.newPage());
  await options.beforeOpen?.(page);
  const screenshots = options.screenshots ?? join('test-output', 'editor');
  const address = await addressOf(url, options.folders, server.directories, options.query);
  const window = new Editor({ url, server, context, page, screenshots, undo: undo.move() });
  return await opened(window, address);
}

interface Parts {
  readonly url: string;
  readonly server: EditorServer;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly screenshots: string;
  readonly undo: AsyncDisposableStack;
}

async function opened(editor: Editor, address: string): Promise<Editor> {
  try {
    await editor.open(address);
    return editor;
  } catch (error) {
    await editor.stop();
    throw error;
  }
}

// The system's directory for temporary files may have a long name, which sockets cannot take.
async function temporaryHome(undo: AsyncDisposableStack): Promise<string> {
  const base = process.platform === 'linux' ? '/tmp' : tmpdir();
  const home = await mkdtemp(join(base, 'editor-'));
  undo.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

async function startBrowser(profile: string): Promise<BrowserContext> {
  return await chromium.launchPersistentContext(profile, {
    executablePath: installBrowser(),
    viewport: { width: 1400, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A second window hides the first, whose extension has to be answered all the same.
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
    ],
  });
}

async function addressOf(
  url: string,
  folders: readonly string[],
  directories: EditorDirectories,
  query?: EditorOptions['query'],
): Promise<string> {
  const address = new URL(url);
  const [first, ...more] = folders;
  if (first === undefined) address.searchParams.set('ew', 'true');
  else if (more.length === 0) address.searchParams.set('folder', first);
  else address.searchParams.set('workspace', await workspaceFile(folders, directories));
  for (const [name, value] of Object.entries(query?.(address) ?? {})) address.searchParams.set(name, value);
  return address.href;
}

async function workspaceFile(folders: readonly string[], directories: EditorDirectories): Promise<string> {
  const path = join(await mkdtemp(join(directories.home, 'workspace-')), 'lab.code-workspace');
  await writeFile(path, JSON.stringify({ folders: folders.map((folder) => ({ path: folder })) }));
  return path;
}

function themeOf(options: EditorOptions): Readonly<Record<string, string>> {
  return { 'workbench.colorTheme': themes[options.theme ?? 'dark'].id };
}
