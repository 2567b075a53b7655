import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home of opencode and a project that nothing else on the machine knows. */
export interface OpencodeScratch extends Disposable {
  readonly home: string;
  readonly project: string;
  readonly environment: NodeJS.ProcessEnv;
  /** One prompt without a terminal. */
  readonly run: (prompt: string, args?: readonly string[]) => Promise<OpencodeRun>;
}

export interface OpencodeRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function makeOpencodeScratch(binary: string, modelUrl: string, more: object = {}): OpencodeScratch {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const project = join(home, 'project');
  const config = join(home, '.config', 'opencode');
  mkdirSync(project);
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'opencode.json'), JSON.stringify({ ...configuration(modelUrl), ...more }, undefined, 2));
  const environment = {
    PATH: process.env['PATH'],
    HOME: home,
    TERM: 'dumb',
    LANG: 'C.UTF-8',
    // There is no network here, and it would wait for it.
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    COUNTERSIGN_HOME: join(home, '.countersign'),
  };
  const run = (prompt: string, args: readonly string[] = []) =>
    new Promise<OpencodeRun>((resolve) => {
      const child = execFile(
        binary,
        ['run', '--format', 'json', ...args, prompt],
        { cwd: project, env: environment },
        (error, stdout, stderr) => {
          resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, stdout, stderr });
        },
      );
      child.stdin?.end();
    });
  return { home, project, environment, run, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

function configuration(modelUrl: string) {
  const lab = { name: 'lab', tool_call: true, limit: { context: 128_000, output: 8_000 }, cost: { input: 1, output: 2, cache_read: 0.1 } };
  return {
    autoupdate: false,
    share: 'disabled',
    model: 'lab/lab',
    small_model: 'lab/lab',
    provider: { lab: { npm: '@ai-sdk/openai-compatible', options: { baseURL: modelUrl, apiKey: 'x' }, models: { lab } } },
    permission: { '*': 'allow' },
  };
}
