import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { claudeCode } from '../../src/agents/claude-code/agent.ts';
import type { Decision } from '../../src/engine/decision.ts';
import { decide } from '../../src/engine/policy/decide.ts';
import { parsePolicyFile } from '../../src/engine/policy/parse-file.ts';
import type { PolicySet } from '../../src/engine/policy/policy-set.ts';
import type { Request } from '../../src/engine/request.ts';
import { requestOf } from '../../src/governor/enrich.ts';
import { shippedPolicies } from '../../src/storage/shipped-policies.ts';
import { callOf, type Facts, type LabelledCase } from './case.ts';
import { cwdOf, gitStateOf, home, resolvePath, textOf, workspaceOf } from './project.ts';

/** What a person has in force who installed Countersign and wrote no policy. */
export function shippedSet(): PolicySet {
  const folder = shippedPolicies();
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name));
  return {
    files: files.map((name) => {
      const path = join(folder, name);
      return parsePolicyFile({ path, layer: 'built-in', source: readFileSync(path, 'utf8'), trusted: true });
    }),
  };
}

/** The decision about one case, in the world that it describes. */
export function judgeCase(set: PolicySet, one: LabelledCase): Decision {
  const { tool, input } = callOf(one);
  return decide(set, requestFor(tool, input, one.facts ?? {}), { count: () => 0 });
}

/** Whether somebody would be stopped or asked. */
export function isStopped({ action, mode }: Pick<Decision, 'action' | 'mode'>): boolean {
  return mode === 'enforce' && (action === 'deny' || action === 'require_approval');
}

/** The hook message that Claude Code would send. */
export function hookMessage(tool: string, input: unknown, cwd: string): Readonly<Record<string, unknown>> {
  return {
    session_id: 'corpus',
    transcript_path: '',
    cwd,
    permission_mode: 'default',
    hook_event_name: 'PreToolUse',
    tool_name: tool,
    tool_input: input,
    tool_use_id: 'corpus',
  };
}

/** The call as the engine would get it in the ordinary project. */
export function requestFor(tool: string, input: unknown, facts: Facts): Request {
  const cwd = cwdOf(facts);
  const event = claudeCode.read(hookMessage(tool, input, cwd));
  if (event.kind !== 'tool-call') throw new Error(`${tool} is not read as a tool call`);
  const now = Date.parse('2026-01-01T12:00:00Z');
  const surroundings = {
    countersignHome: `${home}/.countersign`,
    workspace: () => workspaceOf(facts),
    resolve: resolvePath,
    user: () => ({ name: 'dev', email: 'dev@acme.example', roles: [], home }),
  };
  const session = { startedAt: now, lastSeenAt: now, calls: 0, denials: 0, interactive: true, mode: 'default' };
  const known = { ...session, agent: event.call.agent.name, id: event.call.session.id, cwd };
  const request = requestOf({ surroundings, clock: { now: () => now, after: () => () => undefined } }, event.call, known);
  return { ...request, readText: textOf(facts), gitState: gitStateOf(facts) };
}
