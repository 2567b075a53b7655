import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Agent } from '../../agents/agent.ts';
import { claudeCode } from '../../agents/claude-code/agent.ts';
import { agents } from '../../agents/registry.ts';
import { withNameClashes } from '../../engine/policy/name-clashes.ts';
import type { PolicyFile, PolicySet } from '../../engine/policy/policy-set.ts';
import type { Request } from '../../engine/request.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { requestOf } from '../../governor/enrich.ts';
import { packFile, packsFolder, policyParser, shippedPolicies } from '../../storage/shipped-policies.ts';
import type { Layers } from './layers.ts';

export interface Asker {
  readonly cwd: string | undefined;
  readonly agent: string | undefined;
}

/** The call that a hook message asks about; `undefined` where it asks about none. Throws on what it cannot read. */
export function callOfMessage(message: unknown, { cwd, agent: wanted }: Asker): ToolCall | undefined {
  const name = wanted ?? claudeCode.name;
  const call = callOf(agents.get(name) ?? claudeCode, message, cwd);
  // A name that is no adapter's is the name that policies see: `--agent dev-assistant`.
  return call === undefined || agents.has(name) ? call : { ...call, agent: { ...call.agent, name } };
}

function callOf(agent: Agent, message: unknown, cwd: string | undefined): ToolCall | undefined {
  const event = agent.read(completed(message, cwd === undefined ? {} : { cwd: resolve(cwd) }));
  return event.kind === 'tool-call' || event.kind === 'permission-request' ? event.call : undefined;
}

/** A script that asks what a call would be told need not make up a session around it. What it gives is taken as it is. */
function completed(message: unknown, given: Readonly<Record<string, string>>): unknown {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return message;
  const made = { session_id: 'check', transcript_path: '', cwd: process.cwd(), hook_event_name: 'PreToolUse', tool_use_id: 'check' };
  return { ...made, ...message, ...given };
}

/** The call with what the machine knows of it, in a session that has just begun. */
export function requestFor({ surroundings }: Layers, call: ToolCall): Request {
  const now = Date.now();
  const session = {
    agent: call.agent.name,
    id: call.session.id,
    cwd: call.cwd,
    mode: call.session.mode ?? '',
    interactive: false,
    startedAt: now,
    lastSeenAt: now,
    calls: 0,
    denials: 0,
  };
  return requestOf({ surroundings, clock: { now: () => now, after: () => () => undefined } }, call, session);
}

/**
 * Only these files, the packs they name, and self-protection: what a file says is not to change with what we ship. A file that cannot
 * be read denies, as in the governor.
 */
export function readPolicies(paths: readonly string[]): PolicySet {
  const files = paths.flatMap((path) => (statSync(path).isDirectory() ? yamlIn(path) : [path]));
  const given = withNameClashes(files.map((path) => readPolicy(path, 'user')));
  const named = new Set(given.flatMap(({ documents }) => documents.flatMap(({ packs }) => packs)));
  const packs = [...named].map((name) => join(packsFolder(shippedPolicies()), packFile(name)));
  const shipped = [join(shippedPolicies(), 'self-protection.yaml'), ...packs].map((path) => readPolicy(path, 'built-in'));
  return { files: [...given, ...shipped] };
}

function readPolicy(path: string, layer: PolicyFile['layer']): PolicyFile {
  return policyParser(shippedPolicies())({ path: realpathSync(path), layer, source: readFileSync(path, 'utf8'), trusted: true });
}

function yamlIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}
