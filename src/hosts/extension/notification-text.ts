import type { ApprovalView } from '../../channel/messages.ts';
import { serverQuestion } from '../../engine/artifact/server-question.ts';

const tools: Readonly<Record<string, string>> = {
  shell: 'run a command',
  shell_output: 'read a command’s output',
  shell_kill: 'end a command',
  read: 'read a file',
  write: 'write a file',
  edit: 'edit a file',
  notebook_edit: 'edit a notebook',
  glob: 'find files',
  grep: 'search in files',
  fetch: 'fetch a web page',
  web_search: 'search the web',
  agent: 'start a subagent',
  skill: 'use a skill',
  task: 'manage tasks',
  question: 'ask you a question',
  plan: 'change its plan mode',
  worktree: 'use a worktree',
  tool_search: 'look for tools',
};

/**
 * What a notification says. Nothing in it was written by an agent: VS Code would turn a link in it into a link. The
 * approval's id makes it unique: a second notification with the same text silently closes the first.
 */
export function notificationText(approval: ApprovalView): string {
  const [rule] = approval.rules;
  const because = rule ? ` Rule ${plainName(rule.policy)}/${plainName(rule.rule)} wants your decision.` : '';
  const what =
    serverQuestion(approval) === 'change' ? 'An MCP server changed what it tells agents.' : `An agent wants to ${toolWords(approval)}.`;
  return `${what}${because} [${plainName(approval.id)}]`;
}

/** One for many, because a burst of notifications is not shown. */
export function summaryText(approvals: readonly ApprovalView[]): string {
  return `${approvals.length} calls of your agents wait for your decision. [${approvals.map(({ id }) => plainName(id)).join(' ')}]`;
}

function toolWords(approval: ApprovalView): string {
  const { tool, mcpServer } = approval;
  if (serverQuestion(approval) === 'start') return 'start an MCP server';
  if (mcpServer !== undefined) return 'use an MCP tool';
  return tools[tool] ?? 'use a tool';
}

/** Names come from policy files, which an agent may have written: letters, digits and a little punctuation, not long. */
export function plainName(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '');
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
