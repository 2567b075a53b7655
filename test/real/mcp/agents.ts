import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Method, Methods } from '../../../src/channel/messages.ts';
import { makeCodexScratch } from '../../lab/codex/client.ts';
import { startCodexModel } from '../../lab/codex/model.ts';
import { geminiClient, makeLabScratch, qwenClient, startLabSession, type LabClient } from '../../lab/gemini/client.ts';
import { startLabModel } from '../../lab/gemini/model.ts';
import { callGovernor } from '../../lab/governor-call.ts';
import { makeOpencodeScratch } from '../../lab/opencode/client.ts';
import { startChatModel } from '../../lab/opencode/model.ts';
import { endProcessesOf } from '../claude/processes.ts';

const cli = join(import.meta.dirname, '../../../dist/cli.mjs');

/** A server as every client has it configured, in its own words. */
export interface LabServer {
  readonly name: string;
  readonly command: readonly string[];
  /** How long the client waits for an answer; left out: as long as it likes. */
  readonly seconds?: number;
}

/** One over the network. */
export interface LabRemote {
  readonly name: string;
  readonly url: string;
  /** A variable of the client's; beside it a key stands in the file. Left out: neither. */
  readonly token?: string;
}

type Servers = readonly (LabServer | LabRemote)[];
const variable = 'LAB_TEAM';
/** What stands in the file itself. */
export const literal = 'k3y-value-0123456789';

