import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { AgentProcess } from '../governor/ports.ts';
import { agentOf, agentProgram } from './agent-programs.ts';
import { nearestPackage } from './nearest-package.ts';

/** How a process that runs was started. */
export interface ProcessStart {
  readonly program: string;
  /** What stands before the agent's own arguments: the script, where the program is a runtime. */
  readonly script: readonly string[];
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Throws, saying why, where that cannot be known. Linux only. */
export function startOf(agent: AgentProcess, proc = '/proc'): ProcessStart {
  if (process.platform !== 'linux') throw new Error(elsewhere);
  const folder = `${proc}/${agent.pid}`;
  try {
    const argv = readFileSync(`${folder}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
    const [program, cwd] = [readlinkSync(`${folder}/exe`), readlinkSync(`${folder}/cwd`)];
    const environment = variablesIn(readFileSync(`${folder}/environ`, 'utf8'));
    // Last: then all of it was this process's.
    if (startTime(readFileSync(`${folder}/stat`, 'utf8')) !== agent.start) throw new Error('another process has its number by now');
    return { program, cwd, environment, ...split(argv, program) };
  } catch (cause) {
    throw new Error(`How process ${agent.pid} was started cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

const elsewhere =
  'On this system nobody can read with which options and variables a session was started; "countersign doctor" in its folder proves what sessions that start there do';

function split(argv: readonly string[], program: string): Pick<ProcessStart, 'script' | 'args'> {
  // Installers name the program after its version; what it calls itself tells then.
  const known = [[program, ...argv.slice(1)], argv].find((words) => agentProgram(words, nearestPackage) !== undefined);
  if (known === undefined) throw new Error(`${program} is no agent that is known here`);
  const isRuntime = agentProgram(argv.slice(0, 1), nearestPackage) === undefined && /^(node|nodejs|bun|deno)$/.test(basename(program));
  if (!isRuntime) return { script: [], args: argv.slice(1) };
  const at = argv.length - (agentOf(known, nearestPackage)?.args.length ?? 0);
  return { script: argv.slice(1, at), args: argv.slice(at) };
}

function variablesIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\0').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** proc_pid_stat(5), counted from behind the name, which may contain anything. */
function startTime(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
