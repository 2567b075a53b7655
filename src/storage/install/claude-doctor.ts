import { join } from 'node:path';
import { scanSettings } from '../../agents/claude-code/config-change.ts';
import { hookFacts, installsOurs, type Installation } from '../../agents/claude-code/installation.ts';
import type { HookFacts } from '../../agents/claude-code/settings.ts';
import { weakEnvironment } from '../../agents/claude-code/settings-environment.ts';
import { claudeConfigDir, installationOf, type ClaudeCodeOptions } from './claude-code.ts';
import { claudeSettings, managedSettings } from './claude-settings.ts';
import { runClient, type Client } from './client-program.ts';
import { readIfThere } from './rendered-files.ts';

export interface Finding {
  readonly id: 'client' | 'plugin' | 'level' | 'hooks' | 'settings' | 'environment';
  /** `bad`: calls may run ungoverned, or none can. `notice`: a person should know. */
  readonly severity: 'fine' | 'notice' | 'bad';
  /** A sentence; for what is bad, one that says what to do. */
  readonly message: string;
}

/** Everything between Claude Code and our governor that can be checked without a call. `cwd` is the project that is looked at. */
export async function doctorClaudeCode(options: ClaudeCodeOptions, cwd: string): Promise<readonly Finding[]> {
  const installation = installationOf(options);
  const client: Client = { ...installation.client, ...(options.program === undefined ? {} : { program: options.program }) };
  const environment = options.environment ?? process.env;
  const isManaged = installsOurs(managedSettings());
  return [
    await asked('client', client, ['--version'], installation.versionProblem, 'Claude Code is a version that can be governed.'),
    await asked('plugin', client, installation.listed.arguments, installation.listed.problem, 'The plugin is installed and enabled.'),
    levelFinding(isManaged),
    renderedHooks(installation),
    ...settingsFindings({ ...hookFacts(options.port), isManaged }, claudeConfigDir(environment), cwd),
    ...environmentFindings(environment),
  ];
}

async function asked(
  id: Finding['id'],
  client: Client,
  args: readonly string[],
  problemOf: (printed: string) => string | undefined,
  fine: string,
): Promise<Finding> {
  try {
    const problem = problemOf(await runClient(client, args));
    return problem === undefined ? { id, severity: 'fine', message: fine } : { id, severity: 'bad', message: `${problem}. ${reinstall}` };
  } catch (error) {
    return { id, severity: 'bad', message: `${error instanceof Error ? error.message : String(error)}.` };
  }
}

function levelFinding(isManaged: boolean): Finding {
  const message = isManaged
    ? 'The hooks are in the managed settings: no file of a project or a person switches them off.'
    : 'The hooks are in your own settings: a project, an option of the client or a mistake in that file can switch them off, which is noticed. "countersign install claude-code --managed" prevents it.';
  return { id: 'level', severity: 'fine', message };
}

const reinstall = 'Run "countersign install claude-code".';

function renderedHooks({ folder, files }: Installation): Finding {
  const odd = files.filter(({ path, text }) => readIfThere(join(folder, path)) !== text).map(({ path }) => path);
  if (odd.length === 0) return { id: 'hooks', severity: 'fine', message: 'The hooks name this governor and this program.' };
  return {
    id: 'hooks',
    severity: 'bad',
    message: `${folder}: ${odd.join(', ')} ${odd.length === 1 ? 'is' : 'are'} not what this governor needs. ${reinstall}`,
  };
}

function settingsFindings(facts: HookFacts, configDir: string, cwd: string): readonly Finding[] {
  const found = scanSettings(claudeSettings(configDir, cwd), facts);
  if (found.length === 0) return [{ id: 'settings', severity: 'fine', message: 'No settings keep the hooks from running.' }];
  return found.map(({ file, line, severity, message, fix }) => ({
    id: 'settings',
    severity: severity === 'weak' ? 'bad' : 'notice',
    message: `${file}${line === undefined ? '' : `:${line}`}: ${message}.${fix === undefined ? '' : ` ${fix.say}`}`,
  }));
}

/** What a session that is started from here would inherit. */
function environmentFindings(environment: NodeJS.ProcessEnv): readonly Finding[] {
  const weak = weakEnvironment(environment);
  if (weak.length === 0) return [{ id: 'environment', severity: 'fine', message: 'Nothing in the environment diverts the hooks.' }];
  return weak.map(({ message }) => ({
    id: 'environment',
    severity: 'bad',
    message: `This terminal's environment: ${message.replaceAll('env.', '')}.`,
  }));
}
