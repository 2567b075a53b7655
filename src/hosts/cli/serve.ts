import { createInterface } from 'node:readline/promises';
import type { Client } from '../../channel/client.ts';
import type { ApprovalView, Push } from '../../channel/messages.ts';
import { partsOf, summary } from './approvals.ts';
import { type Command, type ExitCode, parse, type Terminal } from './command.ts';
import { refuseAgents, withGovernor } from './governor.ts';
import { age, visible } from './table.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run the governor in the foreground and answer approvals here',
  usage: 'countersign serve',
  run: async (args, terminal) => {
    parse(args, {});
    refuseAgents('"countersign serve"');
    const began = Date.now();
    return withGovernor((client) => sit(client, terminal, began), 'terminal');
  },
};

/** One more client: shows what waits, asks where there is a person, ends on Ctrl-C or when the governor ends. */
async function sit(client: Client, terminal: Terminal, began: number): Promise<ExitCode> {
  const interruption = interrupted();
  const asking = new Asking(client, terminal);
  const { status, approvals } = await client.subscribe((push) => asking.onPush(push));
  terminal.out(`Countersign ${status.version} governs this machine (process ${status.pid}, port ${status.port}). Ctrl-C ends this.`);
  for (const { message } of status.problems) terminal.err(`! ${message}`);
  asking.show(approvals);
  const ended = await Promise.race([client.closed, interruption]);
  asking.close();
  if (ended === 'interrupted') return leave(client, terminal, status.startedAt >= began);
  terminal.err('The governor ended. Calls are refused until it runs again: `countersign serve`.');
  return 1;
}

/** A governor that we started goes with us, unless sessions need it: without it, all their calls would be refused. */
async function leave(client: Client, terminal: Terminal, isOurs: boolean): Promise<ExitCode> {
  const { sessions } = await client.call('status', {});
  if (!isOurs) terminal.out('The governor was there before, and stays.');
  else if (sessions > 0)
    terminal.out(`The governor stays for ${sessions === 1 ? 'a session' : `${sessions} sessions`}, and ends when nobody needs it.`);
  else await client.call('shutdown', { reason: 'countersign serve was ended' });
  return 0;
}

function interrupted(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });
}

/** Asks about one approval at a time; what is answered elsewhere is taken back. */
class Asking {
  readonly #client: Client;
  readonly #terminal: Terminal;
  readonly #lines: ReturnType<typeof createInterface> | undefined;
  #open: readonly ApprovalView[] = [];
  #asked: { readonly id: string; readonly abort: AbortController } | undefined;
  readonly #announced = new Set<string>();

  constructor(client: Client, terminal: Terminal) {
    this.#client = client;
    this.#terminal = terminal;
    if (terminal.interactive) this.#lines = createInterface({ input: process.stdin, output: process.stdout });
    this.#lines?.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  }

  onPush(push: Push): void {
    if (push.push === 'approvals') this.show(push.approvals);
  }

  show(approvals: readonly ApprovalView[]): void {
    this.#open = approvals.filter(({ answer }) => !answer);
    for (const approval of this.#open) this.#announce(approval);
    const asked = this.#asked;
    if (asked && !this.#open.some(({ id }) => id === asked.id)) asked.abort.abort();
    if (!asked) this.#next();
  }

  close(): void {
    this.#asked?.abort.abort();
    this.#lines?.close();
  }

  #announce(approval: ApprovalView): void {
    if (this.#announced.has(approval.id)) return;
    this.#announced.add(approval.id);
    this.#terminal.out(describe(approval));
    if (!this.#lines) this.#terminal.out(`  answer with: countersign approvals approve ${approval.id}   (or deny)`);
  }

  #next(): void {
    const approval = this.#open[0];
    if (!this.#lines || !approval) return;
    const abort = new AbortController();
    this.#asked = { id: approval.id, abort };
    void this.#ask(this.#lines, approval, abort.signal).finally(() => {
      this.#asked = undefined;
      this.#open = this.#open.filter(({ id }) => id !== approval.id);
      this.#next();
    });
  }

  async #ask(lines: ReturnType<typeof createInterface>, approval: ApprovalView, signal: AbortSignal): Promise<void> {
    try {
      const text = (await lines.question(`  ${approval.id}: approve? [y]es, for this [s]ession, or [n]o: `, { signal }))
        .trim()
        .toLowerCase();
      const outcome = text.startsWith('y') || text.startsWith('s') ? 'approved' : 'denied';
      const reason =
        outcome === 'denied' || approval.terms.reason === 'required'
          ? await lines.question('  reason (reaches the agent): ', { signal })
          : '';
      await this.#client.call('answer', {
        id: approval.id,
        outcome,
        scope: text.startsWith('s') ? 'session' : 'once',
        reason,
        surface: 'terminal',
      });
    } catch (error) {
      const message = signal.aborted ? 'no longer open' : error instanceof Error ? error.message : String(error);
      this.#terminal.out(`\n  ${approval.id}: ${message}`);
    }
  }
}

function describe(approval: ApprovalView): string {
  const rule = approval.rules[0];
  return [
    `\n? ${approval.agent} wants to run ${approval.nativeTool} in ${visible(approval.cwd)}`,
    `  ${summary(approval)}`,
    ...partsOf(approval).map((part) => `  » ${part}`),
    ...(approval.requested === undefined ? [] : [`  asked ahead, in the agent's own words: “${visible(approval.requested)}”`]),
    `  ${rule ? `${rule.policy}/${rule.rule} (${rule.layer}): ` : ''}${visible(approval.reason)}   ${age(approval.deadline - Date.now())} left`,
  ].join('\n');
}
