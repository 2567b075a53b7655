import type { Installer } from './installer.ts';

/** Its hooks are those of our extension's chat plugin: what is installed is only the program that they start. */
export const vscodeChatInstaller: Installer = {
  agent: 'vscode',
  title: 'VS Code’s own chat agent',
  edits: () => [],
  next: 'What the hooks of our extension start is in place. VS Code runs them while its setting countersign.governVsCodeChat is on.',
};
