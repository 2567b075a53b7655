import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { agentOf } from './agent-programs.ts';
import { placeIn, type AgentFound, type AgentProcesses } from './agent-processes.ts';
import { nearestPackage } from './nearest-package.ts';

const run = promisify(execFile);
const columns = 'pid=,ppid=,uid=,tty=,lstart=,command=';

/**
 * macOS and the BSDs, from what `ps` prints. Never run on a Mac by us. `-E` puts the environment behind the arguments, both
 * without quotes: a path with a space in it is not understood, and the folder is not told.
 */
export class PsAgents implements AgentProcesses {
  #places = new Map<number, AgentFound['place']>();

  readonly all = async (): Promise<readonly AgentFound[]> => {
    const options = { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await run('ps', ['-axEwwo', columns], options);
    const found = stdout.split('\n').flatMap((line) => psAgent(line, process.getuid?.() ?? 0, homedir()) ?? []);
    this.#places = new Map(found.map(({ process: { pid }, place }) => [pid, place]));
    return found;
  };

  readonly placeOf = (pid: number) => this.#places.get(pid) ?? {};
}

export function psAgent(line: string, uid: number, home: string): AgentFound | undefined {
  const [, pid, parent, owner, tty, start, command = ''] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+ [\d:]+ \d+)\s+(.*)$/.exec(line) ?? [];
  if (start === undefined || Number(owner) !== uid) return undefined;
  const words = command.split(' ');
  const firstVariable = words.findIndex((word) => /^[A-Z_][A-Z0-9_]*=/.test(word));
  const argv = firstVariable < 0 ? words : words.slice(0, firstVariable);
  const variables = (firstVariable < 0 ? [] : words.slice(firstVariable)).map((word) => word.split('='));
  const environment = Object.fromEntries(variables.map(([name = '', ...value]) => [name, value.join('=')]));
  const program = agentOf(argv, nearestPackage);
  if (program === undefined || environment['HOME'] !== home) return undefined;
  return {
    ...program,
    process: { pid: Number(pid), start },
    parent: Number(parent),
    startedAt: Date.parse(start),
    cwd: '',
    place: placeIn(environment, tty === '??' ? undefined : tty, undefined),
    environment,
  };
}
