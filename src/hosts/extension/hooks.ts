import * as vscode from 'vscode';
import type { CliResult } from './cli.ts';
import { couldNot } from './complaints.ts';
import { shownPlan } from './shown-plan.ts';
import type { InstalledHooks } from './installed-hooks.ts';

/** Installs and removes the hooks through the bundled command line: one program knows how, for the editor and the terminal. */
export class Hooks {
  readonly #cli: (args: readonly string[]) => Promise<CliResult>;
  readonly #installed: InstalledHooks;
  readonly #log: vscode.LogOutputChannel;

  constructor(cli: (args: readonly string[]) => Promise<CliResult>, installed: InstalledHooks, log: vscode.LogOutputChannel) {
    this.#cli = cli;
    this.#installed = installed;
    this.#log = log;
  }

  async install(): Promise<void> {
    try {
      // Without --yes, and nobody to ask, the command only says what it would change.
      const plan = await this.#run(['install', 'claude-code']);
      const pressed = await vscode.window.showInformationMessage(
        'Install Countersign’s hooks for Claude Code?',
        { modal: true, detail: shownPlan(plan) },
        'Install',
      );
      if (pressed === undefined) return;
      const skillShell = await askAboutSkills();
      if (skillShell === undefined) return;
      await this.#run(['install', 'claude-code', '--yes', skillShell]);
      void vscode.window.showInformationMessage('Claude Code is governed from its next session on. Restart the sessions that run already.');
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('install the hooks', cause));
    } finally {
      await this.#installed.check();
    }
  }

  async installManaged(): Promise<void> {
    const args = ['install', 'claude-code', '--managed'];
    try {
      const plan = await this.#run(args);
      const detail = `${shownPlan(plan)}\n\nThe system asks for an administrator’s password. “Only these hooks” also keeps hooks of projects and other plugins from running.`;
      const pressed = await vscode.window.showInformationMessage(
        'Install Countersign’s hooks as managed settings, which no project switches off?',
        { modal: true, detail },
        'Install',
        'Only these hooks',
      );
      if (pressed === undefined) return;
      const only = pressed === 'Only these hooks' ? ['--only-managed-hooks'] : [];
      await this.#run([...args, '--yes', '--keep-skill-shell', '--prompt', 'desktop', ...only]);
      void vscode.window.showInformationMessage('Claude Code’s managed settings have the hooks, from its next session on.');
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('install the hooks as managed settings', cause));
    } finally {
      await this.#installed.check();
    }
  }

  async uninstall(): Promise<void> {
    try {
      const detail = 'Claude Code’s settings become what they were. Its sessions are not governed any more, once they are restarted.';
      const pressed = await vscode.window.showWarningMessage(
        'Remove Countersign’s hooks from Claude Code?',
        { modal: true, detail },
        'Remove',
      );
      if (pressed === undefined) return;
      await this.#run(['uninstall', 'claude-code', '--yes', '--prompt', 'desktop']);
      void vscode.window.showInformationMessage('The hooks are removed from Claude Code.');
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot('remove the hooks', cause));
    } finally {
      await this.#installed.check();
    }
  }

  async #run(args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#cli(args);
    this.#log.info(`countersign ${args.join(' ')}: exit code ${exitCode}\n${stdout}${stderr}`);
    if (exitCode !== 0) throw new Error(stderr.trim().replace(/^countersign \w+: /, '') || `exit code ${exitCode}; see the log`);
    return stdout.trim();
  }
}

/** Inline shell in skills runs past every hook; switching it off is the person's choice. */
async function askAboutSkills(): Promise<'--disable-skill-shell' | '--keep-skill-shell' | undefined> {
  const detail =
    'Claude Code’s skills and slash commands can contain shell commands that run without any hook seeing them. Switching that off (disableSkillShellExecution) closes the gap; skills that rely on it stop working.';
  const pressed = await vscode.window.showInformationMessage(
    'Let skills run shell commands that cannot be governed?',
    { modal: true, detail },
    'Switch it off',
    'Leave it on',
  );
  if (pressed === undefined) return undefined;
  return pressed === 'Switch it off' ? '--disable-skill-shell' : '--keep-skill-shell';
}
