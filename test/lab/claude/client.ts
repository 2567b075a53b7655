import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
/** The real client, pinned in package.json. */
export const claudeBinary = join(repository, 'node_modules', '.bin', 'claude');

const apiKey = 'sk-ant-lab-0123456789-0123456789-0123456789';

export type PermissionMode = 'default' | 'acceptEdits' | 'bypassPermissions' | 'plan' | 'dontAsk';

/** A home directory and a project that nothing else on the machine knows. */
export interface Scratch extends Disposable {
  readonly dir: string;
  readonly home: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Onboarding is done, the key approved and the folder trusted, so that a terminal session starts at its prompt. */
export function makeScratch(modelUrl: string): Scratch {
  // Short, because Unix sockets live below it; real, because the client compares resolved paths.
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const home = join(dir, 'home');
  const project = join(dir, 'project');
  mkdirSync(join(home, '.claude'), { recursive: true });
  mkdirSync(project);
  writeFileSync(
    join(home, '.claude.json'),
    JSON.stringify({
      hasCompletedOnboarding: true,
      theme: 'dark',
      bypassPermissionsModeAccepted: true,
      customApiKeyResponses: { approved: [apiKey.slice(-20)], rejected: [] },
      projects: { [project]: { hasTrustDialogAccepted: true } },
    }),
  );
  return {
    dir,
    home,
    project,
    env: environment(home, modelUrl),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Nothing of the caller's own environment reaches the client, but for the PATH: the project's own programs come first in it. */
function environment(home: string, modelUrl: string): NodeJS.ProcessEnv {
  return {
    PATH: `${dirname(claudeBinary)}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: apiKey,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    // Lets root (a container) use bypassPermissions.
    IS_SANDBOX: '1',
    // All tools at once, instead of behind a search tool.
    ENABLE_TOOL_SEARCH: 'false',
  };
}

export interface PrintOptions {
  readonly prompt: string;
  readonly mode?: PermissionMode;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Given to the client as `--settings`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface PrintRun {
  /** 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly stderr: string;
  readonly stdout: string;
  /** What the client printed, one JSON object a line. */
  readonly messages: readonly Readonly<Record<string, unknown>>[];
}

export interface RunningPrint {
  readonly child: ChildProcess;
  readonly done: Promise<PrintRun>;
}

/** Runs `claude -p` to its end. */
export function runPrint(scratch: Scratch, options: PrintOptions): Promise<PrintRun> {
  return startPrint(scratch, options).done;
}

/** Starts `claude -p`, for tests that do something to it. */
export function startPrint(scratch: Scratch, options: PrintOptions): RunningPrint {
  const child = spawn(claudeBinary, printArguments(options), {
    cwd: options.cwd ?? scratch.project,
    env: { ...scratch.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const done = new Promise<PrintRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ exitCode: code ?? exitCodeOf(signal), stderr, stdout, messages: jsonLines(stdout) }));
  });
  return { child, done };
}

/** Any other command of the client, such as `plugin install`. Resolves with what it printed; rejects when it fails. */
export async function runClaude(scratch: Scratch, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(claudeBinary, args, { cwd: scratch.project, env: scratch.env });
  return stdout;
}

function printArguments(options: PrintOptions): string[] {
  return [
    '-p',
    options.prompt,
    '--output-format',
    'stream-json',
    '--verbose',
    '--permission-mode',
    options.mode ?? 'bypassPermissions',
    ...(options.settings ? ['--settings', JSON.stringify(options.settings)] : []),
    ...(options.args ?? []),
  ];
}

function exitCodeOf(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 137 : signal === 'SIGTERM' ? 143 : 255;
}

function jsonLines(text: string): Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line));
}
