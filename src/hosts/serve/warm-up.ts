import { claudeCode } from '../../agents/claude-code/agent.ts';
import { canonicalJson } from '../../engine/audit/canonical.ts';
import { redact } from '../../engine/guardrail/redact.ts';
import { decide } from '../../engine/policy/decide.ts';
import type { ToolCall } from '../../engine/tool-call.ts';
import { requestOf } from '../../governor/enrich.ts';
import type { Ports, SessionRecord } from '../../governor/ports.ts';

const rounds = 1_500;
/** One at a time: a real call that comes meanwhile waits for no more than that. */
const pauseMs = 8;

/**
 * Judges made-up calls by the policies in force, one after the other, until the engine's code has been compiled: otherwise the
 * first hundreds of real calls would pay for that. Nothing is written, asked or answered. The returned function ends it.
 */
export function warmUp(ports: Ports, folder: string): () => void {
  let left = rounds;
  const step = (): void => {
    try {
      judgeMadeUp(ports, folder, (left -= 1));
      if (left > 0) timer.refresh();
    } catch {
      // What is broken here refuses real calls with its reason; made-up ones need none.
    }
  };
  const timer = setTimeout(step, pauseMs).unref();
  return () => clearTimeout(timer);
}

const tools: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['Bash', { command: 'git status --short && npm test -- --filter "$NAME" | tee out.log' }],
  ['Read', { file_path: 'src/main.ts' }],
  ['Edit', { file_path: 'src/main.ts', old_string: 'a', new_string: 'b' }],
  ['mcp__server__tool', { query: 'text', limit: 3 }],
];

function judgeMadeUp(ports: Ports, folder: string, n: number): void {
  const [tool, input] = tools[n % tools.length] ?? ['Bash', {}];
  const event = claudeCode.read({
    session_id: 'warm-up',
    transcript_path: '',
    cwd: folder,
    hook_event_name: 'PreToolUse',
    tool_name: tool,
    tool_input: input,
    tool_use_id: `warm-up-${n}`,
  });
  if (event.kind !== 'tool-call') return;
  const decision = decide(ports.policies.inForce(folder), requestOf(ports, event.call, sessionOf(event.call)), { count: () => 0 });
  canonicalJson({ arguments: redact(event.call.arguments, []), reason: decision.reason });
  claudeCode.reply({ kind: 'pass' }, event);
}

function sessionOf(call: ToolCall): SessionRecord {
  return {
    agent: call.agent.name,
    id: call.session.id,
    cwd: call.cwd,
    mode: '',
    interactive: false,
    startedAt: 0,
    lastSeenAt: 0,
    calls: 0,
    denials: 0,
  };
}
