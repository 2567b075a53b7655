import type { Reply } from './agent.ts';

/**
 * What the command hook says when it could not even ask, or was answered nonsense: the refusal that an agent's client was seen to honour.
 * Nothing is loaded for it, because it has to hold when nothing else can be loaded. Exit code 2 with a line on stderr refuses for every
 * agent that is not in the table.
 */
export function lastRefusal(agent: string, event: string, line: string): Reply['command'] {
  const stdout = Object.hasOwn(printed, agent) ? (printed[agent]?.(line, event) ?? '') : '';
  return { stdout, stderr: `${line}\n`, exitCode: 2 };
}

/** What a client wants to read on stdout besides. */
const printed: Readonly<Record<string, (line: string, event: string) => string>> = {
  // To a prompt, Copilot's exit code says nothing. Before a tool call it refuses, and this gives the reason.
  'copilot-cli': (reason, event) =>
    `${JSON.stringify(event === 'UserPromptSubmit' ? { decision: 'block', reason } : { permissionDecision: 'deny', permissionDecisionReason: reason })}\n`,
  cline: (line) => `${JSON.stringify({ cancel: true, errorMessage: line })}\n`,
};
