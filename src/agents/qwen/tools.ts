import type { Arguments } from '../arguments.ts';
import { hostOf } from '../arguments.ts';
import type { JsonObject } from '../../engine/json.ts';
import { describeBuiltIn, describeMcp, type Description, globbed, reads, shellIn, type Tool, type Tools, writes } from '../gemini/tools.ts';

/** What a call of Qwen Code's tool means in our words. Throws `UnreadableMessage` where an argument that decides is missing. */
export function describeTool(nativeTool: string, input: JsonObject, cwd: string): Description {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/s.exec(nativeTool) ?? [];
  return server === undefined || tool === undefined ? describeBuiltIn(tools, nativeTool, input, cwd) : describeMcp({ server, tool }, input);
}

const searched = (input: Arguments, cwd: string): readonly string[] => [input.optional('path')[0] || cwd];
const task: Tool = { tool: 'task' };
const plan: Tool = { tool: 'plan' };
const agent: Tool = { tool: 'agent' };
const worktree: Tool = { tool: 'worktree', details: (input) => reads(input.optional('path')) };

/** Qwen Code's own tools that touch something, or that have a word of ours (0.24.4). */
const tools: Tools = {
  run_shell_command: { tool: 'shell', details: shellIn('directory') },
  monitor: { tool: 'shell', details: shellIn('directory') },
  task_stop: { tool: 'shell_kill' },
  read_file: { tool: 'read', details: (input) => reads([input.text('file_path')]) },
  write_file: { tool: 'write', details: (input) => ({ ...writes(input.text('file_path')), content: input.text('content') }) },
  edit: { tool: 'edit', details: (input) => ({ ...writes(input.text('file_path')), content: input.text('new_string') }) },
  notebook_edit: {
    tool: 'notebook_edit',
    details: (input) => ({ ...writes(input.text('notebook_path')), content: input.optional('new_source').join('') }),
  },
  glob: { tool: 'glob', details: (input, cwd) => reads(globbed(input.text('pattern'), searched(input, cwd)[0] ?? cwd)) },
  grep_search: { tool: 'grep', details: (input, cwd) => reads(searched(input, cwd)) },
  list_directory: { tool: 'glob', details: (input, cwd) => reads(searched(input, cwd)) },
  web_fetch: { tool: 'fetch', details: (input) => ({ domains: [hostOf(input.text('url'))] }) },
  web_search: { tool: 'web_search' },
  agent,
  create_sub_session: agent,
  send_message: agent,
  skill: { tool: 'skill' },
  ask_user_question: { tool: 'question' },
  enter_plan_mode: plan,
  exit_plan_mode: plan,
  enter_worktree: worktree,
  exit_worktree: worktree,
  tool_search: { tool: 'tool_search' },
  todo_write: task,
  task_create: task,
  task_update: task,
  task_list: task,
};
