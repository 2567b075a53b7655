import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { shellWord } from '../../agents/shell-word.ts';
import { ensurePrivateFolder, type Home } from '../home.ts';
import { writePrivately } from '../private-file.ts';
import { nodeOptionsVariable, personIn, personVariable } from './person-environment.ts';
import { plainText } from './plain-text.ts';

/** What starts the gateway. */
export interface GatewayProgram {
  readonly home: Home;
  /** Absolute paths of a Node runtime and of the gateway. */
  readonly runtime: string;
  readonly script: string;
  /** The runtime is an editor's binary: it has to be told to be Node. */
  readonly isElectron?: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A name that stays when Countersign is updated: it stands in configurations of clients. Windows starts no program of a few lines. */
export function gatewayCommand({ home, runtime, script }: GatewayProgram): readonly [string, ...string[]] {
  return process.platform === 'win32' ? [runtime, script] : [gatewayLauncher(home)];
}

export function gatewayLauncher(home: Home): string {
  return join(home.agents, 'mcp-gateway');
}

/** Writes the program behind that name. */
export function renderGatewayLauncher(program: GatewayProgram): void {
  if (process.platform === 'win32') return;
  const file = gatewayLauncher(program.home);
  const text = launcherText(program);
  if (plainText(file) === text) return;
  ensurePrivateFolder(program.home.agents);
  writePrivately(file, text);
  chmodSync(file, 0o700);
}

/** Writes it anew where the program that it starts is gone: an editor removes the folder of an extension's old version. */
export function renewGatewayLauncher(program: GatewayProgram): void {
  const text = plainText(gatewayLauncher(program.home));
  const programs = /^# (.*)\n# (.*)$/m.exec(text ?? '')?.slice(1) ?? [];
  if (text !== undefined && (programs.length < 2 || !programs.every((file) => existsSync(file)))) renderGatewayLauncher(program);
}

export function removeGatewayLauncher(home: Home): void {
  rmSync(gatewayLauncher(home), { force: true });
}

/** Clients do not hand on what decides where our governor is, and hand on what a repository's configuration of a server says. */
function launcherText({ home, runtime, script, isElectron, environment = process.env }: GatewayProgram): string {
  const runtimeFolder = environment['XDG_RUNTIME_DIR'];
  const assignments = [
    `COUNTERSIGN_HOME=${shellWord(home.root)}`,
    ...(runtimeFolder ? [`XDG_RUNTIME_DIR=${shellWord(runtimeFolder)}`] : []),
    `${personVariable}=${shellWord(JSON.stringify(personIn(environment)))}`,
    // What the server's Node is to load, ours is not.
    `${nodeOptionsVariable}="$NODE_OPTIONS"`,
    'NODE_OPTIONS=',
    ...(isElectron === true ? ['ELECTRON_RUN_AS_NODE=1'] : []),
  ];
  return `#!/bin/sh\n# ${runtime}\n# ${script}\n${assignments.join(' ')} exec ${shellWord(runtime)} ${shellWord(script)} "$@"\n`;
}
