import { canonicalTools } from '../tool-call.ts';
import type { Request } from '../request.ts';
import { normalizePath } from './path-pattern.ts';
import type { TestCall } from './schema.ts';

const home = '/home/user';
const root = `${home}/project`;

/** A complete request from the few fields that a test names; a text is a shell command. What is left out is ordinary. */
export function testRequest(test: string | TestCall): Request {
  const call: TestCall = typeof test === 'string' ? { command: test } : test;
  const userHome = call.user?.home ?? home;
  const workspaceRoot = expand(call.workspace?.root ?? root, userHome, root);
  const cwd = expand(call.cwd ?? workspaceRoot, userHome, workspaceRoot);
  const path = (text: string): string => resolve(expand(text, userHome, workspaceRoot), cwd);
  const paths = { read: (call.paths?.read ?? []).map(path), write: (call.paths?.write ?? []).map(path) };
  const tool = call.tool ?? (call.command === undefined ? 'other' : 'shell');
  const git = new Map(Object.entries(call.git ?? {}).map(([text, state]) => [path(text), state]));
  return {
    call: {
      id: 'test',
      agent: {
        vendor: call.agent?.vendor ?? 'test',
        name: call.agent?.name ?? 'claude-code',
        ...optional('version', call.agent?.version),
        ...optional('type', call.agent?.type),
      },
      session: { id: call.session?.id ?? 'test', ...optional('mode', call.session?.mode) },
      tool,
      nativeTool: call.nativeTool ?? nativeName(tool, call.mcpServer),
      ...optional('mcpServer', call.mcpServer),
      arguments: call.arguments ?? (call.command === undefined ? {} : { command: call.command }),
      cwd,
      ...optional('command', call.command),
      ...(call.nativeTool === 'PowerShell' ? { shell: 'powershell' as const } : {}),
      paths,
      domains: call.domains ?? [],
      ...optional('content', call.content),
    },
    paths,
    domains: call.domains ?? [],
    gitState: (at) => git.get(at) ?? 'unknown',
    session: {
      startedAt: new Date(0),
      calls: call.session?.calls ?? 0,
      tokens: call.session?.tokens ?? 0,
      costUsd: call.session?.costUsd ?? 0,
      interactive: call.session?.interactive ?? true,
    },
    workspace: {
      root: workspaceRoot,
      branch: call.workspace?.branch ?? 'main',
      remote: call.workspace?.remote ?? '',
      trusted: call.workspace?.trusted ?? true,
    },
    user: { name: call.user?.name ?? 'user', email: call.user?.email ?? '', roles: call.user?.roles ?? [], home: userHome },
    time: new Date(Date.parse(call.time ?? '2026-01-01T12:00:00Z')),
    countersignHome: `${userHome}/.countersign`,
    governor: { pid: 20202, port: 40404, programs: [`${userHome}/apps/countersign/dist`, `${userHome}/apps/node`] },
  };
}

const nativeNames: Readonly<Record<string, string>> = {
  shell: 'Bash',
  read: 'Read',
  write: 'Write',
  edit: 'Edit',
  fetch: 'WebFetch',
  web_search: 'WebSearch',
  glob: 'Glob',
  grep: 'Grep',
  agent: 'Task',
};

function nativeName(tool: string, server: string | undefined): string {
  if (server !== undefined) return `mcp__${server}__${tool}`;
  return canonicalTools.some((known) => known === tool) ? (nativeNames[tool] ?? tool) : tool;
}

function expand(text: string, userHome: string, workspaceRoot: string): string {
  const expanded = text.replace(/^~(?=\/|$)/, userHome);
  return expanded
    .replaceAll('${workspace}', workspaceRoot)
    .replaceAll('${home}', userHome)
    .replaceAll('${countersignHome}', `${userHome}/.countersign`);
}

function resolve(path: string, cwd: string): string {
  return normalizePath(path.startsWith('/') || /^[A-Za-z]:/.test(path) ? path : `${cwd}/${path}`);
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  const result: { [K in Key]?: Value } = {};
  if (value !== undefined) result[key] = value;
  return result;
}
