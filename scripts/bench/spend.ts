import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../bench.ts';
import { writeTranscripts } from './transcripts.ts';

const root = join(import.meta.dirname, '..', '..');
const count = join(import.meta.dirname, 'programs', 'count.mjs');
/** The newest whose program can be had everywhere. */
const rival = 'ccusage@20.0.24';
const bytes = Number(process.env['BENCH_TRANSCRIPT_BYTES'] ?? 1e9);

interface Cost {
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly output: string;
}

/** Counting everything for the first time, beside ccusage over the same files; one more line; and a start with nothing new. */
export async function measureSpend(): Promise<readonly Figure[]> {
  // What a process used is read from /proc.
  if (process.platform !== 'linux') return [];
  const dir = mkdtempSync(join(tmpdir(), 'bench-spend-'));
  try {
    return await measureIn(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureIn(dir: string): Promise<readonly Figure[]> {
  const written = writeTranscripts(dir, bytes);
  const transcript = globSync('projects/*/*.jsonl', { cwd: dir }).map((path) => join(dir, path))[0] ?? '';
  const session = transcript.split('/').at(-1)?.replace('.jsonl', '') ?? '';
  const home = join(dir, 'home');
  mkdirSync(home);
  const env = { ...process.env, CLAUDE_CONFIG_DIR: dir, CODEX_HOME: join(dir, 'none') };
  const ours = (more: readonly string[] = []): Promise<Cost> =>
    run(process.execPath, [count, join(root, 'dist'), home, transcript, ...more], env);
  const first = await ours();
  const again = await ours([session]);
  const counted = numbers(first.output)['tokens'];
  if (counted !== written.tokens) throw new Error(`${written.tokens} tokens were written, ${counted} were counted`);
  const { appendedMs = NaN, idleMs = NaN } = numbers(again.output);
  const size = `${(written.bytes / 1e9).toFixed(1)} GB of transcripts`;
  return [
    ...(await besideRival(size, first, env)),
    { what: `${size}: CPU of the first count`, value: first.cpuMs, unit: 'ms' },
    { what: `${size}: its peak memory`, value: first.peakMb, unit: 'MB' },
    { what: 'CPU from one appended line to the new total: median', value: appendedMs, unit: 'ms', limit: 1 },
    { what: `CPU to find that nothing is new in ${written.files} files`, value: idleMs, unit: 'ms', limit: 150 },
  ];
}

async function besideRival(size: string, { cpuMs, peakMb }: Cost, env: NodeJS.ProcessEnv): Promise<readonly Figure[]> {
  const program = rivalProgram();
  if (program === undefined) {
    console.log(`${rival} cannot be had here: nothing to compare with`);
    return [];
  }
  const theirs = await run(program, ['daily', '--offline', '--json'], env);
  return [
    { what: `${size}: CPU of the first count, of ${rival}'s`, value: (100 * cpuMs) / theirs.cpuMs, unit: '%', limit: 60 },
    { what: `${size}: its peak memory, of ${rival}'s`, value: (100 * peakMb) / theirs.peakMb, unit: '%', limit: 25 },
  ];
}

function rivalProgram(): string | undefined {
  const folder = join(root, 'node_modules', '.cache', rival);
  const find = (): string | undefined =>
    globSync('node_modules/@ccusage/*/bin/ccusage', { cwd: folder }).map((path) => join(folder, path))[0];
  if (find() === undefined) {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-save', '--prefix', folder, rival], { stdio: 'ignore' });
    } catch {
      return undefined;
    }
  }
  const program = find();
  if (program !== undefined) chmodSync(program, 0o755);
  return program;
}

/** Runs a program to its end; what it used is looked at until then, so the last hundredth of a second is missing. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let used = { cpuMs: 0, peakMb: 0 };
  let output = '';
  const timer = setInterval(() => (used = usedBy(child.pid ?? 0) ?? used), 10);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code === 0) resolve({ ...used, output });
      else reject(new Error(`${command} ended with ${code}`));
    });
  });
}

/** Of all its threads. Linux counts in hundredths of a second. */
function usedBy(pid: number): { readonly cpuMs: number; readonly peakMb: number } | undefined {
  if (!existsSync(`/proc/${pid}/stat`)) return undefined;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peak === undefined ? undefined : { cpuMs: 10 * (Number(fields[11]) + Number(fields[12])), peakMb: Number(peak) / 1024 };
  } catch {
    // It has just ended.
    return undefined;
  }
}

function numbers(json: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries<unknown>(JSON.parse(json)).map(([name, value]) => [name, Number(value)]));
}
