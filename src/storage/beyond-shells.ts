import { readFileSync } from 'node:fs';

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'zsh', 'fish', 'ksh', 'ash', 'busybox', 'csh', 'tcsh', 'nu', 'env']);
const depth = 4;

/** The process `pid`, or where that is a shell, what started the shells. Where the system does not show it, `pid`. */
export function beyondShells(pid: number): number {
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
