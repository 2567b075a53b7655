import { hookLine, type HookCommand } from '../hook-command.ts';
import type { JsonObject } from '../../engine/json.ts';
import { copilotCli, hookTimeoutSec } from './agent.ts';

/**
 * What we are told of. Not of `PermissionRequest`: it comes after the call was decided on, and would cost each call another process.
 * VS Code's own chat agent reads the same file, and runs those of them that it has.
 */
const events = [
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'UserPromptSubmit',
  'SessionStart',
  'SessionEnd',
  'Stop',
  'SubagentStart',
  'SubagentStop',
] as const;

/** In VS Code a hook that fails here keeps the agent from stopping: it would ask its model again and again. */
const endings: ReadonlySet<string> = new Set(['Stop', 'SubagentStop']);

/** The text of a hook file that is ours alone. Keys in PascalCase: with others the client speaks another dialect. */
export function hooksFile(command: HookCommand): string {
  const hooks = Object.fromEntries(events.map((event) => [event, [hookOf(command, event)]]));
  return `${JSON.stringify({ version: 1, hooks }, null, 2)}\n`;
}

function hookOf(command: HookCommand, event: string): JsonObject {
  const shell = command.platform === 'windows' ? 'powershell' : 'bash';
  return { type: 'command', [shell]: lineFor(command, event), timeoutSec: hookTimeoutSec };
}

/** PowerShell runs a quoted path only when told to, and knows no `||` before version 7. */
function lineFor(command: HookCommand, event: string): string {
  if (command.platform === 'unix') return hookLine(command, copilotCli.name, event, endings.has(event) ? 'go on' : 'refuse');
  const words = [command.runtime, command.script, copilotCli.name, event, '--installed'].map((word) => `'${word.replaceAll("'", "''")}'`);
  return `& ${words.join(' ')}; if ($LASTEXITCODE -ne 0) { exit ${endings.has(event) ? 0 : 2} }`;
}
