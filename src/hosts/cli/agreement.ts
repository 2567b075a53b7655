import { createInterface } from 'node:readline/promises';
import type { PlannedChange, Uninstalled } from '../../storage/install/plugin-install.ts';
import type { ExitCode, Terminal } from './command.ts';

/** What would change, for a person to look at. */
export function showPlan(terminal: Terminal, plan: readonly PlannedChange[], isBrief: boolean): void {
  for (const { file, before, after } of plan)
    terminal.out(`${before === undefined ? 'new' : 'change'} ${file}${isBrief ? '' : `\n${indent(difference(before, after))}`}`);
  if (plan.length === 0) terminal.out('The hooks are in place already.');
}

/** What became of each file. */
export function tellUninstalled(terminal: Terminal, { restored, edited, left }: Uninstalled): ExitCode {
  for (const file of restored) terminal.out(`as it was before: ${file}`);
  for (const file of edited) terminal.out(`without our part (it was changed since): ${file}`);
  for (const file of left) terminal.err(`could not be read, look yourself: ${file}`);
  return left.length === 0 ? 0 : 1;
}

/** Asks, where a person can be asked. */
export async function agreed(terminal: Terminal, question: string): Promise<boolean> {
  if (!terminal.interactive) return false;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y/i.test(await lines.question(question));
  } finally {
    lines.close();
  }
}

/** On a pipe nothing is asked: what would change was shown, and that is all. */
export function notDone(terminal: Terminal, yes: boolean): ExitCode {
  terminal.err(terminal.interactive || yes ? 'Nothing was changed.' : 'Nothing was changed; --yes does it.');
  return terminal.interactive ? 1 : 0;
}

/** The lines that go and come. Enough for files that we add members to; not a diff algorithm. */
function difference(before: string | undefined, after: string): string {
  const old = (before ?? '').split('\n');
  const fresh = after.split('\n');
  const gone = old.filter((line) => line !== '' && !fresh.includes(line)).map((line) => `- ${line}`);
  const come = fresh.filter((line) => line !== '' && !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
