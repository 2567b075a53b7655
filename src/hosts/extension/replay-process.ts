import { spawn } from 'node:child_process';
import type { ReplaySummary } from '../../engine/policy/replay/summary.ts';
import type { RuleEffect } from '../../engine/policy/replay/rule-totals.ts';
import * as z from 'zod/mini';
import { replaySummary } from '../../webview/replay/messages.ts';

export interface Draft {
  readonly path: string;
  readonly text: string;
}

export interface ReplayWish {
  /** As the command line's `--since`; left out: everything. */
  readonly since?: string;
  readonly signal?: AbortSignal;
  /** In percent. */
  readonly progress?: (done: number) => void;
}

/** Looks through past calls in a process of its own, which is ended when nobody wants to know any more. */
export class ReplayProcess {
  readonly #program: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  /** `program`: the bundled command line. */
  constructor(program: string, environment: Readonly<Record<string, string | undefined>>) {
    this.#program = program;
    this.#environment = environment;
  }

  /** What the policies in force would have decided, with drafts in the place of files. Rejects with what is wrong, or when it is aborted. */
  async policies(drafts: readonly Draft[], wish: ReplayWish): Promise<ReplaySummary> {
    return replaySummary.parse(JSON.parse(await this.#run({ drafts }, wish)));
  }

  /** What each of these policy documents would have done by itself. */
  async rules(documents: readonly string[], wish: ReplayWish): Promise<readonly RuleEffect[]> {
    return ruleEffects.parse(JSON.parse(await this.#run({ rules: documents }, wish)));
  }

  #run(given: object, { since, signal, progress }: ReplayWish): Promise<string> {
    const args = ['policy', 'replay', '--stdin', '--json', '--progress', ...(since === undefined ? [] : ['--since', since])];
    const env = { ...this.#environment, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' };
    const child = spawn(process.execPath, [this.#program, ...args], { env, ...(signal && { signal }) });
    // One that ends without reading says why by how it ends.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(given));
    let printed = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (printed += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      const percent = /(\d+)% of \d+\s*$/.exec(part)?.[1];
      if (percent === undefined) said += part;
      else progress?.(Number(percent));
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => (code === 0 ? resolve(printed) : reject(new Error(reasonIn(said, code)))));
    });
  }
}

const ruleEffects: z.ZodMiniType<readonly RuleEffect[]> = z.array(
  z.object({ calls: z.number(), matches: z.number(), changes: z.number() }),
);

/** The command line says which command failed; the person knows. */
function reasonIn(said: string, code: number | null): string {
  const line = said.split('\n').findLast((text) => text.trim() !== '' && !/^\d+% of \d+$/.test(text));
  return line === undefined ? `it ended with ${code ?? 'a signal'}` : line.replace(/^countersign policy: /, '');
}
