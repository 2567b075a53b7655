import { readFileSync } from 'node:fs';

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'fish', 'ksh', 'ash', 'busybox', 'csh', 'tcsh', 'nu', 'env']);
const depth = 4;

/**
 * The agent's own process: our parent, or what started the shells between us. The shell tells what it is a child of (`--parent=`); where
 * the system shows more, shells are looked through.
 */
export function clientOf(agent: string): number {
  if (agent === 'claude-code') return process.ppid;
  const told = process.argv.find((argument) => argument.startsWith('--parent='))?.slice('--parent='.length);
  return beyondShells(told !== undefined && /^[1-9]\d*$/.test(told) ? Number(told) : process.ppid);
}

function beyondShells(pid: number): number {
  let at = pid;
  for (let n = 0; n < depth; n += 1) {
    const { name, parent } = statusOf(at);
    if (!shells.has(name) || parent <= 1) return at;
    at = parent;
  }
  return at;
}

function statusOf(pid: number): { readonly name: string; readonly parent: number } {
  try {
    const [, name = '', parent = ''] = /\((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return { name: '', parent: 0 };
  }
}
