import { existsSync, rmSync, writeFileSync, chmodSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePrivateFolder, type Home } from '../home.ts';
import { launchedCommand, type HookProgram } from './hook-command.ts';
import { launcherScript } from './launcher-script.ts';
import { plainText } from './plain-text.ts';

/**
 * A program of a few lines in our own folder, which starts the hook that is installed now. Its name stands in the files of agents: some
 * trust a hook by its command line, which must not change when Countersign is updated.
 */
export function renderLauncher(program: HookProgram): void {
  const command = launchedCommand(program);
  if (command.launcher === undefined) return;
  ensurePrivateFolder(program.home.agents);
  const text = launcherScript(command, program.home.hookLine);
  if (plainText(command.launcher) === text) return;
  const aside = `${command.launcher}.${process.pid}`;
  writeFileSync(aside, text, { mode: 0o700 });
  chmodSync(aside, 0o700);
  renameSync(aside, command.launcher);
}

/** Writes it anew where the program that it starts is gone: an editor removes the folder of an extension's old version. */
export function renewLauncher(program: HookProgram): boolean {
  const { launcher } = launchedCommand(program);
  const text = launcher === undefined ? undefined : plainText(launcher);
  if (text === undefined) return false;
  const programs = /^# (.*)\n# (.*)$/m.exec(text)?.slice(1) ?? [];
  if (programs.length === 2 && programs.every((file) => existsSync(file))) return false;
  renderLauncher(program);
  return true;
}

export function removeLauncher(home: Home): void {
  rmSync(join(home.agents, 'hook'), { force: true });
}
