import { type Command, type ExitCode, type Terminal, WrongUsage } from './command.ts';

/** Loaded one by one: `hook` and `check` must not pay for the others. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check.ts')).check,
  hook: async () => (await import('./hook.ts')).hook,
  serve: async () => (await import('./serve.ts')).serve,
  approvals: async () => (await import('./approvals.ts')).approvals,
  sessions: async () => (await import('./sessions.ts')).sessions,
  kill: async () => (await import('./sessions.ts')).kill,
  revive: async () => (await import('./sessions.ts')).revive,
  pause: async () => (await import('./sessions.ts')).pause,
  resume: async () => (await import('./sessions.ts')).resume,
  observe: async () => (await import('./observe.ts')).observe,
  budgets: async () => (await import('./budgets.ts')).budgets,
  budget: async () => (await import('./budgets.ts')).budget,
  spend: async () => (await import('./spend.ts')).spend,
  incidents: async () => (await import('./incidents.ts')).incidents,
  audit: async () => (await import('./audit.ts')).audit,
  policy: async () => (await import('./policy.ts')).policy,
  mcp: async () => (await import('./mcp.ts')).mcp,
  secret: async () => (await import('./secret.ts')).secret,
  install: async () => (await import('./install.ts')).install,
  uninstall: async () => (await import('./install.ts')).uninstall,
  doctor: async () => (await import('./doctor.ts')).doctor,
};
/** To a hook's caller only 2 is a refusal; for everybody else a failure is 1. */
const refusing = new Set(['hook', 'check']);

const [name = '--help', ...args] = process.argv.slice(2);
const failure: ExitCode = refusing.has(name) ? 2 : 1;
process.exitCode = failure;
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.stdout.on('error', fail);
refuseOldNode();

try {
  process.exitCode = await main();
} catch (error) {
  fail(error);
}

async function main(): Promise<ExitCode> {
  const terminal = openTerminal();
  if (name === '--version' || name === '-v') return version(terminal);
  const load = commands[name];
  if (!load) return help(terminal);
  const command = await load();
  // What stands behind `--` is another program's.
  if ([...args, '--'].slice(0, [...args, '--'].indexOf('--')).includes('--help')) {
    terminal.out(`${command.summary}\n\n${command.usage}`);
    return 0;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    terminal.err(`countersign ${name}: ${error.message}. Usage: ${command.usage.split('\n').join(' | ')}`);
    return 64;
  }
}

async function help(terminal: Terminal): Promise<ExitCode> {
  const lines = await Promise.all(Object.values(commands).map(async (load) => load()));
  const text = `countersign COMMAND …\n\n${lines.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`).join('\n')}\n\nEvery command has --help.`;
  if (name === '--help' || name === 'help') {
    terminal.out(text);
    return 0;
  }
  terminal.err(`countersign: there is no command "${name}".\n${text}`);
  return 64;
}

async function version(terminal: Terminal): Promise<ExitCode> {
  terminal.out((await import('./version.ts')).version);
  return 0;
}

function openTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    stdin: process.stdin,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    colours: process.stdout.isTTY && !process.env['NO_COLOR'],
  };
}

/** The hooks are installed with the Node that runs us, and the databases do not open on an older one. */
function refuseOldNode(): void {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= 22) return;
  fail(new Error(`Node ${node} is too old, 22 or later is needed. In a checkout: node_modules/.bin/node dist/cli.mjs ${name}`));
}

function fail(error: unknown): never {
  process.stderr.write(`countersign ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(failure);
}
