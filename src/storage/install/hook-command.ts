import { homedir } from 'node:os';
import { join } from 'node:path';
import type { HookCommand } from '../../agents/hook-command.ts';
import type { Home } from '../home.ts';

/** Handed on from the person's environment: they decide where our socket and the client's files are. */
const handedOn = ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'GEMINI_CLI_HOME', 'XDG_RUNTIME_DIR', 'TMPDIR'];

/** What is needed to start the command hook. */
export interface HookProgram {
  readonly home: Home;
  /** Absolute paths of a Node runtime and of the command hook. */
  readonly runtime: string;
  readonly script: string;
  /** The runtime is an editor's binary: it has to be told to be Node. */
  readonly isElectron?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** How clients start it. */
export function hookCommand({ home, runtime, script, isElectron, environment = process.env }: HookProgram): HookCommand {
  const more = handedOn.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  return {
    platform: process.platform === 'win32' ? 'windows' : 'unix',
    runtime,
    script,
    environment: {
      HOME: environment['HOME'] || homedir(),
      COUNTERSIGN_HOME: home.root,
      ...Object.fromEntries(more),
      ...(isElectron === true ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
    },
  };
}

/** The same by a name that stays, for clients that trust a hook by its command line. */
export function launchedCommand(program: HookProgram): HookCommand {
  const command = hookCommand(program);
  return command.platform === 'windows' ? command : { ...command, launcher: join(program.home.agents, 'hook') };
}
