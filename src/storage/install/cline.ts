import { homedir } from 'node:os';
import { join } from 'node:path';
import type { HookCommand } from '../../agents/hook-command.ts';
import { shellWord } from '../../agents/shell-word.ts';
import { launchedCommand } from './hook-command.ts';
import type { FileEdit, Installer } from './installer.ts';
import { ownFile } from './own-file.ts';
import { proveByTrial } from './trial.ts';
import { clineTrial } from './trials.ts';

/** Cline's command line: a program for each event, called like it. */
export const clineInstaller: Installer = {
  agent: 'cline',
  title: 'Cline',
  obstacle: () => Promise.resolve(process.platform === 'win32' ? 'Hooks of Cline on Windows were not tried' : undefined),
  edits: (wish) => {
    const folder = join(wish.environment['HOME'] || homedir(), '.cline', 'hooks');
    return events.map((event): FileEdit => ({
      ...ownFile(join(folder, event), programFor(launchedCommand(wish), event), mark),
      isProgram: true,
    }));
  },
  prove: (wish, cwd) => proveByTrial(clineTrial, wish, cwd),
};

const events = ['PreToolUse', 'PostToolUse', 'TaskStart', 'TaskComplete'];

const mark = 'Countersign put this file here';
const refusal = JSON.stringify({ cancel: true, errorMessage: 'Refused by Countersign: its hook program gave no answer.' });

/** Only before a call does it heed an answer, and then only what is printed: whatever is not one whole answer of ours becomes a "no". */
export function programFor({ runtime, script, launcher, environment }: HookCommand, event: string): string {
  const assignments = Object.entries({ PATH: '/usr/bin:/bin', ...environment }).map(([name, value]) => `${name}=${value}`);
  const program = launcher === undefined ? ['/usr/bin/env', '-i', ...assignments, runtime, script] : [launcher];
  const words = [...program, 'cline', event, '--installed'].map(shellWord).join(' ');
  const otherwise = event === 'PreToolUse' ? refusal : '{}';
  return `#!/bin/sh
# ${mark}: it asks Countersign about each tool call. "countersign uninstall cline" takes it away again.
said=$(${words} "--parent=$PPID")
case "$said" in
  *'
'*) printf '%s\\n' ${shellWord(otherwise)} ;;
  '{'*'}') printf '%s\\n' "$said" ;;
  *) printf '%s\\n' ${shellWord(otherwise)} ;;
esac
`;
}
