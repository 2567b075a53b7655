import { basename } from 'node:path';

/** What is installed under that name, where a file belongs to a package. */
export interface Package {
  readonly name: string;
  readonly version: string;
}

export interface AgentProgram {
  readonly agent: string;
  readonly version?: string;
  /** What it was called with. */
  readonly args: readonly string[];
}

interface Known {
  readonly agent: string;
  /** What its program is called. */
  readonly programs: readonly string[];
  /** Others have a program of that name, too: only the package tells. */
  readonly isShared?: true;
  /** The npm packages whose scripts and programs it comes as; with those for one platform, which have a suffix. */
  readonly packages: readonly string[];
  /** First arguments with which it is no session: it sets something up, and ends. */
  readonly chores: readonly string[];
  /** Arguments of a process in the background that works for sessions which are processes of their own. */
  readonly helper?: RegExp;
}

/**
 * Of each, the names are those of the vendor's own packages and installers in November 2026; those of cursor-cli, cline, amp and
 * kiro-cli were not tried.
 */
const agents: readonly Known[] = [
  {
    agent: 'claude-code',
    programs: ['claude'],
    packages: ['@anthropic-ai/claude-code'],
    chores: [
      'agents',
      'attach',
      'auth',
      'bg-pty-host',
      'bg-spare',
      'config',
      'daemon',
      'doctor',
      'install',
      'logs',
      'mcp',
      'plugin',
      'plugins',
      'setup-token',
      'stop',
      'update',
    ],
  },
  {
    agent: 'codex',
    programs: ['codex'],
    packages: ['@openai/codex'],
    chores: ['completion', 'features', 'login', 'logout', 'mcp', 'plugin'],
    // An editor starts `codex app-server` alone, and that is a session; the terminal's sessions share one that listens.
    helper: /^app-server (daemon|.*--listen)/,
  },
  { agent: 'gemini-cli', programs: ['gemini'], packages: ['@google/gemini-cli'], chores: ['extensions', 'mcp', 'skills'] },
  {
    agent: 'opencode',
    programs: ['opencode'],
    packages: ['opencode-ai', 'opencode'],
    chores: ['auth', 'mcp', 'models', 'stats', 'upgrade'],
  },
  {
    agent: 'copilot-cli',
    programs: ['copilot'],
    isShared: true,
    packages: ['@github/copilot'],
    chores: ['help', 'login', 'mcp', 'plugin', 'update', 'version'],
  },
  { agent: 'qwen-code', programs: ['qwen'], packages: ['@qwen-code/qwen-code'], chores: ['extensions', 'mcp'] },
  { agent: 'cursor-cli', programs: ['cursor-agent'], packages: [], chores: ['login', 'logout', 'ls', 'mcp', 'models', 'status', 'update'] },
  { agent: 'cline', programs: ['cline'], packages: ['cline'], chores: ['auth', 'config', 'version'] },
  { agent: 'amp', programs: ['amp'], isShared: true, packages: ['@sourcegraph/amp'], chores: ['login', 'logout', 'mcp', 'update'] },
  { agent: 'kiro-cli', programs: ['kiro-cli', 'kiro-cli-chat'], packages: [], chores: ['login', 'logout', 'mcp', 'settings', 'update'] },
];

const runtimes = ['node', 'nodejs', 'bun', 'deno'];
/** Options of the runtimes that take the next word as their value. */
const valued = ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--preload'];
const printing = ['--version', '-v', '-V', '--help', '-h'];

/**
 * The agent that a process is, by how it was started; `undefined` for every other program. Names are compared whole: an editor that
 * has a file called `claude` open is none. `packageOf` finds the package of a program or script, symlinks resolved.
 */
export function agentOf(argv: readonly string[], packageOf: (file: string) => Package | undefined): AgentProgram | undefined {
  const found = recognise(argv, packageOf);
  return found === undefined ? undefined : session(found.known, found.args, found.version);
}

/** The same, whatever it does: also what sets an agent up, or works in the background for its sessions. */
export function agentProgram(argv: readonly string[], packageOf: (file: string) => Package | undefined): string | undefined {
  return recognise(argv, packageOf)?.known.agent;
}

interface Recognised {
  readonly known: Known;
  readonly args: readonly string[];
  readonly version: string | undefined;
}

function recognise([program = '', ...rest]: readonly string[], packageOf: (file: string) => Package | undefined): Recognised | undefined {
  const name = nameOf(program);
  const known = agents.find(({ programs }) => programs.includes(name));
  if (known !== undefined) {
    const version = versionIn(known, packageOf(program));
    return known.isShared && version === undefined ? undefined : { known, args: rest, version };
  }
  if (!runtimes.includes(name)) return undefined;
  const at = scriptAt(rest);
  const found = at === undefined ? undefined : packageOf(rest[at] ?? '');
  const of = agents.find(({ packages }) => found !== undefined && packages.includes(found.name));
  return of === undefined || at === undefined ? undefined : { known: of, args: rest.slice(at + 1), version: found?.version };
}

function session({ agent, chores, helper }: Known, args: readonly string[], version: string | undefined): AgentProgram | undefined {
  // Only the first word can be a command: a prompt may be any word.
  const first = args[0] ?? '';
  if (chores.includes(first) || printing.includes(first) || helper?.test(args.join(' ')) === true) return undefined;
  return { agent, args, ...(version === undefined ? {} : { version }) };
}

function versionIn({ packages }: Known, found: Package | undefined): string | undefined {
  const isIts = packages.some((name) => found?.name === name || found?.name.startsWith(`${name}-`));
  return isIts ? found?.version.replace(/-(linux|darwin|win32)-.*$/, '') : undefined;
}

/** Windows' programs have an ending; a process that gave itself a title may have put more behind its name. */
function nameOf(program: string): string {
  return basename(program).replace(/\.exe$/i, '');
}

/** `undefined` where the runtime is not given a script, but its text. */
function scriptAt(args: readonly string[]): number | undefined {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-')) return word === 'run' ? undefined : at;
    if (/^(-e|-p|-pe|--eval|--print)$/.test(word)) return undefined;
    if (valued.includes(word)) at += 1;
  }
  return undefined;
}
