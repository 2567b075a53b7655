import type { Icon } from './icons.ts';

/** What a person calls a tool, by its canonical name, and the codicon for it. */
const labels: Readonly<Record<string, readonly [label: string, icon: Icon]>> = {
  shell: ['Run a command', 'terminal'],
  shell_output: ['Read a command’s output', 'terminal'],
  shell_kill: ['End a command', 'terminal'],
  read: ['Read a file', 'file'],
  write: ['Write a file', 'new-file'],
  edit: ['Edit a file', 'edit'],
  notebook_edit: ['Edit a notebook', 'notebook'],
  glob: ['Find files', 'search'],
  grep: ['Search in files', 'search'],
  fetch: ['Fetch a web page', 'globe'],
  web_search: ['Search the web', 'globe'],
  agent: ['Start a subagent', 'robot'],
  skill: ['Use a skill', 'mortar-board'],
  task: ['Manage tasks', 'checklist'],
  question: ['Ask you a question', 'question'],
  plan: ['Change its plan mode', 'list-ordered'],
  worktree: ['Use a worktree', 'repo-forked'],
  tool_search: ['Look for tools', 'tools'],
};

export function toolLabel(tool: string, mcpServer?: string): string {
  if (mcpServer !== undefined) return 'Use an MCP tool';
  return labels[tool]?.[0] ?? 'Use a tool';
}

export function toolIcon(tool: string, mcpServer?: string): Icon {
  if (mcpServer !== undefined) return 'plug';
  return labels[tool]?.[1] ?? 'tools';
}
