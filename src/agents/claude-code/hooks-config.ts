import type { JsonObject } from '../../engine/json.ts';
import type { HookCommand } from '../hook-command.ts';
import { gateInput, gateName, gateServer, gateTool } from './gate.ts';

/** What the installed hooks need to know. Every path is absolute. */
export interface HookSettings {
  /** The governor's port on 127.0.0.1. */
  readonly port: number;
  /** Opens the governor's hook endpoint. It stands in hooks.json, which only its owner may read. */
  readonly token: string;
  readonly command: HookCommand;
}

/** The program and its arguments, for `execve`: no shell reads them. */
export interface Execution {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * `env -i` because a project's settings may put NODE_OPTIONS, PATH and the like into the environment of every hook.
 * (LD_PRELOAD survives it, since it acts on `env` itself; `weakens` and `scanSettings` name it.)
 */
export function hookExecution(hook: HookCommand, event: string): Execution {
  return execution(hook, [event, '--installed']);
}

function execution(hook: HookCommand, args: readonly string[]): Execution {
  const call = [hook.script, 'claude-code', ...args];
  if (hook.platform === 'windows') return { command: hook.runtime, args: call };
  const environment = { PATH: '/usr/bin:/bin', ...hook.environment };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return { command: '/usr/bin/env', args: ['-i', ...assignments, hook.runtime, ...call] };
}

/** Where the client posts its hook messages. */
export function hookUrl(port: number): string {
  return `http://127.0.0.1:${port}/v1/hooks/claude-code`;
}

/** The plugin's `hooks/hooks.json`. */
export function renderHooks(settings: HookSettings): JsonObject {
  const events = Object.entries(timeouts).map(([event, timeout]) => [event, [{ matcher: '*', hooks: hooksOf(event, timeout, settings) }]]);
  return { description: 'Countersign decides before a tool call runs.', hooks: Object.fromEntries(events) };
}

/** As it is written to disk. */
export function hooksFile(settings: HookSettings): string {
  return written(renderHooks(settings));
}

/** The plugin's `.mcp.json`: the gate, under the name that it has within the plugin. */
export function gateFile(settings: HookSettings): string {
  return written(serversOf(settings, gateServer));
}

/** For `claude --strict-mcp-config --mcp-config FILE`: that option leaves plugins' servers out, and without the gate nothing runs. */
export function strictGateFile(settings: HookSettings): string {
  return written(serversOf(settings, gateName));
}

function serversOf({ command }: HookSettings, name: string): JsonObject {
  return { mcpServers: { [name]: { ...execution(command, ['--gate']) } } };
}

function written(value: JsonObject): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Seconds. A tool call, and a command that a prompt file runs, may wait for a person, a day at most; everything else is answered at once. */
const timeouts: Readonly<Record<string, number>> = {
  PreToolUse: 86_400,
  PostToolUse: 30,
  PostToolUseFailure: 30,
  PostToolBatch: 30,
  PermissionRequest: 60,
  UserPromptSubmit: 60,
  UserPromptExpansion: 86_400,
  SessionStart: 60,
  SessionEnd: 5,
  Stop: 30,
  SubagentStart: 30,
  SubagentStop: 30,
  ConfigChange: 30,
};

/**
 * The client sends no HTTP for SessionStart, and a slash command is the first thing that some sessions say: both go through
 * the command hook, which starts the governor when it is gone.
 *
 * A prompt goes both ways: the governor answers the command hook only when the same prompt arrived over HTTP as well. So a
 * proxy, a stranger on our port or a list of allowed URLs that keeps HTTP hooks from us is noticed before the turn's first
 * tool call. There, a failing HTTP hook must not block by itself: the client would then cancel the command hook, which is
 * the one that refuses with a reason, and brings the governor back.
 *
 * A tool call goes both ways as well: over HTTP, and through the gate, whose pipes nobody else can take over. A stranger on
 * our port can say "no objection" there; the gate then hears from the governor that the call never came, and refuses.
 */
function hooksOf(event: string, timeout: number, settings: HookSettings): readonly JsonObject[] {
  const command = { type: 'command', ...hookExecution(settings.command, event), onFailure: 'block', timeout };
  const http = { type: 'http', url: hookUrl(settings.port), headers: { Authorization: `Bearer ${settings.token}` }, timeout };
  if (event === 'SessionStart' || event === 'UserPromptExpansion') return [command];
  if (event === 'UserPromptSubmit') return [{ ...http, onFailure: 'continue' }, command];
  // Here a failing hook would end the turn, and with the turn every session whose governor was only restarted.
  if (event === 'PostToolBatch') return [{ ...http, onFailure: 'continue' }];
  const blocking = { ...http, onFailure: 'block' };
  if (event !== 'PreToolUse') return [blocking];
  const gate = { type: 'mcp_tool', server: gateName, tool: gateTool, input: { ...gateInput }, timeout, onFailure: 'block' };
  return [blocking, gate].map((hook) => ({ ...hook, statusMessage: 'Waiting for Countersign…' }));
}
