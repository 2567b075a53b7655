import * as vscode from 'vscode';
import type { CliResult } from './cli.ts';
import { couldNot } from './complaints.ts';

/** Installs and removes the hooks through the bundled command line: one program knows how, for the editor and the terminal. */
export class Hooks {
  readonly #cli: (args: readonly string[]) => Promise<CliResult>;
  readonly #log: vscode.LogOutputChannel;

  constructor(cli: (args: readonly string[]) => Promise<CliResult>, log: vscode.LogOutputChannel) {
    this.#cli = cli;
    this.#log = log;
  }

  async change(verb: 'install' | 'uninstall'): Promise<void> {
    const words = verb === 'install' ? ['Install', 'install the hooks'] : ['Remove', 'remove the hooks'];
    try {
      // Without --yes, and nobody to ask, the command only says what it would change.
      const plan = await this.#cli([verb, 'claude-code']);
      const detail = (plan.stdout.trim() || plan.stderr.trim()).slice(0, 4000);
      const question = verb === 'install' ? 'Install Countersign’s hooks for Claude Code?' : 'Remove Countersign’s hooks from Claude Code?';
      const pressed = await vscode.window.showInformationMessage(question, { modal: true, detail }, words[0] ?? '');
      if (pressed === undefined) return;
      const done = await this.#cli([verb, 'claude-code', '--yes']);
      this.#log.info(`${verb} claude-code: exit ${done.exitCode}\n${done.stdout}${done.stderr}`);
      if (done.exitCode !== 0) throw new Error(done.stderr.trim() || `exit code ${done.exitCode}`);
      void vscode.window.showInformationMessage(verb === 'install' ? 'Claude Code is governed from its next session on. Restart the running ones.' : 'The hooks are removed.');
    } catch (cause) {
      void vscode.window.showErrorMessage(couldNot(words[1] ?? verb, cause));
    }
  }
}
