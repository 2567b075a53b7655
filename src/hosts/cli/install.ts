import { renderedRuntime } from './runtime.ts';
import { installClaudeCode, planClaudeCode, uninstallClaudeCode, type ClaudeCodeOptions } from '../../storage/install/claude-code.ts';
import type { Prompt } from '../../storage/install/elevation.ts';
import { hasManaged, installManaged, planManaged, uninstallManaged } from '../../storage/install/managed-install.ts';
import { openHome } from '../../storage/home.ts';
import { readOrCreateToken } from '../../storage/token.ts';
import { agreed, notDone, showPlan, tellUninstalled } from './agreement.ts';
import { type Command, type ExitCode, parse, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { installAgent, installerOf, tellWithoutGateway, uninstallAgent } from './install-agent.ts';
import { version } from './version.ts';

export const install: Command = {
  name: 'install',
  summary: "put the hooks into an agent's configuration",
  usage: [
    'countersign install claude-code [--yes] [--disable-skill-shell | --keep-skill-shell] [--managed [--only-managed-hooks] [--prompt terminal|desktop]]',
    'countersign install AGENT [--yes] [--with CHOICE]… [--managed]',
  ].join('\n'),
  run: async (args, terminal) => {
    const flag = { type: 'boolean' } as const;
    const { values, positionals } = parse(args, {
      yes: flag,
      managed: flag,
      'only-managed-hooks': flag,
      prompt: { type: 'string' },
      'disable-skill-shell': flag,
      'keep-skill-shell': flag,
      with: { type: 'string', multiple: true },
    });
    const installer = installerOf(positionals[0]);
    if (installer !== undefined)
      return installAgent(terminal, installer, { yes: values.yes === true, managed: values.managed === true, choices: values.with ?? [] });
    if (!values.managed && values['only-managed-hooks']) throw new WrongUsage('--only-managed-hooks goes with --managed');
    if (values.managed) refuseAgents('"countersign install --managed"');
    return putIn(terminal, {
      yes: values.yes === true,
      ...(values.managed ? { managed: { onlyManagedHooks: values['only-managed-hooks'] === true, prompt: promptOf(values.prompt) } } : {}),
      skillShell: values['disable-skill-shell'] ? false : values['keep-skill-shell'] ? true : undefined,
    });
  },
};

interface Wish {
  readonly yes: boolean;
  /** Whether skills may go on running shell commands of their own; `undefined`: ask. */
  readonly skillShell: boolean | undefined;
  /** Also as settings that nobody but an administrator changes. */
  readonly managed?: { readonly onlyManagedHooks: boolean; readonly prompt: Prompt };
}

async function putIn(terminal: Terminal, { yes, skillShell, managed }: Wish): Promise<ExitCode> {
  const options = await optionsFor(false);
  const above = managed === undefined ? undefined : { ...managed, home: options.home };
  const plan = [...(await planClaudeCode(options)), ...(above === undefined ? [] : planManaged(above))];
  showPlan(terminal, plan, yes);
  if (!yes && !(await agreed(terminal, 'Install? [y/N] '))) return notDone(terminal, yes);
  const disableSkillShellExecution = skillShell === undefined ? await askAboutSkills(terminal, yes) : !skillShell;
  await installClaudeCode({ ...options, disableSkillShellExecution });
  if (above !== undefined) {
    await installManaged(above).catch((cause: unknown) => {
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}. ${onlyOwn}`, { cause });
    });
    terminal.out('The hooks are in the managed settings: no file of a project or a person switches them off.');
  }
  terminal.out('Claude Code is governed from its next session on; sessions that run already are not, until they are restarted.');
  return 0;
}

const onlyOwn = 'The hooks are in your own settings all the same: Claude Code is governed from its next session on';

/** Inline shell in skills runs past every hook; switching it off is the person's choice. */
async function askAboutSkills(terminal: Terminal, yes: boolean): Promise<boolean> {
  if (yes || !terminal.interactive) return false;
  terminal.out('Skills and slash commands can run shell commands of their own that no hook sees.');
  return agreed(terminal, 'Switch that off (disableSkillShellExecution)? [y/N] ');
}

export const uninstall: Command = {
  name: 'uninstall',
  summary: "take every trace of the hooks out of an agent's configuration",
  usage: 'countersign uninstall AGENT [--yes]\ncountersign uninstall claude-code [--yes] [--managed] [--prompt terminal|desktop]',
  run: async (args, terminal) => {
    const { values, positionals } = parse(args, { yes: { type: 'boolean' }, managed: { type: 'boolean' }, prompt: { type: 'string' } });
    refuseAgents('"countersign uninstall"');
    const installer = installerOf(positionals[0]);
    if (installer !== undefined) return uninstallAgent(terminal, installer, values.yes === true);
    if (!values.yes && !(await agreed(terminal, 'Take the hooks out of Claude Code? Its sessions are not governed any more then. [y/N] ')))
      return notDone(terminal, false);
    await takeOutManaged(terminal, promptOf(values.prompt));
    // The person's own installation stays then.
    if (values.managed) return 0;
    await tellWithoutGateway(terminal, 'claude-code');
    return tellUninstalled(terminal, uninstallClaudeCode(await optionsFor(true)));
  },
};

/** Before the plugin: managed settings that name one which is gone would be an error in every session. */
async function takeOutManaged(terminal: Terminal, prompt: Prompt): Promise<void> {
  const options = { home: openHome(), onlyManagedHooks: false, prompt };
  if (!hasManaged(options)) return;
  await uninstallManaged(options);
  terminal.out('as they were before: the managed settings');
}

function promptOf(text: string | undefined): Prompt {
  if (text === undefined || text === 'terminal') return 'terminal';
  if (text === 'desktop') return 'desktop';
  throw new WrongUsage(`--prompt is "terminal" or "desktop", not "${text}"`);
}

/** The port is the governor's to choose, so it is started; taking out needs none. */
async function optionsFor(leaving: boolean): Promise<ClaudeCodeOptions> {
  const home = openHome();
  const port = leaving ? 1 : await withGovernor(async (client) => (await client.call('status', {})).port);
  return { home, version, port, token: readOrCreateToken(home.hookToken), ...renderedRuntime() };
}
