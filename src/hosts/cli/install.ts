import { createInterface } from 'node:readline/promises';
import { renderedRuntime } from './runtime.ts';
import { installClaudeCode, planClaudeCode, uninstallClaudeCode, type ClaudeCodeOptions } from '../../storage/install/claude-code.ts';
import { openHome } from '../../storage/home.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { type Command, type ExitCode, parse, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { version } from './version.ts';

export const install: Command = {
  name: 'install',
  summary: "put the hooks into an agent's configuration",
  usage: 'countersign install claude-code [--yes] [--disable-skill-shell | --keep-skill-shell]',
  run: async (args, terminal) => {
    const flag = { type: 'boolean' } as const;
    const { values, positionals } = parse(args, { yes: flag, managed: flag, 'disable-skill-shell': flag, 'keep-skill-shell': flag });
    known(positionals[0]);
    if (values.managed) throw new WrongUsage('--managed is not in this version');
    return putIn(terminal, {
      yes: values.yes === true,
      skillShell: values['disable-skill-shell'] ? false : values['keep-skill-shell'] ? true : undefined,
    });
  },
};

interface Wish {
  readonly yes: boolean;
  /** Whether skills may go on running shell commands of their own; `undefined`: ask. */
  readonly skillShell: boolean | undefined;
}

async function putIn(terminal: Terminal, { yes, skillShell }: Wish): Promise<ExitCode> {
  const options = await optionsFor(false);
  const plan = await planClaudeCode(options);
  for (const { file, before, after } of plan)
    terminal.out(`${before === undefined ? 'new' : 'change'} ${file}${yes ? '' : `\n${indent(difference(before, after))}`}`);
  if (plan.length === 0) terminal.out('The hooks are in place already.');
  if (!yes && !(await agreed(terminal, 'Install? [y/N] '))) return notDone(terminal, yes);
  const disableSkillShellExecution = skillShell === undefined ? await askAboutSkills(terminal, yes) : !skillShell;
  await installClaudeCode({ ...options, disableSkillShellExecution });
  terminal.out('Claude Code is governed from its next session on; sessions that run already are not, until they are restarted.');
  return 0;
}

/** Inline shell in skills runs past every hook; switching it off is the person's choice. */
async function askAboutSkills(terminal: Terminal, yes: boolean): Promise<boolean> {
  if (yes || !terminal.interactive) return false;
  terminal.out('Skills and slash commands can run shell commands of their own that no hook sees.');
  return agreed(terminal, 'Switch that off (disableSkillShellExecution)? [y/N] ');
}

export const uninstall: Command = {
  name: 'uninstall',
  summary: "take every trace of the hooks out of an agent's configuration",
  usage: 'countersign uninstall claude-code [--yes]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { yes: { type: 'boolean' } });
    known(positionals[0]);
    refuseAgents('"countersign uninstall"');
    if (!values.yes && !(await agreed(terminal, 'Take the hooks out of Claude Code? Its sessions are not governed any more then. [y/N] ')))
      return notDone(terminal, false);
    const { restored, edited, left } = uninstallClaudeCode(await optionsFor(true));
    for (const file of restored) terminal.out(`as it was before: ${file}`);
    for (const file of edited) terminal.out(`without our part (it was changed since): ${file}`);
    for (const file of left) terminal.err(`could not be read as JSON, look yourself: ${file}`);
    return left.length === 0 ? 0 : 1;
  },
};

/** The port is the governor's to choose, so it is started; taking out needs none. */
async function optionsFor(leaving: boolean): Promise<ClaudeCodeOptions> {
  const home = openHome();
  const port = leaving ? 1 : await withGovernor(async (client) => (await client.call('status', {})).port);
  return { home, version, port, token: readOrCreateToken(home.hookToken), ...renderedRuntime() };
}

function known(agent: string | undefined): void {
  const name = required(agent, 'the AGENT');
  if (name !== 'claude-code') throw new WrongUsage(`"${name}" is not one of the agents of this version: claude-code`);
}

async function agreed(terminal: Terminal, question: string): Promise<boolean> {
  if (!terminal.interactive) return false;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y/i.test(await lines.question(question));
  } finally {
    lines.close();
  }
}

/** On a pipe nothing is asked: what would change was shown, and that is all. */
function notDone(terminal: Terminal, yes: boolean): ExitCode {
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
