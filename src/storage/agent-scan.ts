import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { posix } from 'node:path';

/** A process that is a coding agent by the program it runs. */
export interface ScannedAgent {
  readonly agent: string;
  readonly pid: number;
  readonly cwd: string;
  /** Why it is not this person's, or not within reach. */
  readonly notOurs?: string;
}

/** Programs by the name they are started with, whole: `claude-squad` is another one. */
const programs: Readonly<Record<string, string>> = {
  claude: 'claude-code',
  codex: 'codex',
  gemini: 'gemini',
  qwen: 'qwen',
  opencode: 'opencode',
  'cursor-agent': 'cursor-agent',
};
/** Programs that run as a script of this package. */
const packages: Readonly<Record<string, string>> = {
  '@anthropic-ai/claude-code': 'claude-code',
  '@openai/codex': 'codex',
  '@google/gemini-cli': 'gemini',
  '@qwen-code/qwen-code': 'qwen',
  '@github/copilot': 'copilot',
  'opencode-ai': 'opencode',
};
const interpreters: ReadonlySet<string> = new Set(['node', 'bun', 'deno']);

/** Which agent a command line starts; `undefined` for everything that only has its name somewhere in its arguments. */
export function agentOf([program = '', ...args]: readonly string[]): string | undefined {
  const name = posix.basename(program);
  const script = interpreters.has(name) ? args.find((word) => !word.startsWith('-')) : program;
  if (script === undefined) return undefined;
  const byName = posix.basename(script);
  if (Object.hasOwn(programs, byName)) return programs[byName];
  const found = Object.keys(packages).find((one) => script.includes(`/node_modules/${one}/`));
  return found === undefined ? undefined : packages[found];
}

/** What the system says runs now, whoever started it. Nothing on Windows: there the agents' own registries have to do. */
export function scanAgents(platform: NodeJS.Platform = process.platform): readonly ScannedAgent[] {
  if (platform === 'linux') return linuxAgents();
  return platform === 'win32' ? [] : psAgents();
}

function linuxAgents(): readonly ScannedAgent[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const agent = agentOf(text(pid, 'cmdline').split('\0'));
    if (agent === undefined) return [];
    const why = whyNotOurs(pid);
    return [{ agent, pid: Number(pid), cwd: link(pid, 'cwd'), ...(why === undefined ? {} : { notOurs: why }) }];
  });
}

function whyNotOurs(pid: string): string | undefined {
  const { uid } = userInfo();
  const owner = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
  if (owner !== uid) return `it belongs to another user (uid ${owner})`;
  if (link(pid, 'ns/pid') !== link('self', 'ns/pid')) return 'it runs in another container';
  const home = text(pid, 'environ')
    .split('\0')
    .find((one) => one.startsWith('HOME='))
    ?.slice('HOME='.length);
  return otherHome(home ?? 'none');
}

function otherHome(home: string): string | undefined {
  return home === homedir() ? undefined : `it runs with another HOME (${home})`;
}

/** Empty for a process that is gone meanwhile, or is not ours. */
function text(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function link(pid: string, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}

/** `ps` joins the words of a command line: a path with spaces in it is not recognised. `-E` adds the variables, where it may. */
function psAgents(): readonly ScannedAgent[] {
  const { uid } = userInfo();
  return psLines().flatMap((line) => {
    const [, pid, owner, command] = /^\s*(\d+)\s+(\d+)\s+(.+)$/.exec(line) ?? [];
    const agent = agentOf((command ?? '').split(/\s+/));
    if (agent === undefined) return [];
    const home = / HOME=(\S+)/.exec(command ?? '')?.[1];
    const why = Number(owner) === uid ? otherHome(home ?? homedir()) : `it belongs to another user (uid ${owner})`;
    return [{ agent, pid: Number(pid), cwd: '', ...(why === undefined ? {} : { notOurs: why }) }];
  });
}

function psLines(): readonly string[] {
  try {
    return execFileSync('ps', ['-axEwwo', 'pid=,uid=,command='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  } catch {
    return [];
  }
}
