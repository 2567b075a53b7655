import type { HookCommand } from '../../agents/hook-command.ts';

/**
 * The plugin as it lies in opencode's folder: one file that needs nothing but Node's modules. Each of its hooks asks our hook program and
 * throws unless that says `go`; opencode takes what is thrown for "no".
 */
export function pluginFile({ runtime, script, ...rest }: HookCommand): string {
  // A name that stays says all: the file need not change with each version.
  const program = rest.launcher === undefined ? { runtime, script, ...rest } : rest;
  return `${firstLine}
const program = ${JSON.stringify(program, undefined, 2)};
${body}`;
}

/** By which an installation knows its own file. */
export const firstLine =
  '// Countersign put this file here: it asks Countersign about each tool call. "countersign uninstall opencode" takes it away again.';

const body = String.raw`
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Hook programs that wait for an answer, by the session they ask for. */
const waiting = new Map();
process.on('exit', () => waiting.forEach(hangUp));

export const Countersign = async ({ client, directory }) => {
  const sessions = new Map();
  const agents = new Map();

  async function infoOf(id) {
    const { data } = await client.session.get({ path: { id } });
    if (data?.id !== id) throw new Error('Countersign refuses: opencode does not say what session ' + id + ' is.');
    return data;
  }

  /** Where a session runs, and the one at the root of its subagents. */
  async function sessionOf(id) {
    if (!sessions.has(id)) {
      const info = await infoOf(id);
      const root = info.parentID ? (await sessionOf(info.parentID)).root : id;
      sessions.set(id, { root, directory: info.directory || directory, version: info.version });
    }
    return sessions.get(id);
  }

  /** Only the name of a server's tool has this character, and two or three of opencode's own. */
  async function serversFor(tool) {
    if (!tool.includes('_')) return [];
    const { data } = await client.mcp.status();
    if (typeof data !== 'object' || data === null) throw new Error('Countersign refuses: opencode does not name its MCP servers.');
    return Object.keys(data);
  }

  async function ask(hook, id, rest) {
    const { root, directory, version } = await sessionOf(id);
    const agent = agents.get(id);
    const answer = await answered(id, { hook, directory, version, session: { id, root, ...(agent ? { agent } : {}) }, ...rest });
    if (answer.go === true) return answer;
    if (answer.stop === true) void client.session.abort({ path: { id: root } }).catch(() => {});
    throw new Error(String(answer.refuse || 'Countersign refuses.'));
  }

  /** Nothing runs because of it, so nothing waits for it. */
  const tell = (hook, id) => void ask(hook, id, {}).catch(() => {});

  const written = new Set();

  /** One line for each response, for whoever counts. Nothing depends on it here. */
  async function writeDown({ id, sessionID, modelID, tokens, time, path }) {
    if (written.has(id)) return;
    written.add(id);
    const { root, directory, version } = await sessionOf(sessionID);
    const line = { opencode: version, id, session: sessionID, root, agent: agents.get(sessionID), model: modelID, cwd: path?.cwd ?? directory, at: time.completed, tokens };
    const folder = join(program.environment.COUNTERSIGN_HOME, 'agents', 'opencode');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    appendFileSync(join(folder, 'usage.jsonl'), JSON.stringify(line) + '\n', { mode: 0o600 });
  }

  return {
    'chat.message': async (input, { message, parts }) => {
      const agent = input.agent || message.agent;
      if (agent) agents.set(input.sessionID, agent);
      const text = parts.flatMap((part) => (part.type === 'text' && typeof part.text === 'string' ? [part.text] : [])).join('\n');
      await ask('chat.message', input.sessionID, { messageId: message.id, text });
    },
    'tool.execute.before': async (input, output) => {
      const servers = await serversFor(input.tool);
      const { args } = await ask('tool.execute.before', input.sessionID, { input, output: { args: output.args }, servers });
      // "countersign doctor" wants to know that we are asked, and nothing else.
      const trial = process.env.COUNTERSIGN_TRIAL;
      if (trial) throw new Error('Countersign was asked: ' + trial);
      if (args === undefined) return;
      // opencode keeps the object that it has handed out.
      for (const name of Object.keys(output.args)) delete output.args[name];
      Object.assign(output.args, args);
    },
    'tool.execute.after': async (input, output) => {
      const servers = await serversFor(input.tool);
      const answer = await ask('tool.execute.after', input.sessionID, { input, output, servers });
      if (answer.output !== undefined) Object.assign(output, answer.output);
    },
    event: async ({ event: { type, properties } }) => {
      const info = properties?.info;
      if (type === 'message.updated' && info?.role === 'assistant' && info.time?.completed && info.tokens) return void writeDown(info).catch(() => {});
      const id = properties?.info?.id ?? properties?.sessionID;
      if (typeof id !== 'string') return;
      if (type === 'session.created') tell(type, id);
      if (type !== 'session.idle' && type !== 'session.deleted') return;
      // Its turn is over: nobody waits for these answers any more.
      if (waiting.has(id)) hangUp(waiting.get(id));
      if (type === 'session.idle' || sessions.has(id)) tell(type, id);
      if (type === 'session.deleted') setTimeout(() => sessions.delete(id), 0);
    },
  };
};

/** What the hook program says. Rejects where it says nothing that can be understood. */
function answered(session, message) {
  return new Promise((resolve, reject) => {
    const [runtime, ...first] = program.launcher ? [program.launcher] : [program.runtime, program.script];
    const child = spawn(runtime, [...first, 'opencode', message.hook, '--installed'], {
      // Elsewhere it gets nothing of ours: a project may have put NODE_OPTIONS and the like there.
      env: program.platform === 'windows' ? { ...process.env, NODE_OPTIONS: '' } : { PATH: '/usr/bin:/bin', ...program.environment },
      stdio: 'pipe',
      windowsHide: true,
    });
    const said = { stdout: '', stderr: '' };
    const children = waiting.get(session) ?? new Set();
    waiting.set(session, children.add(child));
    child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
    // Why it does not listen is told by how it ends.
    child.stdin.on('error', () => {});
    child.on('error', (error) => reject(new Error('Countersign refuses: its hook program cannot be started. ' + error.message)));
    child.on('close', (code) => {
      children.delete(child);
      try {
        resolve(understood(code, said));
      } catch (error) {
        reject(error);
      }
    });
    child.stdin.end(JSON.stringify(message));
  });
}

function understood(code, { stdout, stderr }) {
  const line = stderr.trim() || 'Countersign refuses: its hook program ended with ' + code + '. "countersign doctor opencode" finds out why.';
  if (stdout.trim() === '') throw new Error(line);
  const answer = JSON.parse(stdout);
  if (answer.go === true && code !== 0) throw new Error(line);
  return answer;
}

function hangUp(children) {
  for (const child of children) child.kill();
}
`;
