import type { ExitCode, Terminal } from './command.ts';
export function report(_args: readonly string[], _terminal: Terminal): ExitCode {
  return 1;
}
