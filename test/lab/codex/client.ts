import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A home of Codex and a project that nothing else on the machine knows. */
export interface CodexScratch extends Disposable {
  readonly codexHome: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  readonly run: (args: readonly string[]) => Promise<CodexRun>;
  /** Begun, and ended by whoever asked for it. */
  readonly start: (args: readonly string[]) => ChildProcess;
}

export interface CodexRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function makeCodexScratch(binary: string, modelUrl: string): CodexScratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const codexHome = join(dir, 'codex');
  const project = join(dir, 'project');
  mkdirSync(codexHome);
  mkdirSync(project);
  writeFileSync(join(codexHome, 'config.toml'), configuration(modelUrl));
  const env = { PATH: `${dirname(binary)}:${process.env['PATH']}`, HOME: dir, CODEX_HOME: codexHome, TERM: 'dumb', LANG: 'C.UTF-8' };
  const run = (args: readonly string[]) =>
    new Promise<CodexRun>((resolve) => {
      const child = execFile(binary, args, { cwd: project, env }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, stdout, stderr });
      });
      // It reads more of its prompt from there.
      child.stdin?.end();
    });
  const start = (args: readonly string[]) => spawn(binary, args, { cwd: project, env, stdio: 'ignore' });
  return { codexHome, project, env, run, start, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

function configuration(modelUrl: string): string {
  return `
model = "gpt-5.3-codex"
model_provider = "lab"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.lab]
name = "lab"
base_url = "${modelUrl}"
wire_api = "responses"
requires_openai_auth = false
request_max_retries = 0
stream_max_retries = 0
`;
}
