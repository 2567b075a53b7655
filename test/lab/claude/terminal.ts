import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../editor/until.ts';
import { claudeBinary, type PermissionMode, type Scratch } from './client.ts';

export interface TerminalOptions {
  readonly mode?: PermissionMode;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Given to the client as `--settings`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The real client in a terminal of its own, as a person uses it. */
export interface Terminal extends AsyncDisposable {
  /** The process of the client. */
  readonly pid: number;
  readonly screen: () => string;
  /** Resolves with the screen once `text` stands on it; fails with what stands there instead. */
  readonly shows: (text: string | RegExp, ms?: number) => Promise<string>;
  /** Types a line and sends it. */
  readonly submit: (line: string) => Promise<void>;
  /** Types a command in the shell mode, and runs it. */
  readonly run: (command: string) => Promise<void>;
  /** Sends a line that the client has put back into its input box. */
  readonly resubmit: (line: string) => Promise<void>;
  /** A key by tmux's name for it: `Escape`, `Enter`, `Up`, `C-c`. */
  readonly press: (key: string) => void;
  /** Presses the key until the dialog with this text is gone. */
  readonly dismiss: (dialog: string, key: string) => Promise<void>;
  /** Resolves with the exit code once the client has ended: 128 + the signal's number when a signal ended it. */
  readonly ended: (ms?: number) => Promise<number>;
  /** Ends the client, whatever it does, and resolves when it is gone. */
  readonly close: () => Promise<void>;
}

/** Resolves when the client waits at its prompt. */
export async function openTerminal(scratch: Scratch, options: TerminalOptions = {}): Promise<Terminal> {
  const tmux = startTmux(scratch, options);
  const screen = () => tmux('capture-pane', '-p').trimEnd();
  const pane = (format: string) => tmux('display-message', '-p', format).trim();
  const press = (key: string) => void tmux('send-keys', key);

  const isRunning = () => pane('#{pane_dead}') !== '1';
  const pid = Number(pane('#{pane_pid}'));

  async function becomes(what: string, holds: (screen: string) => boolean, ms: number): Promise<string> {
    try {
      return await until(
        what,
        async () => {
          const now = screen();
          return holds(now) && now;
        },
        ms,
      );
    } catch (cause) {
      throw new Error(`The terminal never came to "${what}". It shows:\n${screen()}`, { cause });
    }
  }
  const shows = (text: string | RegExp, ms = 60_000) =>
    becomes(`shows ${String(text)}`, (now) => (typeof text === 'string' ? now.includes(text) : text.test(now)), ms);

  async function submit(line: string): Promise<void> {
    tmux('send-keys', '-l', line);
    await resubmit(line);
  }
  async function resubmit(line: string): Promise<void> {
    await becomes(`has "${line}" in its input box`, (now) => inputLine(now) === line, 60_000);
    await pressUntil(`has "${line}" sent`, 'Enter', (now) => inputLine(now) !== line);
  }
  async function run(command: string): Promise<void> {
    tmux('send-keys', '-l', command);
    await shows(command);
    await pressUntil('has left the shell mode', 'Enter', (now) => inputLine(now) === '');
  }
  async function dismiss(dialog: string, key: string): Promise<void> {
    await shows(dialog);
    await pressUntil(`has no "${dialog}" any more`, key, (now) => !now.includes(dialog));
  }
  /** Again and again: the client ignores keys in the first moments of a dialog or of a restored line. */
  async function pressUntil(what: string, key: string, holds: (screen: string) => boolean): Promise<void> {
    const done = (now: string) => {
      if (holds(now)) return true;
      press(key);
      return false;
    };
    await becomes(what, done, 60_000);
  }
  async function ended(ms = 60_000): Promise<number> {
    await until('the client to end', async () => !isRunning(), ms);
    const { signal, status } = await until('how the client ended', async () => {
      const [signalled = '', exited = ''] = pane('#{pane_dead_signal},#{pane_dead_status}').split(',');
      if (signalled + exited !== '') return { signal: Number(signalled), status: Number(exited) };
      // tmux sometimes misses that a child of its has ended, until the next one does.
      tmux('run-shell', 'true');
      return undefined;
    });
    return signal > 0 ? 128 + signal : status;
  }
  let open = true;
  async function close(): Promise<void> {
    if (!open) return;
    open = false;
    // A client that outlived its terminal would still write into a scratch home that is being removed.
    if (isRunning()) process.kill(pid, 'SIGKILL');
    await until('the client to be gone', async () => !isRunning());
    tmux('kill-server');
  }

  const terminal: Terminal = {
    pid,
    screen,
    shows,
    submit,
    run,
    resubmit,
    press,
    dismiss,
    ended,
    close,
    [Symbol.asyncDispose]: close,
  };
  try {
    await becomes('waits at its prompt', (now) => inputLine(now) === '', 60_000);
  } catch (error) {
    await close();
    throw error;
  }
  return terminal;
}

type Tmux = (...args: string[]) => string;

/** A tmux server that nobody else can meet: its socket is in the scratch directory, and it reads no configuration. */
function startTmux(scratch: Scratch, options: TerminalOptions): Tmux {
  const socket = join(scratch.dir, `tmux-${process.hrtime.bigint()}`);
  const env = { ...scratch.env, ...options.env };
  const tmux: Tmux = (...args) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
  // The pane outlives the client, so that its last screen and its exit code can still be read.
  tmux(
    'new-session',
    '-d',
    '-x',
    '160',
    '-y',
    '50',
    '-c',
    options.cwd ?? scratch.project,
    '--',
    claudeBinary,
    ...clientArguments(options),
    ';',
    'set',
    '-g',
    'remain-on-exit',
    'on',
  );
  return tmux;
}

function clientArguments(options: TerminalOptions): string[] {
  return [
    '--permission-mode',
    options.mode ?? 'default',
    ...(options.settings ? ['--settings', JSON.stringify(options.settings)] : []),
    ...(options.args ?? []),
  ];
}

/** What stands behind the last `❯`: the input box, or the chosen line of a dialog. */
function inputLine(screen: string): string | undefined {
  return screen
    .split('\n')
    .findLast((line) => line.startsWith('❯'))
    ?.slice(1)
    .trim();
}
