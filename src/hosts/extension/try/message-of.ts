import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import type { CallKind, Form } from '../../../webview/try/messages.ts';

/** The hook message that asks for this call. Throws with what has to be typed otherwise. */
export function messageOf(form: Form): object {
  const [tool, input] = makers[form.kind](form);
  return { tool_name: tool, tool_input: input };
}

/** There is something to ask about. */
export function isFilled({ text }: Form): boolean {
  return text.trim() !== '';
}

const makers: Readonly<Record<CallKind, (form: Form) => readonly [tool: string, input: object]>> = {
  shell: ({ text }) => ['Bash', { command: text }],
  read: (form) => ['Read', { file_path: pathOf(form) }],
  write: (form) => ['Write', { file_path: pathOf(form), content: form.content }],
  fetch: ({ text }) => ['WebFetch', { url: text.trim(), prompt: '' }],
  mcp: ({ text, content }) => [mcpName(text.trim()), argumentsOf(content)],
};

/** Agents name files in full. */
function pathOf({ text, folder }: Form): string {
  const path = text.trim();
  if (/^~(?=$|[/\\])/.test(path)) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(folder, path);
}

/** `server/tool`, or as Claude Code names it. */
function mcpName(text: string): string {
  if (/^mcp__.+?__.+$/.test(text)) return text;
  const [server, tool, ...rest] = text.split('/');
  if (!server || !tool || rest.length > 0)
    throw new Error(`"${text}" names no tool of a server: write server/tool, such as github/create_issue`);
  return `mcp__${server}__${tool}`;
}

const anObject = z.record(z.string(), z.json());

function argumentsOf(content: string): object {
  if (content.trim() === '') return {};
  const parsed = anObject.safeParse(jsonOf(content));
  if (!parsed.success) throw new Error('the arguments must be a JSON object, such as {"title": "New"}');
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`the arguments are no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
