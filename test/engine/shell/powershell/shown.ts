import type { CommandAnalysis, Word } from '../../../../src/engine/shell/analysis.ts';
import { analyzeCommand } from '../../../../src/engine/shell/analyze.ts';
import { analyzePowerShell } from '../../../../src/engine/shell/powershell/analyze.ts';

const scripts: Readonly<Record<string, string>> = {
  'C:/work/clean.ps1': 'Remove-Item -Recurse C:\\x',
  '/work/clean.ps1': 'Remove-Item -Recurse /x',
};

export function analyzed(text: string, cwd = 'C:/work'): CommandAnalysis {
  const surroundings = { cwd, home: '/home/ada', readText: (path: string) => scripts[path] };
  return analyzePowerShell(text, { ...surroundings, shell: (shell) => analyzeCommand(shell, surroundings) });
}

/** `wrapper > program words`, one for each invocation; `…` is unknown. */
export function shown(text: string, cwd?: string): readonly string[] {
  return analyzed(text, cwd).invocations.map(({ program, args, wrappers }) =>
    [...wrappers.flatMap((wrapper) => [wrapper, '>']), program ?? '…', ...args.map(shownWord)].join(' '),
  );
}

/** `mode path` of every file; `delete*` takes everything below with it. */
export function files(text: string, cwd?: string): readonly string[] {
  return analyzed(text, cwd).invocations.flatMap((invocation) =>
    invocation.files.map(({ mode, target, recursive }) => `${mode}${recursive === true ? '*' : ''} ${shownWord(target)}`),
  );
}

function shownWord(word: Word): string {
  return typeof word === 'string' ? word : word.parts.map((part) => part ?? '…').join('');
}
