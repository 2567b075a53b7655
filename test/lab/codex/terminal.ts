import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../editor/until.ts';
import type { GovernedCodex } from './governed.ts';

/** The real Codex in a terminal of its own, as a person uses it: its sessions run in one server that all terminals share. */
export interface CodexTerminal extends Disposable {
  readonly screen: () => string;
  /** Resolves once this stands on the screen; fails with what stands there instead. */
  readonly shows: (text: string) => Promise<void>;
  /** Types a prompt and sends it, until `arrived` says that it was. */
  readonly submit: (prompt: string, arrived: () => boolean) => Promise<void>;
}

const patientMs = 90_000;

/** Resolves when it waits for a prompt. */
export async function openCodexTerminal({ home, scratch }: GovernedCodex, binary: string): Promise<CodexTerminal> {
  // A tmux that nobody else can meet, and that reads no configuration.
  const socket = join(home, `tmux-${process.hrtime.bigint()}`);
  const env = { ...scratch.env, TERM: 'xterm-256color' };
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env });
  tmux('new-session', '-d', '-x', '160', '-y', '50', '-c', scratch.project, '--', binary, ';', 'set', '-g', 'remain-on-exit', 'on');
  const screen = () => tmux('capture-pane', '-p').trimEnd();

  async function becomes(what: string, holds: () => boolean): Promise<void> {
    try {
      await until(what, async () => holds(), patientMs);
    } catch (cause) {
      throw new Error(`The terminal never came to "${what}". It shows:\n${screen()}`, { cause });
    }
  }
  const shows = (text: string) => becomes(`shows ${text}`, () => screen().includes(text));
  await shows('Ask Codex to do anything');
  return {
    screen,
    shows,
    submit: async (prompt, arrived) => {
      tmux('send-keys', '-l', prompt);
      await becomes(`has "${prompt}" in its input box`, () => screen().includes(`› ${prompt}`));
      // Again and again: a key that comes right behind a text is taken for a part of it.
      await becomes(`has "${prompt}" sent`, () => {
        if (arrived()) return true;
        tmux('send-keys', 'Enter');
        return false;
      });
    },
    [Symbol.dispose]: () => void tmux('kill-server'),
  };
}
