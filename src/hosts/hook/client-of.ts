import { beyondShells } from '../../storage/beyond-shells.ts';

/**
 * The agent's own process: our parent, or what started the shells between us. The shell tells what it is a child of (`--parent=`); where
 * the system shows more, shells are looked through.
 */
export function clientOf(agent: string): number {
  if (agent === 'claude-code') return process.ppid;
  const told = process.argv.find((argument) => argument.startsWith('--parent='))?.slice('--parent='.length);
  return beyondShells(told !== undefined && /^[1-9]\d*$/.test(told) ? Number(told) : process.ppid);
}