export interface AgentCall {
  readonly server: string;
  readonly tool: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** The model of the agent: what it does next, after so many results. `undefined`: nothing more. */
export type AgentScript = (results: readonly string[]) => AgentCall | undefined | Promise<AgentCall | undefined>;

/** The real agent in a home of its own, with those servers, governed by nothing but the gateway. */
export interface AgentLab extends AsyncDisposable {
  /** Names of the servers' tools that the model was offered first. */
  readonly offered: () => readonly string[];
  readonly results: () => readonly string[];
  /** The file in which the servers stand. */
  readonly file: string;
  /** A session from its beginning to its end. */
  readonly go: () => Promise<unknown>;
  readonly countersign: (...args: readonly string[]) => Promise<string>;
  readonly call: <M extends Method>(method: M, params: Methods[M]['params']) => Promise<Methods[M]['result']>;
  readonly writePolicy: (text: string) => void;
}

export interface LabAgent {
  /** Its model has to look for tools of servers; left out: it is offered them all. */
  readonly hasToolSearch?: true;
  readonly name: 'codex' | 'gemini' | 'qwen' | 'opencode';
  readonly agent: string;
  readonly start: (binary: string, servers: Servers, script: AgentScript) => Promise<AgentLab>;
}

export const labAgents: readonly LabAgent[] = [
  { name: 'codex', agent: 'codex', start: startCodex },
  {
    name: 'gemini',
    agent: 'gemini-cli',
    start: (...args) => startGemini(geminiClient, (server, tool) => `mcp_${server}_${tool}`, ...args),
  },
  {
    name: 'qwen',
    agent: 'qwen-code',
    hasToolSearch: true,
    start: (...args) => startGemini(qwenClient, (server, tool) => `mcp__${server}__${tool}`, ...args),
  },
  { name: 'opencode', agent: 'opencode', start: startOpencode },
];

async function startCodex(binary: string, servers: Servers, script: AgentScript): Promise<AgentLab> {
  const model = await startCodexModel(
    async ({ results }) => {
      const next = await script(results);
      if (next === undefined) return {};
      return { calls: [{ names: [`mcp__${next.server}__${next.tool}`, next.tool], input: next.input ?? {} }] };
    },
    () => ({ input: 100, cached: 0, cacheWrite: 0, output: 10, reasoning: 0 }),
  );
  const scratch = makeCodexScratch(binary, model.url);
  Object.assign(scratch.env, tokenIn(servers));
  const file = join(scratch.codexHome, 'config.toml');
  appendFileSync(file, servers.map(tomlOf).join('\n'));
  return agentLab(
    { home: dirname(scratch.codexHome), project: scratch.project, env: scratch.env, file, model, scratch },
    {
      go: () => scratch.run(['exec', '--skip-git-repo-check', '--json', 'go']),
      tools: () => model.asks[0]?.tools.map(({ name, namespace = '' }) => `${namespace}/${name}`) ?? [],
    },
  );
}

function tomlOf(server: LabServer | LabRemote): string {
  if ('url' in server) {
    const headers = `env_http_headers = { X-Team = "${variable}" }\nhttp_headers = { X-Api-Key = "${literal}" }\nbearer_token_env_var = "${variable}"\n`;
    return `[mcp_servers.${server.name}]\nrequired = true\nurl = "${server.url}" # far\n${server.token === undefined ? '' : headers}`;
  }
  const {
    name,
    command: [program, ...args],
    seconds,
  } = server;
  const limit = seconds === undefined ? '' : `tool_timeout_sec = ${seconds} # the lab is in a hurry\n`;
  // Others it does without where they start slowly.
  return `[mcp_servers.${name}]\nrequired = true\ncommand = ${JSON.stringify(program)} # Node\nargs = ${JSON.stringify(args)}\n${limit}`;
}

async function startGemini(
  client: LabClient,
  named: (server: string, tool: string) => string,
  binary: string,
  servers: Servers,
  script: AgentScript,
): Promise<AgentLab> {
  const model = await startLabModel(client.wire, async ({ prompt, results }) => {
    const next = prompt.includes('go') ? await script(results) : undefined;
    return next === undefined ? {} : { calls: [{ name: named(next.server, next.tool), input: { ...next.input } }] };
  });
  const scratch = makeLabScratch(client, binary, model.url);
  Object.assign(scratch.env, tokenIn(servers));
  const file = join(scratch.home, `.${client.name}`, 'settings.json');
  const mcpServers = Object.fromEntries(
    servers.map((server) => {
      if ('url' in server)
        // Qwen Code waits five seconds for these, and then does without.
        return [server.name, { httpUrl: server.url, discoveryTimeoutMs: 60_000, ...headersOf(server, `$${variable}`) }];
      const {
        name,
        command: [program, ...args],
        seconds,
      } = server;
      return [name, { command: program, args, ...(seconds === undefined ? {} : { timeout: seconds * 1_000 }) }];
    }),
  );
  // Qwen Code writes older ones anew.
  writeFileSync(file, `// Of the lab.\n${JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), mcpServers, $version: 4 }, null, 3)}`);
  return agentLab(
    { ...scratch, file, model, scratch },
    {
      go: () => startLabSession(client, binary, scratch, 'go').done,
      tools: () => model.asks.find(({ tools }) => tools.length > 0)?.tools ?? [],
    },
  );
}

async function startOpencode(binary: string, servers: Servers, script: AgentScript): Promise<AgentLab> {
  const model = await startChatModel(async ({ results }) => {
    const next = await script(results);
    return next === undefined ? {} : { calls: [{ tool: `${next.server}_${next.tool}`, input: { ...next.input } }] };
  });
  const mcp = Object.fromEntries(
    servers.map((server) => {
      if ('url' in server)
        return [server.name, { type: 'remote', url: server.url, ...headersOf(server, `{env:${variable}}`), oauth: false }];
      const { name, command, seconds } = server;
      return [name, { type: 'local', command, ...(seconds === undefined ? {} : { timeout: seconds * 1_000 }) }];
    }),
  );
  // It adds its schema where that is missing.
  const scratch = makeOpencodeScratch(binary, model.url, { mcp, $schema: 'https://opencode.ai/config.json' });
  Object.assign(scratch.environment, tokenIn(servers));
  const file = join(scratch.home, '.config', 'opencode', 'opencode.json');
  return agentLab(
    { ...scratch, env: scratch.environment, file, model, scratch },
    {
      go: () => scratch.run('go'),
      tools: () => model.asks[0]?.tools ?? [],
    },
  );
}

function headersOf({ token }: LabRemote, asVariable: string) {
  return token === undefined ? {} : { headers: { Authorization: `Bearer ${asVariable}`, 'X-Api-Key': literal } };
}

/** As the person's shell has it. */
function tokenIn(servers: Servers): Readonly<Record<string, string>> {
  return Object.fromEntries(servers.flatMap((server) => ('url' in server && server.token !== undefined ? [[variable, server.token]] : [])));
}

interface Parts {
  readonly home: string;
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  readonly file: string;
  readonly model: AsyncDisposable & { readonly asks: readonly { readonly results: readonly string[] }[] };
  readonly scratch: Disposable;
}

function agentLab(parts: Parts, { go, tools }: { readonly go: () => Promise<unknown>; readonly tools: () => readonly string[] }): AgentLab {
  const { home, project, env, file, model, scratch } = parts;
  const state = join(home, '.countersign');
  return {
    file,
    go,
    offered: tools,
    results: () => model.asks.at(-1)?.results ?? [],
    countersign: (...args) =>
      new Promise((resolve, reject) => {
        execFile(process.execPath, [cli, ...args], { env, cwd: project }, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`countersign ${args.join(' ')}: ${stdout}${stderr}`));
        });
      }),
    call: (method, params) => callGovernor(state, method, params),
    writePolicy: (text) => {
      mkdirSync(join(state, 'policies'), { recursive: true, mode: 0o700 });
      writeFileSync(join(state, 'policies', 'lab.yaml'), text);
    },
    [Symbol.asyncDispose]: async () => {
      await endProcessesOf(home);
      await model[Symbol.asyncDispose]();
      scratch[Symbol.dispose]();
    },
  };
}
