import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** The process group; 0 where there is no such thing. */
  readonly group: number;
  /** When it started, in the system's own words: together with the pid it names one process for ever. */
  readonly start: string;
}

/** What the system knows about its processes. Those that have ended but were not yet collected by their parent do not count. */
export interface ProcessTable {
  readonly all: () => readonly RunningProcess[];
  readonly one: (pid: number) => RunningProcess | undefined;
  /** The pids of those processes of ours that were started with this variable set to this value. */
  readonly withVariable: (name: string, value: string, among: readonly RunningProcess[]) => readonly number[];
  /** Throws, as `process.kill` does. `hard` cannot be refused by the process. */
  readonly signal: (pid: number, how: 'clean' | 'hard') => void;
}

export function processTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  if (platform === 'linux') return linuxTable;
  return platform === 'win32' ? windowsTable : psTable;
}

const linuxTable: ProcessTable = {
  all: () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => linuxProcess(Number(name)) ?? []),
  one: linuxProcess,
  withVariable: (name, value, among) => among.map(({ pid }) => pid).filter((pid) => variablesOf(pid).includes(`${name}=${value}`)),
  signal: signalPosix,
};

/** proc_pid_stat(5). The name stands in parentheses and may contain anything, so everything is counted from the last one. */
function linuxProcess(pid: number): RunningProcess | undefined {
  const stat = procFile(pid, 'stat');
  const [state, parent, group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const start = rest[16];
  if (start === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), start };
}

function variablesOf(pid: number): readonly string[] {
  return procFile(pid, 'environ').split('\0');
}

/** Empty for a process that is gone meanwhile, or is not ours. */
function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function signalPosix(pid: number, how: 'clean' | 'hard'): void {
  process.kill(pid, how === 'clean' ? 'SIGTERM' : 'SIGKILL');
}

/** macOS and the BSDs. `ps -E` shows the variables of our own processes only, and on macOS not of Apple's own programs. */
const psTable: ProcessTable = {
  all: () => psLines(['-axo', 'pid=,ppid=,pgid=,stat=,lstart=']).flatMap((line) => psProcess(line) ?? []),
  one: (pid) => psLines(['-o', 'pid=,ppid=,pgid=,stat=,lstart=', '-p', String(pid)]).flatMap((line) => psProcess(line) ?? [])[0],
  withVariable: (name, value, among) => {
    const pids = psLines(['-axEwwo', 'pid=,command='])
      .filter((line) => line.split(/\s/).includes(`${name}=${value}`))
      .map((line) => Number.parseInt(line, 10));
    return among.map(({ pid }) => pid).filter((pid) => pids.includes(pid));
  },
  signal: signalPosix,
};

export function psProcess(line: string): RunningProcess | undefined {
  const [, pid, parent, group, state, start] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
  if (start === undefined || state?.startsWith('Z') === true) return undefined;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), start };
}

/** `ps -p` of a process that is gone exits with 1 and prints nothing. */
function psLines(args: readonly string[]): readonly string[] {
  return output('ps', args, { LC_ALL: 'C' });
}

/** Windows: as its documentation says; never run by us. There is no clean signal, and no process groups or foreign variables. */
const windowsTable: ProcessTable = {
  all: () => windowsProcesses(''),
  one: (pid) => windowsProcesses(` -Filter 'ProcessId=${pid}'`)[0],
  withVariable: () => [],
  signal: (pid, how) => {
    if (how === 'hard') execFileSync('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    else process.kill(pid, 'SIGTERM');
  },
};

function windowsProcesses(filter: string): readonly RunningProcess[] {
  const script = `Get-CimInstance Win32_Process${filter} | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.ToFileTimeUtc())" }`;
  return output('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], {}).flatMap((line) => {
    const [pid, parent, start] = line.trim().split(' ');
    return start === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), group: 0, start }];
  });
}

function output(program: string, args: readonly string[], extra: Readonly<Record<string, string>>): readonly string[] {
  try {
    const text = execFileSync(program, [...args], {
      encoding: 'utf8',
      env: { ...process.env, ...extra },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    return text.split('\n').filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}
