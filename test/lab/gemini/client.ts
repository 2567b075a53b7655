import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { qwenWire } from '../qwen/model.ts';
import { geminiWire, type Wire } from './model.ts';

/** Gemini CLI, or Qwen Code which was made of it: what differs for whoever drives them. */
export interface LabClient {
  /** As the lab's folder is called. */
  readonly name: 'gemini' | 'qwen';
  /** As we call the agent. */
  readonly agent: string;
  /** The event before a tool call. */
  readonly gate: string;
  readonly wire: Wire;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: (modelUrl: string) => Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const quiet = { privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false } };

export const geminiClient: LabClient = {
  name: 'gemini',
  agent: 'gemini-cli',
  gate: 'BeforeTool',
  wire: geminiWire,
  settings: {
    ...quiet,
    security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
  },
  environment: (url) => ({
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_API_KEY: 'lab',
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
    GEMINI_CLI_NO_RELAUNCH: 'true',
  }),
  args: ['-y', '-m', 'gemini-2.5-pro'],
};

export const qwenClient: LabClient = {
  name: 'qwen',
  agent: 'qwen-code',
  gate: 'PreToolUse',
  wire: qwenWire,
  settings: {
    ...quiet,
    security: { auth: { selectedType: 'openai' }, folderTrust: { enabled: false } },
    general: { enableAutoUpdate: false },
  },
  environment: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'lab', OPENAI_MODEL: 'lab-model', QWEN_CODE_NO_RELAUNCH: 'true' }),
  args: ['-y'],
};

/** A home and a project that nothing else on the machine knows. */
export interface LabScratch extends Disposable {
  readonly home: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
}

export function makeLabScratch({ name, settings, environment }: LabClient, binary: string, modelUrl: string): LabScratch {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')));
  const home = join(dir, 'home');
  const project = join(dir, 'project');
  mkdirSync(join(home, `.${name}`), { recursive: true });
  mkdirSync(project);
  writeFileSync(join(home, `.${name}`, 'settings.json'), JSON.stringify(settings));
  const path = `${dirname(binary)}${delimiter}${process.env['PATH'] ?? ''}`;
  return {
    home,
    project,
    env: { PATH: path, HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...environment(modelUrl) },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface LabRun {
  /** `undefined` where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A session without a person in front of it, which approves everything by itself. */
export function startLabSession(
  { args }: LabClient,
  binary: string,
  { env, project }: LabScratch,
  prompt: string,
): { readonly child: ChildProcess; readonly done: Promise<LabRun> } {
  const child = spawn(binary, [...args, '-p', prompt], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const done = new Promise<LabRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? undefined, stdout, stderr }));
  });
  return { child, done };
}
