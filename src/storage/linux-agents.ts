import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { agentOf } from './agent-programs.ts';
import { placeIn, type AgentFound, type AgentProcesses } from './agent-processes.ts';
import { nearestPackage } from './nearest-package.ts';

interface Looked {
  readonly line: string;
  /** How often in this form. */
  readonly looks: number;
  readonly found: AgentFound | undefined;
}

/** A process that has just begun may still become another program. */
const youngLooks = 5;

/** Agents by /proc. One look at some hundred processes takes a few milliseconds: what was no agent is looked at again every other time. */
export class LinuxAgents implements AgentProcesses {
  readonly #home: string;
  readonly #proc: string;
  readonly #known = new Map<number, Looked>();
  #round = 0;

  constructor({ home = homedir(), proc = '/proc' }: { readonly home?: string; readonly proc?: string } = {}) {
    this.#home = home;
    this.#proc = proc;
  }

  readonly all = async (): Promise<readonly AgentFound[]> => {
    this.#round += 1;
    const pids = new Set(this.#pids());
    for (const pid of this.#known.keys()) if (!pids.has(pid)) this.#known.delete(pid);
    return [...pids].flatMap((pid) => this.#look(pid) ?? []);
  };

  readonly placeOf = (pid: number) => this.#placeOf(pid, this.#environment(pid));

  #pids(): readonly number[] {
    return readdirSync(this.#proc)
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  }

  #look(pid: number): AgentFound | undefined {
    const known = this.#known.get(pid);
    const isOld = known !== undefined && known.found === undefined && known.looks > youngLooks;
    if (isOld && (pid + this.#round) % 2 === 0) return undefined;
    const line = this.#read(pid, 'cmdline');
    const isSame = known?.line === line && (known.found === undefined || known.found.process.start === this.#stat(pid)?.start);
    const found = isSame ? this.#again(known.found) : this.#meet(pid, line);
    this.#known.set(pid, { line, looks: isSame ? known.looks + 1 : 1, found });
    return found;
  }

  /** An agent may have moved to another folder. */
  #again(found: AgentFound | undefined): AgentFound | undefined {
    return found === undefined ? undefined : { ...found, cwd: this.#link(found.process.pid, 'cwd') };
  }

  #meet(pid: number, line: string): AgentFound | undefined {
    const argv = line.replace(/\0+$/, '').split('\0');
    const program = agentOf(argv, (file) => nearestPackage(file === argv[0] ? this.#link(pid, 'exe') : this.#absolute(pid, file)));
    const stat = program === undefined ? undefined : this.#stat(pid);
    if (program === undefined || stat === undefined || !this.#isOurs(pid)) return undefined;
    const environment = this.#environment(pid);
    return {
      ...program,
      process: { pid, start: stat.start },
      parent: stat.parent,
      startedAt: this.#bootedAt() + Number(stat.start) * 10,
      cwd: this.#link(pid, 'cwd'),
      place: this.#placeOf(pid, environment),
      environment,
    };
  }

  /** Another user's is not ours to govern, nor is one with another home: it belongs to another governor. */
  #isOurs(pid: number): boolean {
    const owner = statSync(`${this.#proc}/${pid}`, { throwIfNoEntry: false })?.uid;
    return owner === process.getuid?.() && this.#environment(pid)['HOME'] === this.#home;
  }

  #placeOf(pid: number, environment: Readonly<Record<string, string | undefined>>) {
    const stat = this.#stat(pid);
    const parent = stat === undefined ? '' : this.#read(stat.parent, 'comm').trim();
    return placeIn(environment, ttyOf(stat?.tty ?? 0), parent === '' ? undefined : parent);
  }

  #absolute(pid: number, file: string): string {
    return file.startsWith('/') ? file : `${this.#link(pid, 'cwd')}/${file}`;
  }

  #environment(pid: number): Readonly<Record<string, string | undefined>> {
    const lines = this.#read(pid, 'environ').split('\0');
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  }

  /** proc_pid_stat(5), counted from behind the name, which may contain anything. */
  #stat(pid: number): { readonly parent: number; readonly tty: number; readonly start: string } | undefined {
    const stat = this.#read(pid, 'stat');
    const [state, parent, , , tty, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const start = rest[14];
    return start === undefined || state === 'Z' || state === 'X' ? undefined : { parent: Number(parent), tty: Number(tty), start };
  }

  #bootedAt(): number {
    return Number(/^btime (\d+)$/m.exec(readFileSync(`${this.#proc}/stat`, 'utf8'))?.[1] ?? 0) * 1000;
  }

  /** Empty for a process that is gone meanwhile, or is not ours. */
  #read(pid: number, name: string): string {
    try {
      return readFileSync(`${this.#proc}/${pid}/${name}`, 'utf8');
    } catch {
      return '';
    }
  }

  #link(pid: number, name: string): string {
    try {
      return readlinkSync(`${this.#proc}/${pid}/${name}`);
    } catch {
      return '';
    }
  }
}

/** The device's number in Linux' form: 136 to 143 are the pseudo-terminals, 4 the consoles. */
function ttyOf(device: number): string | undefined {
  const major = (device >> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts/${(major - 136) * 256 + minor}`;
  return major === 4 ? `tty${minor}` : undefined;
}
