import { installFiles, planFiles, uninstallFiles } from '../../storage/install/file-install.ts';
import type { Installer, InstallWish } from '../../storage/install/installer.ts';
import { takeOutGateway } from '../../storage/install/mcp-wrap.ts';
import { installers } from '../../storage/install/installers.ts';
import { openHome } from '../../storage/home.ts';
import { agreed, notDone, showPlan, tellUninstalled } from './agreement.ts';
import { type ExitCode, required, type Terminal, WrongUsage } from './command.ts';
import { refuseAgents } from './governor.ts';
import { renderedRuntime } from './runtime.ts';
import { version } from './version.ts';

/** How that agent is installed; `undefined` for Claude Code, which has a plugin. */
export function installerOf(agent: string | undefined): Installer | undefined {
  const name = required(agent, 'the AGENT');
  const found = installers.get(name);
  if (found !== undefined || name === 'claude-code') return found;
  throw new WrongUsage(`"${name}" is not one of the agents of this version: ${['claude-code', ...installers.keys()].join(', ')}`);
}

interface Asked {
  readonly yes: boolean;
  readonly managed: boolean;
  /** Without being asked about them. */
  readonly choices: readonly string[];
}

export async function installAgent(terminal: Terminal, installer: Installer, { yes, managed, choices }: Asked): Promise<ExitCode> {
  refuseAgents(`"countersign install ${installer.agent}"`);
  const offered = installer.choices ?? [];
  const unknown = choices.find((choice) => !offered.some(({ name }) => name === choice));
  if (unknown !== undefined)
    throw new WrongUsage(`--with takes ${offered.map(({ name }) => name).join(', ') || 'nothing'} here, not "${unknown}"`);
  const chosen = [...choices];
  if (managed) return showManaged(terminal, installer, wishFor(chosen));
  for (const { name, question } of yes ? [] : offered)
    if (!chosen.includes(name) && (await agreed(terminal, `${question} [y/N] `))) chosen.push(name);
  const wish = wishFor(chosen);
  showPlan(terminal, await planFiles(installer, wish), yes);
  if (installer.consent !== undefined && !yes) terminal.out(installer.consent);
  if (!yes && !(await agreed(terminal, 'Install? [y/N] '))) return notDone(terminal, yes);
  await installFiles(installer, wish);
  terminal.out(
    installer.next ?? `${installer.title} is governed from its next session on; "countersign doctor ${installer.agent}" proves it.`,
  );
  return 0;
}

export async function uninstallAgent(terminal: Terminal, installer: Installer, yes: boolean): Promise<ExitCode> {
  const question = `Take the hooks out of ${installer.title}? Its sessions are not governed any more then. [y/N] `;
  if (!yes && !(await agreed(terminal, question))) return notDone(terminal, false);
  await tellWithoutGateway(terminal, installer.agent);
  return tellUninstalled(terminal, uninstallFiles(installer, wishFor([])));
}

/** Before the hooks: then their files are what they were when the hooks were put in. */
export async function tellWithoutGateway(terminal: Terminal, agent: string): Promise<void> {
  for (const file of await takeOutGateway(openHome(), agent)) terminal.out(`MCP servers start without the gateway again: ${file}`);
}

/** Only an administrator can write it, so it is printed: as a file, for whatever puts files on machines. */
function showManaged(terminal: Terminal, { title, managed }: Installer, wish: InstallWish): ExitCode {
  if (managed === undefined)
    throw new WrongUsage(`${title} has no place for hooks that only an administrator changes, or none that we know`);
  const { file, text, how } = managed(wish);
  terminal.err(`${how} The file is ${file}:`);
  terminal.out(text.trimEnd());
  return 0;
}

export function wishFor(choices: readonly string[]): InstallWish {
  return { home: openHome(), version, environment: process.env, choices, ...renderedRuntime() };
}
