import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installEditor } from '../../../scripts/install-editor.mjs';
import { node24 } from '../../../scripts/npm.mjs';
import { until } from './until.ts';

export interface ServerOptions {
  /** Everything this editor writes, and its HOME. A short path: sockets below it have room for about 100 characters. */
  readonly home: string;
  /** Added to the user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the editor and of the extensions in it, which is otherwise PATH, HOME and the XDG variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** `false` turns workspace trust on, so that every new folder is untrusted. Otherwise all folders are trusted. */
  readonly trust?: boolean;
  /** Options for the server of VS Code, as `name` or `name=value`. */
  readonly serverOptions?: readonly string[];
}

export interface EditorDirectories {
  readonly home: string;
  readonly config: string;
  readonly runtime: string;
  readonly data: string;
  readonly extensions: string;
}

/** The server half of an editor: the process below which its extension hosts run. */
export class EditorServer {
  readonly directories: EditorDirectories;
  readonly #options: ServerOptions;
  #process: ChildProcess | undefined;
  #output = '';

  constructor(options: ServerOptions) {
    this.#options = options;
    this.directories = directoriesIn(options.home);
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error('The editor does not run.');
    return this.#process.pid;
  }

  /** Extensions installed while a window is open take part from its next reload on. */
  async installVsix(file: string): Promise<void> {
    await this.#prepare();
    const { environment, directories } = this.#invocation();
    await promisify(execFile)(node24(), [installEditor(), ...directories, '--force', '--install-extension', file], {
      env: environment,
    });
  }

  /** Returns the URL. */
  async start(): Promise<string> {
    await this.#prepare();
    const { environment, directories } = this.#invocation();
    const command = [installEditor(), ...directories, ...flags(this.#options)];
    // A process group of its own: what the extensions start belongs to it, and ends with it.
    this.#process = spawn(node24(), command, { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    return await this.#listening(this.#process);
  }

  /** What the server and the extension hosts have logged so far. */
  async logs(): Promise<string> {
    const texts = [this.#output];
    for await (const file of glob(join(this.directories.data, 'logs', '**', '*.log'))) {
      texts.push(`--- ${file}`, await readFile(file, 'utf8'));
    }
    return texts.join('\n');
  }

  async stop(): Promise<void> {
    const group = this.#process?.pid;
    this.#process = undefined;
    if (group === undefined) return;
    signalGroup(group, 'SIGTERM');
    // The extension hosts too, which may still be writing.
    const ended = until('the editor to end', async () => !signalGroup(group, 0), 5000);
    await ended.catch(() => signalGroup(group, 'SIGKILL'));
  }

  async #prepare(): Promise<void> {
    const { data, runtime, ...others } = this.directories;
    for (const directory of [join(data, 'User'), runtime, ...Object.values(others)]) {
      await mkdir(directory, { recursive: true });
    }
    await chmod(runtime, 0o700);
    const settings = join(data, 'User', 'settings.json');
    if (!existsSync(settings)) await writeFile(settings, settingsText(this.#options));
  }

  #invocation(): { environment: Record<string, string>; directories: readonly string[] } {
    const { home, config, runtime, data, extensions } = this.directories;
    const environment = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: home,
      XDG_CONFIG_HOME: config,
      XDG_DATA_HOME: join(home, 'share'),
      XDG_RUNTIME_DIR: runtime,
      // Without a marketplace the editor does not try to reach one.
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      ...this.#options.env,
    };
    return { environment, directories: ['--user-data-dir', data, '--extensions-dir', extensions] };
  }

  #listening(server: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        const url = /HTTP server listening on (http:\S+?)\/?\s/.exec(this.#output)?.[1];
        if (url) resolve(url);
      };
      server.stdout?.on('data', read);
      server.stderr?.on('data', read);
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`The editor ended with ${code}:\n${this.#output}`)));
    });
  }
}

function directoriesIn(home: string): EditorDirectories {
  if (home.length > 60) throw new Error(`Too long for the sockets below it (60 characters at most): ${home}`);
  return {
    home,
    config: join(home, '.config'),
    runtime: join(home, 'run'),
    data: join(home, 'data'),
    extensions: join(home, 'extensions'),
  };
}

function flags(options: ServerOptions): readonly string[] {
  return [
    '--bind-addr=127.0.0.1:0',
    '--auth=none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    '--disable-proxy',
    ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ...(options.serverOptions ?? []).flatMap((option) => ['--vscode-option', option]),
  ];
}

function settingsText(options: ServerOptions): string {
  const trust = {
    'security.workspace.trust.enabled': options.trust === false,
    // "Once" would not ask here: the editor believes that it has asked before.
    'security.workspace.trust.startupPrompt': 'always',
  };
  return JSON.stringify({ ...quiet, ...trust, ...options.settings }, undefined, 2);
}

// Nothing that opens by itself, moves, or looks for a network.
const quiet = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // Otherwise the processes of the whole machine are listed all the time.
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  // Otherwise pictures catch notifications halfway in.
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Whether there is anybody left in the group. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
