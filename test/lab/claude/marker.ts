import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bash } from './model.ts';
import type { Turn } from './model-messages.ts';

/**
 * Says whether a tool call really ran, whatever anybody claims: the call leaves a line in a file, or it does not.
 * A line per run, so that a call that ran twice shows. The command begins with `echo <name>`, for policies to tell it by.
 */
export interface Marker {
  readonly path: string;
  readonly command: string;
  /** The call as a turn of the model. */
  readonly turn: Turn;
  readonly runs: () => number;
}

export function marker(directory: string, name: string): Marker {
  const path = join(directory, `ran-${name}`);
  const command = `echo ${name} >> ${path}`;
  return { path, command, turn: bash(command), runs: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0) };
}
