import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { agentProgram, type Package } from './agent-programs.ts';
import { nearestPackage } from './nearest-package.ts';

/** A process that is a coding agent by the program it runs. */
export interface ScannedAgent {
  readonly agent: string;
  readonly pid: number;
  readonly cwd: string;
  /** Why it is not this person's, or not within reach. */
  readonly notOurs?: string;
}

/** Which agent a command line starts, `program` being the file behind its first word; `undefined` for what only has a name of one in its arguments. */
export function agentOf(argv: readonly string[], program = argv[0] ?? ''): string | undefined {
  return agentProgram(argv, (word) => {
    const file = word === argv[0] ? program : word;
    return packageIn(file) ?? nearestPackage(file);
  });
}

/** A path says it where the file itself can no longer be read. */
function packageIn(file: string): Package | undefined {
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  return name === undefined ? undefined : { name, version: '' };
}

/** What the system says runs now, whoever started it. Nothing on Windows: there the agents' own registries have to do. */
export function scanAgents(platform: NodeJS.Platform = process.platform): readonly ScannedAgent[] {
  if (platform === 'linux') return linuxAgents();
  return platform === 'win32' ? [] : psAgents();
}

function linuxAgents(): readonly ScannedAgent[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const agent = agentOf(text(pid, 'cmdline').replace(/\0+$/, '').split('\0'), link(pid, 'exe'));
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
