import { spawn } from 'node:child_process';
import type { Command, ExitCode } from './command.ts';
import { required } from './command.ts';
import { programPath } from './program.ts';

export const hook: Command = {
  name: 'hook',
  summary: 'the command hook of an agent: its message on stdin, the answer as that agent wants it',
  usage: 'countersign hook AGENT [EVENT]',
  run: (args) => {
    required(args[0], 'the AGENT');
    return runHook(args);
  },
};

/** The hook is a program of its own, so that its start stays small; everything but its 0 refuses. */
function runHook(args: readonly string[]): Promise<ExitCode> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [programPath('hook'), ...args], { stdio: 'inherit' });
    child.on('error', () => resolve(2));
    child.on('exit', (code) => resolve(code === 0 ? 0 : 2));
  });
}
