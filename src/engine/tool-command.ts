import type { JsonObject, JsonValue } from './json.ts';
import type { ToolCall } from './tool-call.ts';

/** The text that a tool of a server would run, and in which language. */
export interface ToolCommand {
  readonly text: string;
  readonly shell: 'bash' | 'powershell';
}

/**
 * What a tool behind an MCP server runs, where its name says that it runs something: `run_command`, `shell_exec`, `execute_code`. Where the
 * server speaks for one program (`kubectl_generic`), its name is put in front; code is given to its interpreter. The text is made up
 * for judging only, so a rule that allows never takes it for certain.
 */
export function commandOfTool({ tool, mcpServer, arguments: input }: ToolCall): ToolCommand | undefined {
  if (mcpServer === undefined) return undefined;
  const names = wordsOf(tool);
  const about = [...names, ...wordsOf(mcpServer)];
  if (!about.some((word) => running.has(word) || programs.has(word))) return undefined;
  const command = textOf(input, commandNames);
  if (command !== undefined) return { text: withArguments(programFor(about, command), input), shell: shellFor(about) };
  const code = textOf(input, codeNames) ?? typed(input);
  return code === undefined ? undefined : codeFor(about, input, code);
}

const commandNames = ['command', 'cmd', 'command_line', 'commandLine', 'cli_command', 'shell_command', 'shellCommand', 'commands'];
const codeNames = ['script', 'code', 'source', 'javascript', 'python'];

const running = new Set(
  (
    'shell bash sh zsh cmd powershell pwsh terminal console command commands exec execute run process spawn ssh script code eval repl python ' +
    'ipython jupyter notebook node nodejs js javascript applescript osascript interpreter sandbox'
  ).split(' '),
);

/** Programs that a server may speak for, by the words in its name. */
const programs: ReadonlyMap<string, string> = new Map(
  'terraform tofu terragrunt pulumi kubectl helm docker podman aws gcloud az git gh redis=redis-cli ansible heroku flyctl'
    .split(' ')
    .map((entry) => entry.split('='))
    .map(([word = '', program = word]) => [word, program]),
);

/** Interpreters of code, by the words in a tool's name or the language that it is told. */
const interpreters: ReadonlyMap<string, string> = new Map(
  'python=python3 -c|python3=python3 -c|py=python3 -c|ipython=python3 -c|jupyter=python3 -c|notebook=python3 -c|node=node -e|nodejs=node -e|js=node -e|javascript=node -e|typescript=node -e|ruby=ruby -e|perl=perl -e|php=php -r|applescript=osascript -e|osascript=osascript -e'
    .split('|')
    .map((entry) => entry.split('='))
    .map(([word = '', interpreter = '']) => [word, interpreter]),
);

const shells = new Set('shell bash sh zsh terminal console command commands cmd ssh process powershell pwsh'.split(' '));

const within = new Set('exec shell ssh pod container terminal'.split(' '));

function shellFor(about: readonly string[]): ToolCommand['shell'] {
  return about.includes('powershell') || about.includes('pwsh') ? 'powershell' : 'bash';
}

/** `destroy` for Terraform's server is `terraform destroy`; what it runs inside of a container is a command by itself. */
function programFor(about: readonly string[], command: string): string {
  if (about.some((word) => within.has(word))) return command;
  const program = about.map((word) => programs.get(word)).find((found) => found !== undefined);
  return program === undefined || command.trim().split(/\s+/)[0] === program ? command : `${program} ${command}`;
}

/** Arguments that stand beside the command. */
function withArguments(command: string, input: JsonObject): string {
  const { args } = input;
  const list = Array.isArray(args) && args.every((item) => typeof item === 'string') ? args.map(quoted) : [];
  return [command, ...list].join(' ');
}

function codeFor(about: readonly string[], input: JsonObject, code: string): ToolCommand | undefined {
  const { language } = input;
  const told = typeof language === 'string' ? [language.toLowerCase()] : [];
  const words = [...told, ...about];
  const interpreter = words.map((word) => interpreters.get(word)).find((found) => found !== undefined);
  if (interpreter !== undefined) return { text: `${interpreter} ${quoted(lines(code, interpreter))}`, shell: 'bash' };
  if (words.some((word) => shells.has(word))) return { text: code, shell: shellFor(words) };
  // A tool that runs code and does not say of which language most likely runs Python.
  return about.includes('code') ? { text: `python3 -c ${quoted(code)}`, shell: 'bash' } : undefined;
}

/** What is typed into a running program, where it looks like a command: it may be a shell. */
function typed({ input }: JsonObject): string | undefined {
  return typeof input === 'string' && /^\s*[\w./~-]+(\s|$)/.test(input) ? input : undefined;
}

/** In a notebook, a line that begins with `!` is for the shell. */
function lines(code: string, interpreter: string): string {
  if (!interpreter.startsWith('python') || !/^\s*[!%]/m.test(code)) return code;
  return code.replaceAll(/^\s*(?:!|%sx |%system )(.*)$/gm, (_, line: string) => `__import__('os').system(${JSON.stringify(line)})`);
}

function textOf(input: JsonObject, names: readonly string[]): string | undefined {
  return names.map((name) => plainText(input[name])).find((text) => text !== undefined && text !== '');
}

/** A text; a list of words as one line; a list of lines. */
function plainText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return undefined;
  return /\s/.test(value[0] ?? '') ? value.join('\n') : value.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `runCommand`, `run_command` and `run-command` as words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
}
