import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const cache = join(import.meta.dirname, 'node_modules', '.cache');

/** A home and a project that nothing else on the machine knows. */
export interface CopilotScratch extends Disposable {
  readonly home: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  /** Begins a session that ends by itself when the model has no more to do. */
  readonly start: (prompt: string, args?: readonly string[]) => CopilotRun;
}

export interface CopilotRun {
  readonly child: ChildProcess;
  readonly done: Promise<CopilotEnd>;
}

export interface CopilotEnd {
  /** `null` where a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
}

export function makeCopilotScratch(binary: string, modelUrl: string): CopilotScratch {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const project = join(home, 'project');
  mkdirSync(project);
  const env = {
    PATH: `${dirname(binary)}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: home,
    TERM: 'dumb',
    LANG: 'C.UTF-8',
    // It unpacks 235 MB there, once.
    XDG_CACHE_HOME: cache,
    COPILOT_OFFLINE: 'true',
    COPILOT_AUTO_UPDATE: 'false',
    COPILOT_PROVIDER_BASE_URL: modelUrl,
    COPILOT_MODEL: 'gpt-5-mock',
  };
  const start = (prompt: string, args: readonly string[] = ['--allow-all-tools', '--allow-all-paths']): CopilotRun => {
    const child = spawn(binary, ['-p', prompt, ...args], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    return { child, done: endOf(child) };
  };
  return { home, project, env, start, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

function endOf(child: ChildProcess): Promise<CopilotEnd> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
  return new Promise((resolve) => {
    child.on('exit', (exitCode) => resolve({ exitCode, output }));
  });
}
